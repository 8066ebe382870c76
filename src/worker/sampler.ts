// The sampler is a worker that has models write samples.
import type { Port } from '../protocol/port.ts';
import type { SamplerService } from '../protocol/sampler.ts';
import { demand } from '../store/capabilities.ts';
import { writeSample } from '../tasks/languageModel/sample.ts';
import { startEngine } from './engines.ts';
import { openNetwork } from './openNetwork.ts';
import type { Platform } from './platform.ts';
import { serve } from './workerChannel.ts';

export function serveSampler(port: Port, platform: Platform): void {
  serve<SamplerService>(port, platform.breathe, {
    name: 'The sample',
    answer: async ({ model, temperature, seed }) => {
      const { engine } = await startEngine(platform, { kind: 'auto', threads: 1 });
      const { manifest, tokenizer, predictor } = openNetwork(engine, platform.files, model);
      demand(manifest, 'sample');
      const { step, direction } = manifest;
      return writeSample(predictor, tokenizer, direction, { step, temperature, seed });
    },
  });
}
