// The extension host's side of the sampler. It does not import VS Code, so that it can be tested without it.
import { hasType, messageTypes } from '../../protocol/message.ts';
import type { SamplePoint } from '../../protocol/run.ts';
import type { SampleRequest, SamplerToHost } from '../../protocol/sampler.ts';
import { onlyMessage } from './onlyMessage.ts';

const types = messageTypes<SamplerToHost>()('written', 'failed');

/** Samples a text from a model in a worker of its own. @throws Error with a sentence for the user. */
export async function writeSample(script: string, request: SampleRequest): Promise<SamplePoint> {
  const message = (await onlyMessage({ script, request, name: 'sampler' }, (said) =>
    hasType<SamplerToHost>(said, types) ? said : null,
  ))!;
  if (message.type === 'failed') throw new Error(message.message);
  return message.sample;
}
