// npm run bench -- models [--models N] [--bound MEGABYTES] [--seed S] [--json FILE]
//
// Opens models one after the other, each with a network of two layers of 128 and a text of 4,000 to 1,000,000
// characters, in a prediction worker that is a process of its own, asks each for a few suggestions, and measures the
// most memory that the process ever had. Every tenth model is opened again in a later revision.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtinCells } from '../../src/cells/index.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { PredictorClient } from '../../src/editor/workers/predictorClient.ts';
import { predictorOptions, startProcess } from '../../src/platform/node/startWorker.ts';
import { random } from '../../src/tape/random.ts';
import { writeRandomModel } from '../worker/randomModel.ts';
import { script } from '../worker/trained.ts';
import { machine } from './machine.ts';
import { atMost, endWith, printRow } from './rows.ts';
import { median } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    models: { type: 'string', default: '500' },
    bound: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const [models, bound, seed] = [Number(options.models), Number(options.bound), Number(options.seed)];
const shortest = 4_000;
const longest = 1_000_000;

const next = random(seed);
const below = (count: number) => Math.floor(next() * count);
const words = Array.from({ length: 3000 }, () =>
  Array.from({ length: 2 + below(8) }, () => String.fromCharCode(97 + Math.floor(26 * next() ** 1.5))).join(
    '',
  ),
);
const word = () => words[Math.floor(next() ** 3 * words.length)];
const line = () => `${Array.from({ length: 3 + below(8) }, word).join(' ')};\n`;

/** Returns a text of lines, about as long as asked for. */
function write(length: number): string {
  const lines: string[] = [];
  for (let left = length; left > 0; left -= lines.at(-1)!.length) lines.push(line());
  return lines.join('');
}

const children = () =>
  readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );

/** Returns the memory of a process in megabytes: what it has, and the most that it ever had. */
function memoryOf(process: string): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${process}/status`, 'utf8');
  const megabytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)![1]) / 1024;
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
}

const directory = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
const text = write(longest);
const vocabulary = Vocabulary.of(text);
const tokenizer = new Tokenizer('characters', vocabulary, []);
const cells = { LSTM: builtinCells.get('LSTM')!, GRU: builtinCells.get('GRU')! };
const writeModel = (model: string, from: number, to: number, seed: number) =>
  writeRandomModel(model, { tokenizer, cells, hidden: 128, text: text.slice(from, to), seed });

const before = new Set(children());
const client = new PredictorClient(() => startProcess(script('predictor'), predictorOptions), {
  suggested() {},
});
const first: number[] = [];
const later: number[] = [];
const ask = async (model: string, revision: string) => {
  const answer = await client.suggest(
    {
      ...{ model, revision, document: 'bench', offset: 0, before: write(300), after: '' },
      ...{ typed: 20, confidence: 0.3, reading: 0.25, maxLength: 30, count: 1 },
    },
    new AbortController().signal,
  );
  if (answer === null) throw new Error('The request was not answered.');
};
try {
  let child = '';
  for (let n = 0; n < models; n++) {
    const model = join(directory, `${n}`);
    const length = Math.round(shortest * (longest / shortest) ** next());
    const from = below(longest - length);
    writeModel(model, from, from + length, 1);
    const began = performance.now();
    await ask(model, '1');
    first.push(performance.now() - began);
    if (n === 0) child = children().find((each) => !before.has(each))!;
    const opened = performance.now();
    await ask(model, '1');
    later.push(performance.now() - opened);
    if (n % 10 === 0) {
      writeModel(model, from, from + length, 2);
      await ask(model, '2');
    }
    rmSync(model, { recursive: true });
    if (n % 50 === 0) {
      const { now, most } = memoryOf(child);
      process.stdout.write(`model ${n}: ${now.toFixed(0)} MB, at most ${most.toFixed(0)} MB\n`);
    }
  }
  const { now, most } = memoryOf(child);
  process.stdout.write(
    `in the end ${now.toFixed(0)} MB; the first suggestion of a model took ${median(first).toFixed(0)} ms, the second ${median(later).toFixed(0)} ms (medians; load ${loadavg()[0].toFixed(1)})\n`,
  );
  const row = atMost(
    `${models} models opened one after the other: peak memory of the predictor, MB`,
    most,
    bound,
  );
  printRow(row);
  endWith([row], options.json, { machine: machine(), rows: [row], results: [] });
} finally {
  client.dispose();
  rmSync(directory, { recursive: true });
}
