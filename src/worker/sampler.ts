// The sampler: a worker that has one model write something, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { nodeFiles } from '../platform/node/files.ts';
import { Problem } from '../protocol/problem.ts';
import type { SampleRequest, SamplerToHost } from '../protocol/sampler.ts';
import { readModel } from '../store/modelFolder.ts';
import { readTokenizer } from '../store/tokens.ts';
import { architecture } from '../training/plan.ts';
import { startEngine } from './engines.ts';
import { writeSample } from './sample.ts';

async function write({ model, temperature, seed }: SampleRequest): Promise<SamplerToHost> {
  try {
    const { manifest, weights } = readModel(nodeFiles, model);
    const tokenizer = readTokenizer(manifest);
    const built = architecture(tokenizer.size, manifest.architecture, manifest.cells);
    const { engine } = await startEngine(__dirname, { kind: 'auto', threads: 1 });
    const predictor = engine.predict(built, weights);
    const { step, direction } = manifest;
    return {
      type: 'written',
      sample: writeSample(predictor, tokenizer, direction, { step, temperature, seed }),
    };
  } catch (error) {
    if (error instanceof Problem) return { type: 'failed', message: error.message };
    return {
      type: 'failed',
      message: `The sample failed because of a mistake in Unroll: ${(error as Error).message}`,
    };
  }
}

void write(workerData as SampleRequest).then((message) => parentPort!.postMessage(message));
