// The sampler is a worker that has models write samples.
import type { Port } from '../protocol/port.ts';
import { Problem } from '../protocol/problem.ts';
import type { SamplerService } from '../protocol/sampler.ts';
import { demand } from '../store/capabilities.ts';
import { readEncoderDecoder, readManifest, readText } from '../store/modelFolder.ts';
import { sampleTable } from '../tasks/encoderDecoder/sample.ts';
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
      const { files } = platform;
      if (readManifest(files, model).pairs) {
        const stored = readEncoderDecoder(files, model);
        const { step, text } = stored.manifest;
        if (text === null)
          throw new Problem(
            'Nothing is kept of the table of this model: say what it is to write for, as in `unroll sample MODEL --prompt TEXT`.',
          );
        const table = readText(files, model, stored.manifest);
        return sampleTable(engine, stored, table, { step, temperature, seed });
      }
      const { manifest, tokenizer, predictor } = openNetwork(engine, files, model);
      demand(manifest, 'sample');
      const { step, direction } = manifest;
      return writeSample(predictor, tokenizer, direction, { step, temperature, seed });
    },
  });
}
