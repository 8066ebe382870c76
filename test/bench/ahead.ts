// npm run bench -- ahead [--characters N] [--seconds N] [--json FILE]
//
// Measures what the prediction worker takes of memory in a window where nobody types. This process starts it as the extension
// host does, and has a model opened ahead: its network has two layers of 128, and its text as many characters as are said, more
// than the 30,000 that are counted first. It waits until the text is counted whole, and some seconds more, and prints the memory
// of the process before, then, and at most. Linux alone says what a process has.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { builtinCells } from '../../src/cells/index.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { PredictorClient } from '../../src/editor/workers/predictorClient.ts';
import { writeRandomModel } from '../worker/randomModel.ts';
import { start } from '../worker/trained.ts';
import { machine } from './machine.ts';
import { atMost, endWith, printRow } from './rows.ts';
import { javaScript } from './texts.ts';

const { values: options } = parseArgs({
  options: {
    characters: { type: 'string', default: '400000' },
    seconds: { type: 'string', default: '10' },
    json: { type: 'string' },
  },
});

/** The most megabytes: as many as the open models may take, and as many again for the worker. */
const bound = 200;

/** Returns the memory of this process in megabytes. */
function megabytes(field: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}

const directory = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
const text = javaScript(Number(options.characters));
writeRandomModel(join(directory, 'model'), {
  tokenizer: new Tokenizer('characters', Vocabulary.of(text), []),
  cells: { LSTM: builtinCells.get('LSTM')!, GRU: builtinCells.get('GRU')! },
  hidden: 128,
  text,
});
const client = new PredictorClient(start('predictor'), { suggested() {} });
try {
  const counted = Promise.withResolvers<void>();
  client.onDidRead(() => counted.resolve());
  const before = megabytes('VmRSS');
  client.open({ model: join(directory, 'model'), revision: '1' });
  await counted.promise;
  await setTimeout(1000 * Number(options.seconds));
  const after = megabytes('VmRSS') - before;
  const most = megabytes('VmHWM') - before;
  process.stdout.write(
    `the host alone ${before.toFixed(0)} MB; with the worker ${after.toFixed(0)} MB more, at most ${most.toFixed(0)} MB more (load ${loadavg()[0].toFixed(1)})\n`,
  );
  const row = atMost(
    `a model that is opened ahead, and nobody types: memory of the worker, MB`,
    after,
    bound,
  );
  printRow(row);
  endWith([row], options.json, { machine: machine(), rows: [row], results: [] });
} finally {
  client.dispose();
  rmSync(directory, { recursive: true });
}
