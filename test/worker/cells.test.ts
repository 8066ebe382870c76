// Every cell trains: built in, as a file, and as a file that says a whole network.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cellsWithoutEncoder } from '../../src/cells/index.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import type { RunResult } from '../../src/protocol/run.ts';
import { readModel } from '../../src/store/modelFolder.ts';
import { readTokenizer } from '../../src/store/tokens.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { architecture } from '../../src/training/configuration.ts';
import { Controls } from '../../src/training/controls.ts';
import { run } from '../../src/worker/run.ts';
import { trainRequest } from './trained.ts';

const assets = join(import.meta.dirname, '../../out');
const text = 'A line of a log, number 12, says that all is well.\n'.repeat(20);
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-cell-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const small = { 'train.epochs': 1, 'engine.threads': 1 };

function train(
  settings: Record<string, unknown>,
  definition: string | null = null,
  cell: string | null = null,
  from = text,
): Promise<RunResult> {
  const request = trainRequest(from, directory, { ...small, ...settings }, { definition, cell });
  const listener = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };
  return run(request, nodePlatform(assets), Controls.none(), listener);
}

/** Returns the names of the parameters that the run has changed. */
function changed(): string[] {
  const { manifest, weights } = readModel(nodeFiles, directory);
  const built = architecture(readTokenizer(manifest).size, manifest.architecture, manifest.cells);
  const before = initialWeights(built, 1);
  return [...weights].flatMap(([name, { data }]) =>
    data.some((value, i) => value !== before.get(name)!.data[i]) ? [name] : [],
  );
}

const layersOf = () => readModel(nodeFiles, directory).manifest.architecture.layers;

const readout = ['output.W', 'output.b'];

/** Those that give the distribution themselves are one layer, without a readout. */
const cells = [...cellsWithoutEncoder].map(([name, text]) => ({
  name,
  text,
  alone: /as distribution/.test(text),
}));

describe.each(cells)('$name', ({ name, text: definition, alone }) => {
  test.each<[string, Record<string, unknown>, string | null]>([
    ['by its name', { 'model.layers': alone ? `${name} 6` : `${name} 8, ${name} 6` }, null],
    ['by its file', { 'model.layers': 'LSTM 8, LSTM 6' }, definition],
  ])('trains %s', async (_, settings, file) => {
    const { steps, trainLoss } = await train(settings, file);
    expect(steps).toBeGreaterThan(0);
    expect(trainLoss).toSatisfy(Number.isFinite);
    const below = alone ? [] : [{ cell: name, hidden: 8 }];
    expect(layersOf()).toEqual([...below, { cell: name, hidden: 6 }]);
    expect(changed()).toEqual(expect.arrayContaining(alone ? ['layers.0.T', 'layers.0.E'] : readout));
  });
});

// Over a text, states are carried on and on. What a cell adds up must not grow without bound at the usual width and
// learning rate, where the run goes back again and again and learns nothing: from a spectral radius of 0.9, Kalman comes to
// 5.86 bits per character here.
test('Kalman learns from a text with the usual options', async () => {
  const source = join(import.meta.dirname, '../../node_modules/chart.js/dist/chart.js');
  const code = readFileSync(source, 'utf8').slice(0, 150_000);
  const usual = { 'train.k1': 50, 'train.k2': 50, 'train.batch': 50, 'train.seed': 1 };
  await train({ 'model.layers': 'Kalman 128, Kalman 128', ...usual }, null, null, code);
  expect(readModel(nodeFiles, directory).manifest.validationLoss).toBeLessThan(5);
});

test.each(['auto', 'tfjs'])('%s: where the cell has nothing to train, the readout does', async (kind) => {
  for (const name of ['EchoState', 'Babylonian']) {
    await train({ 'model.layers': `${name} 8`, 'engine.kind': kind });
    expect(changed()).toEqual(readout);
  }
});

const two = `cell A
  h[t] = tanh(W x[t] + U h[t-1])
cell B
  h[t] = σ(W x[t] + U h[t-1])
`;
const layered = `${two}model
  layers = A 5, B 4
`;
test.each<[string, string, string | null, string]>([
  ['the last cell of a file', two, null, 'B 7'],
  ['the cell that is meant', two, 'A', 'A 7'],
  ['the cell that is meant, where another is unfinished', `${two}cell C\n  h[t] = W x[t] +\n`, 'A', 'A 7'],
  ['the last cell, where an earlier one is unfinished', `cell C\n  h[t] = z[t]\n${two}`, null, 'B 7'],
  ["the file's own layers", layered, null, 'A 5, B 4'],
  ["the file's own layers, which name what is meant", layered, 'A', 'A 5, B 4'],
  [
    "the cell that is meant, where the file's layers do not name it",
    `${two}model\n  layers = GRU 6\n`,
    'A',
    'A 6',
  ],
])('trains %s', async (_, definition, cell, layers) => {
  await train({ 'model.layers': 'LSTM 7' }, definition, cell);
  expect(
    layersOf()
      .map(({ cell: name, hidden }) => `${name} ${hidden}`)
      .join(', '),
  ).toBe(layers);
});

const broken = 'cell C\n  h[t] = z[t]\n';
test.each<[string, string, string | null, string]>([
  ['the cell that is meant', `${broken}${two}`, 'C', 'in line 2: `z[t]` has no equation'],
  ['the last one', `${two}${broken}`, null, 'in line 6: `z[t]` has no equation'],
  [
    "one of the file's layers",
    `${broken}${two}model\n  layers = A 5, C 4\n`,
    null,
    'in line 2: `z[t]` has no equation',
  ],
  ['no cell, but the model', `${two}model\n  layers = A 5, D 4\n`, null, 'in line 6:'],
])('a mistake in %s is said', async (_, definition, cell, message) => {
  await expect(train({}, definition, cell)).rejects.toThrow(`The \`.rnn\` file has a mistake ${message}`);
});
