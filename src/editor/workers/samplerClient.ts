// The host's end of the sampler. Knows nothing of VS Code, so that it is tested without it.
import { hasType, messageTypes } from '../../protocol/message.ts';
import type { SamplePoint } from '../../protocol/run.ts';
import type { SampleRequest, SamplerToHost } from '../../protocol/sampler.ts';
import { onlyMessage } from './onlyMessage.ts';

const types = messageTypes<SamplerToHost>()('written', 'failed');

/** Something that a model writes, in a worker of its own. @throws Error with a sentence for the user. */
export async function writeSample(script: string, request: SampleRequest): Promise<SamplePoint> {
  const message = (await onlyMessage({ script, request, name: 'sampler' }, (said) =>
    hasType<SamplerToHost>(said, types) ? said : null,
  ))!;
  if (message.type === 'failed') throw new Error(message.message);
  return message.sample;
}
