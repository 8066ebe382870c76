// The sampler is a worker that has one model write a sample, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { nodeFiles } from '../platform/node/files.ts';
import type { SampleRequest, SamplerToHost } from '../protocol/sampler.ts';
import { demand } from '../store/capabilities.ts';
import { writeSample } from '../tasks/languageModel/sample.ts';
import { startEngine } from './engines.ts';
import { openNetwork } from './openNetwork.ts';
import { sayError } from './sayError.ts';

async function write({ model, temperature, seed }: SampleRequest): Promise<SamplerToHost> {
  try {
    const { engine } = await startEngine(__dirname, { kind: 'auto', threads: 1 });
    const { manifest, tokenizer, predictor } = openNetwork(engine, nodeFiles, model);
    demand(manifest, 'sample');
    const { step, direction } = manifest;
    return {
      type: 'written',
      sample: writeSample(predictor, tokenizer, direction, { step, temperature, seed }),
    };
  } catch (error) {
    return { type: 'failed', message: sayError('The sample', error) };
  }
}

void write(workerData as SampleRequest).then((message) => parentPort!.postMessage(message));
