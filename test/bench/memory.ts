// `node test/bench/memory.ts`, after a build, measures the peak memory of a training of the bundled worker,
// from its start to the model on disk, in a process that does nothing else: LSTM 2×128, batch 50, unroll 50,
// 2 threads. It prints the megabytes of the process when it is empty, and at its peak.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const megabytes = () => process.resourceUsage().maxRSS / 1024;
const empty = megabytes();
const { startTrainer } = await import('../../src/editor/workers/trainerClient.ts');
const { start } = await import('../worker/trained.ts');

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'node_modules/chart.js/dist/chart.js'), 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
const trainer = startTrainer(
  start('trainer'),
  {
    type: 'train',
    request: {
      documents: [text],
      source: 'bench',
      title: 'bench',
      uri: null,
      pattern: null,
      remarks: [],
      languageId: 'javascript',
      directory,
      settings: {
        'model.layers': 'LSTM 128, LSTM 128',
        'train.batch': 50,
        'train.k1': 50,
        'train.k2': 50,
        'train.seconds': 8,
        'engine.threads': 2,
      },
      definition: null,
      cell: null,
    },
  },
  (message) => {
    if (message.type === 'failed') throw new Error(message.message);
    if (message.type === 'done') trainer.close();
  },
);
await trainer.ended;
rmSync(directory, { recursive: true });
process.stdout.write(`${JSON.stringify({ empty, peak: megabytes() })}\n`);
