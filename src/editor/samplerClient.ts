// The host's end of the sampler. Knows nothing of VS Code, so that it is tested without it.
import { Worker } from 'node:worker_threads';
import type { SamplePoint } from '../protocol/run.ts';
import type { SampleRequest, SamplerToHost } from '../protocol/sampler.ts';

/** Something that a model writes, in a worker of its own. @throws Error with a sentence for the user. */
export function writeSample(script: string, request: SampleRequest): Promise<SamplePoint> {
  const worker = new Worker(script, { workerData: request });
  return new Promise((resolve, reject) => {
    worker.on('message', (message: SamplerToHost) => {
      if (message.type === 'written') resolve(message.sample);
      else reject(new Error(message.message));
    });
    worker.on('error', ({ message }: Error) => reject(new Error(`The sampler failed: ${message}.`)));
    worker.on('exit', () => reject(new Error('The sampler ended unexpectedly. Try again.')));
  });
}
