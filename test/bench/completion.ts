// `node test/bench/completion.ts`, after a build, measures what a keystroke and a suggestion cost in texts of
// 1 KB to 5 MB, with the cursor at the beginning, in the middle and at the end, beside a training that uses
// every core.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PredictorClient } from '../../src/editor/workers/predictorClient.ts';
import { startTrainer } from '../../src/editor/workers/trainerClient.ts';
import { contextStart } from '../../src/protocol/predictor.ts';
import type { TrainRequest } from '../../src/protocol/trainer.ts';
import { random } from '../../src/tape/random.ts';
import { start } from '../worker/trained.ts';
import { quantile } from './statistics.ts';

const next = random(1);
const words = 'connection session user password accepted closed opened from port for the by admin root'.split(
  ' ',
);
const say = () => `${words[Math.floor(next() ** 2 * words.length)]}${next() < 0.15 ? '\n' : ' '}`;
const text = Array.from({ length: 800_000 }, say).join('').slice(0, 5_000_000);

const directory = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
const request = (seconds: number, folder: string): TrainRequest => ({
  documents: [text.slice(0, 400_000)],
  source: 'bench',
  title: 'bench',
  uri: null,
  pattern: null,
  remarks: [],
  languageId: 'log',
  directory: join(directory, folder),
  settings: { 'train.seconds': seconds },
  definition: null,
  cell: null,
});
const train = (seconds: number, folder: string) =>
  ({ type: 'train', request: request(seconds, folder) }) as const;
const first = startTrainer(start('trainer'), train(10, 'model'), ({ type }) => {
  if (type === 'done') first.close();
});
await first.ended;
const busy = startTrainer(start('trainer'), train(600, 'busy'), () => {});
const client = new PredictorClient(start('predictor'), { suggested() {} });

const milliseconds = (times: readonly number[], share: number) =>
  quantile(times, share).toFixed(2).padStart(7);

const print = (line: string) => process.stdout.write(`${line}\n`);

print('text        cursor    suggestion p50      p95   keystroke p50      p95   (ms)');
for (const size of [1_000, 100_000, 5_000_000])
  for (const [where, share] of [
    ['start', 0.02],
    ['middle', 0.5],
    ['end', 1],
  ] as const) {
    const document = text.slice(0, size);
    const cursor = Math.floor(share * size);
    let typed = '';
    const suggestions: number[] = [];
    const keystrokes: number[] = [];
    for (let key = 0; key < 300; key++) {
      const pressed = performance.now();
      typed += document[(cursor + 7 * key) % size];
      const offset = contextStart(cursor + typed.length);
      const request = {
        model: join(directory, 'model'),
        revision: 'bench',
        document: `${size} ${where}`,
        offset,
        before: document.slice(offset, cursor) + typed.slice(Math.max(0, offset - cursor)),
        after: '',
        typed: 1,
        confidence: 0.52,
        reading: 0.25,
        maxLength: 100,
        count: 1,
      };
      const answer = client.suggest(request, new AbortController().signal);
      keystrokes.push(performance.now() - pressed);
      await answer;
      if (key > 0) suggestions.push(performance.now() - pressed);
    }
    const [a, b] = [0.5, 0.95].map((of) => milliseconds(suggestions, of));
    const [c, d] = [0.5, 0.95].map((of) => milliseconds(keystrokes, of));
    print(`${String(size).padEnd(12)}${where.padEnd(8)}${a.padStart(16)}  ${b}${c.padStart(16)}  ${d}`);
  }
client.dispose();
await busy.kill();
rmSync(directory, { recursive: true, force: true });
