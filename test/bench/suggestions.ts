// npm run bench -- suggestions [--units N,…] [--keys N] [--pause MS] [--seed S] [--training] [--json FILE]
//
// Types into a text that a model with two layers of LSTM completes, whose weights are random: the time of a suggestion does
// not depend on what they are. Measures how long a suggestion takes, from request to answer, while one types at the end of
// the text, at a place where the cursor has just come to, and after a suggestion of thirty characters was accepted. With
// --training, beside a training that uses every core. Fails where 95 % of the suggestions while typing are not there
// within 40 ms.
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { builtinCells } from '../../src/cells/index.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { PredictorClient } from '../../src/editor/workers/predictorClient.ts';
import { startTrainer } from '../../src/editor/workers/trainerClient.ts';
import { predictorOptions, startProcess } from '../../src/platform/node/startWorker.ts';
import { contextStart } from '../../src/protocol/predictor.ts';
import { random } from '../../src/tape/random.ts';
import { writeRandomModel } from '../worker/randomModel.ts';
import { script, start, trainRequest } from '../worker/trained.ts';
import { machine } from './machine.ts';
import { atMost, endWith, printRow, type Row } from './rows.ts';
import { quantile } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    units: { type: 'string', default: '128,512,1024' },
    keys: { type: 'string', default: '300' },
    pause: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    training: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const [keys, pause, seed] = [Number(options.keys), Number(options.pause), Number(options.seed)];
const bound = 40;
const textLength = 200_000;
/** The number of places to which the cursor comes, and of suggestions that are accepted. */
const places = 30;
const acceptedLength = 30;

const next = random(seed);
const words = 'connection session user password accepted closed opened from port for the by admin root'.split(
  ' ',
);
const word = () => `${words[Math.floor(next() ** 2 * words.length)]}${next() < 0.15 ? '\n' : ' '}`;
const text = Array.from({ length: textLength / 4 }, word)
  .join('')
  .slice(0, textLength);
const tokenizer = new Tokenizer('characters', Vocabulary.of(text), []);
const lstm = builtinCells.get('LSTM')!;
const cells = { LSTM: lstm, Above: lstm.replace(/^cell LSTM/m, 'cell Above') };

const directory = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
const busy = options.training
  ? startTrainer(
      start('trainer'),
      { type: 'train', request: trainRequest(text, join(directory, 'busy'), { 'train.seconds': 3600 }) },
      () => {},
    )
  : null;

async function measure(units: number): Promise<Row> {
  const model = join(directory, `${units}`);
  writeRandomModel(model, { tokenizer, cells, hidden: units, text, seed });
  const client = new PredictorClient(() => startProcess(script('predictor'), predictorOptions), {
    suggested() {},
  });
  const ask = async (document: string, before: string, typed: number) => {
    const offset = contextStart(before.length);
    const asked = performance.now();
    const answer = await client.suggest(
      {
        ...{ model, revision: '1', document, offset, before: before.slice(offset), after: '', typed },
        ...{ confidence: 0.52, reading: 0.25, maxLength: 100, count: 1 },
      },
      new AbortController().signal,
    );
    if (answer === null) throw new Error('The request was not answered.');
    const took = performance.now() - asked;
    await setTimeout(pause);
    return took;
  };
  try {
    const opened = await ask('end', text, 0);
    let written = text;
    const typed: number[] = [];
    for (let key = 0; key < keys; key++) {
      written += text[1000 + key];
      typed.push(await ask('end', written, 1));
    }
    const accepted: number[] = [];
    for (let time = 0; time < places; time++) {
      written += text.slice(5000 + acceptedLength * time, 5000 + acceptedLength * (time + 1));
      accepted.push(await ask('end', written, acceptedLength));
    }
    const moved: number[] = [];
    for (let place = 0; place < places; place++)
      moved.push(await ask('moved', text.slice(0, 2000 + Math.floor(next() * (text.length - 2000))), 0));
    const say = (what: string, times: readonly number[]) =>
      `${what} ${quantile(times, 0.5).toFixed(1)} and ${quantile(times, 0.95).toFixed(1)} ms`;
    process.stdout.write(
      `2×${units}: median and 95th percentile: ${say('typing', typed)}, ${say('a new place', moved)}, ${say('after an accepted suggestion', accepted)}; the first, with opening the model, ${opened.toFixed(0)} ms (load ${loadavg()[0].toFixed(1)})\n`,
    );
    return atMost(
      `LSTM 2×${units}: 95th percentile of a suggestion while typing, ms`,
      quantile(typed, 0.95),
      bound,
    );
  } finally {
    client.dispose();
  }
}

try {
  const rows: Row[] = [];
  for (const units of options.units.split(',').map(Number)) rows.push(await measure(units));
  for (const row of rows) printRow(row);
  endWith(rows, options.json, { machine: machine(), rows, results: [] });
} finally {
  await busy?.kill();
  rmSync(directory, { recursive: true, force: true });
}
