// npm run bench -- first [--sizes N,…] [--json FILE]
//
// Measures, for texts of several lengths, how long the first suggestion takes after the command to train, when nothing was
// trained before and all workers have yet to start, and how long it takes from the model that a few seconds of training have left,
// in a worker that has just started. A line is typed without a pause until something is suggested. Fails where one takes more than a
// second.
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { PredictorClient } from '../../src/editor/workers/predictorClient.ts';
import { requestAtEnd, startPredictor, train } from './asInEditor.ts';
import { machine } from './machine.ts';
import { atMost, endWith, printRow, type Row } from './rows.ts';
import { javaScript, serverLog } from './texts.ts';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,30000,400000,1000000,5000000' },
    json: { type: 'string' },
  },
});

/** The most milliseconds that the first suggestion may take. */
const bound = 1000;

/** The seconds of a training: the first weights of a network are on disk before. */
const seconds = 6;

/** The distance from the end, in characters, at which a line is copied that is then typed. */
const above = 400;

/** Types a line that stands near the end of a text. @returns the milliseconds until something is suggested */
async function typeUntilSuggested(
  predictor: PredictorClient,
  source: { readonly model: string; readonly revision: string },
  text: string,
  began: number,
): Promise<number> {
  const [line] = text.slice(text.indexOf('\n', text.length - above) + 1).split('\n', 1);
  for (let typed = 0; typed <= line.length; typed++) {
    const written = `${text}\n${line.slice(0, typed)}`;
    const request = requestAtEnd({ ...source, document: 'typed' }, written, Math.min(typed, 1));
    const answer = await predictor.suggest(request, new AbortController().signal);
    if (answer && answer.length > 0) return performance.now() - began;
  }
  throw new Error(`Nothing was suggested while '${line}' was typed.`);
}

async function measure(name: string, text: string): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  const fresh = startPredictor();
  const stored = startPredictor();
  try {
    const began = performance.now();
    const training = train(text, directory, { 'train.seconds': seconds });
    fresh.count({ model: directory, documents: [text] });
    const { revision } = training;
    const first = await typeUntilSuggested(fresh, { model: directory, revision }, text, began);
    await training.done;
    fresh.dispose();
    const again = performance.now();
    const source = { model: directory, revision: training.revision };
    const reopened = await typeUntilSuggested(stored, source, text, again);
    process.stdout.write(
      `${name}: ${first.toFixed(0)} ms, stored ${reopened.toFixed(0)} ms (load ${loadavg()[0].toFixed(1)})\n`,
    );
    return [
      atMost(`${name}: first suggestion after the command, ms`, first, bound),
      atMost(`${name}: first suggestion from the stored model, ms`, reopened, bound),
    ];
  } finally {
    fresh.dispose();
    stored.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

const rows: Row[] = [];
for (const size of options.sizes.split(',').map(Number))
  for (const [kind, text] of [
    ['JavaScript', javaScript(size)],
    ['log', serverLog(size)],
  ] as const)
    rows.push(...(await measure(`${kind}, ${text.length.toLocaleString('en')} characters`, text)));
for (const row of rows) printRow(row);
endWith(rows, options.json, { machine: machine(), rows, results: [] });
