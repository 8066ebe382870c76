// A regressor is trained through a run, stored, and opened again: from texts, and from sequences of numbers.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { candidatesFor } from '../../../src/editor/table/candidates.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import type { RunPoints, RunResult, RunStart } from '../../../src/protocol/run.ts';
import { capabilitiesOf } from '../../../src/store/capabilities.ts';
import { readManifest, readModel, readRegressor, readRun } from '../../../src/store/modelFolder.ts';
import { random } from '../../../src/tape/random.ts';
import { openRegressorFiller } from '../../../src/tasks/regressor/fill.ts';
import { openRegressor } from '../../../src/tasks/regressor/open.ts';
import { Controls } from '../../../src/training/controls.ts';
import { run } from '../../../src/worker/run.ts';
import { readKernels } from '../../kernels/modules.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { trainRequest } from '../../worker/trained.ts';

const folder = temporaryFolder('regressor');
const platform = nodePlatform(join(import.meta.dirname, '../../../out'));
let engines: readonly Engine[];

const byKind = {
  /** Log lines that took a time for each letter `w`, and more at one of the hosts. */
  text(next: () => number) {
    const letters = Array.from({ length: 4 + Math.floor(next() * 10) }, () => 'abw'[Math.floor(next() * 3)]);
    const host = next() < 0.5 ? 'near' : 'far';
    const waits = letters.filter((letter) => letter === 'w').length;
    return { cells: [`${host} ${letters.join('')}`], value: 10 + waits + (host === 'far' ? 8 : 0) };
  },
  /** The largest of some numbers, of which some rows have fewer, which no linear model predicts. */
  numbers(next: () => number) {
    const count = 3 + Math.floor(next() * 4);
    const numbers = Array.from({ length: count }, () => Math.round(100 * next()));
    return {
      cells: Array.from({ length: 6 }, (_, at) => `${numbers[at] ?? ''}`),
      value: Math.max(...numbers),
    };
  },
};
const columns = { text: ['line'], numbers: ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'] };

function tableOf(kind: 'text' | 'numbers', rows: number, seed: number) {
  const next = random(seed);
  const made = Array.from({ length: rows }, () => byKind[kind](next));
  const header = [...columns[kind], 'took'].join(',');
  const text = [header, ...made.map(({ cells, value }) => [...cells, value.toFixed(1)].join(','))].join('\n');
  return { made, text };
}

interface Trained {
  readonly directory: string;
  readonly start: RunStart;
  readonly result: RunResult;
  readonly notes: readonly string[];
}

async function train(kind: 'text' | 'numbers'): Promise<Trained> {
  const directory = join(folder, kind);
  const settings = {
    'model.layers': 'GRU 24',
    'model.embedding': 8,
    'train.epochs': 40,
    'train.batch': 16,
    'train.learningRate': 0.01,
    'train.patience': null,
  };
  const notes: RunPoints['notes'][number][] = [];
  let start: RunStart | null = null;
  const task = { kind: 'regressor', reads: null, writes: null, heldOut: null } as const;
  const request = trainRequest(tableOf(kind, 700, 1).text, directory, settings, { task });
  const result = await run(request, platform, Controls.none(), {
    started(started) {
      start = started;
    },
    paused() {},
    resumed() {},
    progress: (_, points) => void notes.push(...points.notes),
    saved() {},
    ended() {},
  });
  return { directory, start: start!, result, notes: notes.map(({ text }) => text) };
}

beforeAll(async () => {
  const wasm = await startWasm({ read: readKernels, threads: 1, spawn: null });
  engines = [wasm!, (await startTfjs('', 'cpu')).engine];
});

describe.each(['text', 'numbers'] as const)('from %s', (kind) => {
  let trained: Trained;
  beforeAll(async () => {
    trained = await train(kind);
  });

  test('it is better than the baselines, and its intervals come true', () => {
    const { start, result, notes } = trained;
    expect(start).toMatchObject({
      task: 'regressor',
      metric: { name: 'RMSE', unit: '', lowerIsBetter: true },
      lossUnit: 'bits per number',
    });
    expect(start.baselines.map(({ name }) => name)).toEqual(['mean', 'linear regression']);
    const [mean, linear] = start.baselines.map(({ value }) => value);
    expect(linear).toBeLessThan(mean);
    expect(result.metric).toBeLessThan(0.4 * mean);
    if (kind === 'numbers') expect(result.metric).toBeLessThan(0.8 * linear);
    expect(notes).toContainEqual(
      expect.stringMatching(/^Of half of the held-out numbers, \d+ % lie within their 80 % interval/),
    );
  });

  test('held-out rows are kept with what was predicted, and the history has them', () => {
    const { result, directory, start } = trained;
    const { column, level, ofMean, rows } = result.predicted!;
    expect([column, level, ofMean]).toEqual(['took', 0.8, start.baselines[0].value]);
    const { made } = tableOf(kind, 700, 1);
    for (const { line, actual, predicted, lower, upper } of rows) {
      expect(actual).toBeCloseTo(Number(made[line - 2].value.toFixed(1)), 4);
      expect(lower).toBeLessThan(predicted);
      expect(upper).toBeGreaterThan(predicted);
    }
    const squares = rows.reduce((sum, { actual, predicted }) => sum + (actual - predicted) ** 2, 0);
    expect(Math.sqrt(squares / rows.length)).toBeCloseTo(result.metric!, 4);
    const { request, earlier } = readRun(platform.files, directory);
    expect(earlier.history.status).toMatchObject({ result: { predicted: result.predicted } });
    expect(request.task).toEqual({ kind: 'regressor', reads: columns[kind], writes: 'took', heldOut: null });
  });

  test('the manifest has the columns, what standardised them, and what the model can do', () => {
    const manifest = readManifest(platform.files, trained.directory);
    expect(manifest).toMatchObject({ task: 'regressor', table: null, series: null });
    expect(manifest.vocabulary === null).toBe(kind === 'numbers');
    expect(manifest.regression).toMatchObject({
      ...{ format: 'CSV', reads: columns[kind], writes: 'took', kind, decimals: 1, heldOutApart: false },
      pool: kind === 'text' ? 'max' : 'last',
    });
    expect([...capabilitiesOf(manifest)]).toEqual([
      'predict a number',
      'fill',
      'export for PyTorch',
      'export as ONNX',
      'train again',
    ]);
    if (kind === 'numbers')
      expect(() => readModel(platform.files, trained.directory)).toThrow(
        'This model is a regressor, which reads numbers and no text.',
      );
  });

  test('both engines predict the same of new rows, with intervals of which most hold', () => {
    const { made } = tableOf(kind, 200, 2);
    const texts = made.map(({ cells }) => cells.join('\t'));
    const [here, there] = engines.map((engine) => {
      const regressor = openRegressor(engine, readRegressor(platform.files, trained.directory));
      const found = regressor.predict(texts);
      regressor.dispose();
      return found;
    });
    let within = 0;
    let squares = 0;
    for (const [row, { value }] of made.entries()) {
      const found = here[row]!;
      expect(found.value).toBeCloseTo(there[row]!.value, 2);
      expect(found.sharpness).toBeCloseTo(there[row]!.sharpness, 3);
      if (found.lower <= value && value <= found.upper) within++;
      squares += (found.value - value) ** 2;
    }
    expect(within / made.length).toBeGreaterThan(0.6);
    expect(Math.sqrt(squares / made.length)).toBeLessThan(0.5 * trained.start.baselines[0].value);
  });

  test('empty cells are filled in with numbers as the column has them, and intervals', async () => {
    const filler = openRegressorFiller(engines[0], readRegressor(platform.files, trained.directory));
    const { made } = tableOf(kind, 3, 3);
    const rows = made.map(({ cells, value }, row) => [...cells, row === 1 ? `${value}` : ''].join(','));
    const text = rows.join('\n');
    const passage = { head: [...columns[kind], 'took'].join(','), text, from: 0, to: 3 };
    const filled = await filler.fill(passage, 'missing', async () => {});
    expect(filled).toMatchObject({ column: 'took', problem: null });
    expect(filled.rows.map(({ line }) => line)).toEqual([0, 2]);
    for (const { line, candidates, interval, cell } of filled.rows) {
      const [{ value, probability, text: written }] = candidates;
      expect([probability, written]).toEqual([null, value]);
      expect(value).toMatch(/^\d+\.\d$/);
      expect(Number(interval!.lower)).toBeLessThanOrEqual(Number(value));
      expect(Number(interval!.upper)).toBeGreaterThanOrEqual(Number(value));
      expect(interval).toMatchObject({ level: 0.8 });
      expect(cell!.from).toEqual({ line, character: rows[line].length });
    }
    // A number that has been begun is gone on with where that is its beginning, in a row that is asked for alone.
    const [{ value }] = filled.rows[0].candidates;
    const given = async (typed: string) => {
      const lines = [`${rows[0]}${typed}`, ...rows.slice(1)].join('\n');
      const found = await filler.fill({ ...passage, text: lines, to: 1 }, 'missing', async () => {});
      return found.rows.map((row) => [row.given, row.candidates[0].text, row.cell!.to.character]);
    };
    const end = rows[0].length;
    const begun = value.slice(0, -1);
    expect(await given(begun)).toEqual([[begun, value, end + begun.length]]);
    expect(await given('')).toEqual([['', value, end]]);
    for (const typed of [value, `${value}0`, `${Number(value[0]) === 9 ? 1 : 9}`, 'x'])
      expect(await given(typed)).toEqual([]);
    // A table with decimal commas has one behind the whole number, after which the rest is suggested.
    const commas = readRegressor(platform.files, trained.directory);
    const format = 'CSV with semicolons and decimal commas';
    const written = openRegressorFiller(engines[0], {
      ...commas,
      regression: { ...commas.regression, format },
    });
    const whole = value.slice(0, -1).replace('.', ',');
    const begunRow = `${rows[0].replaceAll(',', ';')}${whole}`;
    const head = passage.head.replaceAll(',', ';');
    const after = await written.fill({ head, text: begunRow, from: 0, to: 1 }, 'missing', async () => {});
    expect(after.rows.flatMap(candidatesFor).map(({ text }) => text)).toEqual([value.replace('.', ',')]);
    written.dispose();
    const other = await filler.fill({ ...passage, head: '', text: 'a,b\n1,2' }, 'all', async () => {});
    expect(other.problem).toContain('The table has no column');
    filler.dispose();
  });
});

test('a row in which there is nothing to read has no number', () => {
  const regressor = openRegressor(engines[0], readRegressor(platform.files, join(folder, 'numbers')));
  expect(regressor.predict(['', '1\tx\t2', '1\t2\t3']).map((found) => found === null)).toEqual([
    true,
    true,
    false,
  ]);
  regressor.dispose();
});

test.each([
  [{ 'model.tied': true, 'model.embedding': 64 }, 'they cannot be tied'],
  [{ 'model.direction': 'backward' }, 'A regressor reads whole rows from their start'],
])('%j is answered with a sentence', async (settings, message) => {
  const task = { kind: 'regressor', reads: null, writes: null, heldOut: null } as const;
  const all = { 'train.epochs': 1, ...settings };
  const request = trainRequest(tableOf('text', 60, 1).text, join(folder, 'none'), all, { task });
  const listener = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };
  await expect(run(request, platform, Controls.none(), listener)).rejects.toThrow(message);
});
