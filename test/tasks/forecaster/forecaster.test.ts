// A forecaster is trained through a run, stored, and opened again on both engines.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import type { RunPoints, RunResult, RunStart } from '../../../src/protocol/run.ts';
import { capabilitiesOf } from '../../../src/store/capabilities.ts';
import { readForecaster, readManifest, readModel, readRun } from '../../../src/store/modelFolder.ts';
import { random } from '../../../src/tape/random.ts';
import { openContinuer } from '../../../src/tasks/forecaster/continuation.ts';
import { openForecaster } from '../../../src/tasks/forecaster/open.ts';
import { Controls } from '../../../src/training/controls.ts';
import { run } from '../../../src/worker/run.ts';
import type { RunListener } from '../../../src/worker/runRecorder.ts';
import { readKernels } from '../../kernels/modules.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { trainRequest } from '../../worker/trained.ts';

const folder = temporaryFolder('forecaster');
const platform = nodePlatform(join(import.meta.dirname, '../../../out'));
const model = join(folder, 'model');
const notes: RunPoints['notes'][number][] = [];
let engines: readonly Engine[];
let start: RunStart;
let result: RunResult;

/** The Hénon map with noise (Hénon 1976), which no linear model predicts, beside a column that follows from it. */
function henon(rows: number, seed: number): number[][] {
  const next = random(seed);
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  let [before, last] = [0.1, 0.2];
  return Array.from({ length: rows }, () => {
    [before, last] = [
      last,
      Math.max(-1.3, Math.min(1.3, 1 - 1.4 * last ** 2 + 0.3 * before + 0.02 * gaussian())),
    ];
    return [100 + 10 * last, before + last];
  });
}

const known = 1200;
const all = henon(known + 600, 1);
const tableOf = (rows: readonly (readonly number[])[]) =>
  ['t,level,sum', ...rows.map((row, t) => [t, ...row.map((value) => value.toFixed(4))].join(','))].join('\n');

const listener: RunListener = {
  started(started) {
    start = started;
  },
  paused() {},
  resumed() {},
  progress: (_, points) => void notes.push(...points.notes),
  saved() {},
  ended() {},
};

const settings = {
  'model.layers': 'GRU 20',
  'train.seconds': null,
  'train.epochs': 60,
  'train.batch': 8,
  'train.k1': 16,
  'train.k2': 16,
  'train.patience': null,
};
const request = (more: object = {}) => trainRequest(tableOf(all.slice(0, known)), model, settings, more);
const asForecaster = { kind: 'forecaster', reads: null, writes: null } as const;

beforeAll(async () => {
  const wasm = await startWasm({ read: readKernels, threads: 1, spawn: null });
  engines = [wasm!, (await startTfjs('', 'cpu')).engine];
  result = await run(request({ task: asForecaster }), platform, Controls.none(), listener);
});

test('it is better than all baselines, and its intervals of one step come true', () => {
  expect(start.metric).toEqual({ name: 'NRMSE', unit: '', lowerIsBetter: true });
  expect(start.baselines.map(({ name }) => name)).toEqual([
    'last value',
    'seasonal last value',
    'linear autoregression',
  ]);
  const hardest = Math.min(...start.baselines.map(({ value }) => value));
  expect(hardest).toBeGreaterThan(0.4);
  expect(result.metric).toBeLessThan(0.5 * hardest);
  expect(result.validationLoss).toBeLessThan(0);
  expect(notes.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^Of the newest numbers, (7\d|8\d) % lie within their 80 % interval/),
  );
});

test('a model whose spread is calibrated has learned the held-out rows only where it says so', () => {
  const said = notes.some(({ text }) => text.startsWith('The held-out part has not been learned'));
  expect(result.learnedHeldOut).toBe(!said);
  expect(readManifest(platform.files, model).learnedHeldOut).toBe(!said);
});

test('the manifest has the columns and what standardised them', () => {
  const manifest = readManifest(platform.files, model);
  expect(manifest).toMatchObject({ task: 'forecaster', table: null, vocabulary: null, tokens: null });
  expect(manifest.series).toMatchObject({
    format: 'CSV',
    reads: ['level', 'sum'],
    writes: ['level', 'sum'],
    time: 't',
  });
  const levels = all.slice(0, 1080).map(([level]) => level);
  const mean = levels.reduce((sum, each) => sum + each, 0) / levels.length;
  expect(manifest.series!.standardisation.reads[0].mean).toBeCloseTo(mean, 3);
  expect([...capabilitiesOf(manifest)]).toEqual([
    'forecast',
    'suggest rows',
    'export for PyTorch',
    'export as ONNX',
    'train again',
  ]);
  expect(() => readModel(platform.files, model)).toThrow('This model is a forecaster');
});

test('the first held-out rows are forecast from those before, beside what the baselines say of them', () => {
  const { rows, level, columns } = result.forecast!;
  expect([rows, level]).toEqual([1080, 0.8]);
  expect(columns.map(({ name }) => name)).toEqual(['level', 'sum']);
  for (const [index, { before, actual, forecast, lower, upper, baselines }] of columns.entries()) {
    expect(before).toHaveLength(180);
    for (const values of [actual, forecast, lower, upper]) expect(values).toHaveLength(60);
    const truth = (from: number, to: number) =>
      all.slice(from, to).map((row) => expect.closeTo(row[index], 2) as number);
    expect(before).toEqual(truth(900, 1080));
    expect(actual).toEqual(truth(1080, 1140));
    expect(Math.abs(forecast[0] - actual[0])).toBeLessThan(index === 0 ? 3 : 0.3);
    expect(baselines.map(({ name }) => name)).toEqual(start.baselines.map(({ name }) => name));
    const [last, seasonal] = baselines;
    expect(new Set(last.values)).toEqual(new Set(before.slice(-1)));
    // The season is repeated, so that its numbers are among those before.
    for (const value of seasonal.values) expect(before).toContain(value);
  }
  expect(readRun(platform.files, model).earlier.history.status).toMatchObject({
    result: { forecast: result.forecast },
  });
});

describe('a table is continued', () => {
  const lines = tableOf(all.slice(0, 400)).split('\n');
  const next = (text: readonly string[], begun = '', head = '') => {
    const continuer = openContinuer(engines[0], readForecaster(platform.files, model));
    const found = continuer.next({ head, text: text.join('\n'), begun, steps: 3 });
    continuer.dispose();
    return found;
  };

  test('in the form of its own rows, with the next times, and intervals in its units', () => {
    const { rows, before, level, problem } = next(lines);
    expect([before, level, problem]).toEqual(['', 0.8, null]);
    expect(rows.map(({ text }) => text.split(',')[0])).toEqual(['400', '401', '402']);
    for (const { text, cells } of rows) {
      expect(text).toMatch(/^\d+,-?\d+\.\d{4},-?\d+\.\d{4}$/);
      expect(cells.map(({ value }) => value)).toEqual(text.split(',').slice(1));
      for (const { value, lower, upper } of cells) {
        expect(Number(lower)).toBeLessThanOrEqual(Number(value));
        expect(Number(upper)).toBeGreaterThanOrEqual(Number(value));
      }
    }
    expect(rows[0].sharpness).toBeGreaterThan(rows[2].sharpness);
    expect(rows[0].sharpness).toBeLessThan(1);
  });

  test('with as many decimals as numbers with exponents have without them', () => {
    const [head, ...rows] = lines.map((line) => line.split(','));
    const written = rows.map(([t, ...numbers]) => [
      t,
      ...numbers.map((each) => Number(each).toExponential(3)),
    ]);
    for (const { text } of next([head, ...written].map((row) => row.join(','))).rows)
      expect(text).toMatch(/^\d+,-?\d+\.\d{2},-?\d+\.\d{4,6}$/);
  });

  test('with months without signs after those that it has, by the name of their column', () => {
    const months = lines.slice(1, 13).map((line, month) => line.replace(/^\d+/, `${202401 + month}`));
    const times = (name: string) =>
      next([lines[0].replace(/^t/, name), ...months]).rows.map(({ text }) => text.split(',')[0]);
    expect(times('month')).toEqual(['202501', '202502', '202503']);
    expect(times('step')).toEqual(['202413', '202414', '202415']);
  });

  test('from its last rows and its head as from all of them', () => {
    const [far, near] = [next(lines), next(lines.slice(101), '', lines[0])];
    expect(near.rows.map(({ text }) => text.slice(0, 8))).toEqual(
      far.rows.map(({ text }) => text.slice(0, 8)),
    );
  });

  test('after a whole row on a line of their own, and after the beginning of one on its line', () => {
    const [above, last] = [lines.slice(0, -1), lines.at(-1)!];
    const after = next(above, last);
    expect(after.before).toBe(`${last}\n`);
    expect(after.rows).toEqual(next(lines).rows);
    const begun = next(above, '399,');
    expect([begun.before, begun.rows[0].text.startsWith('399,')]).toEqual(['', true]);
    expect(next(above, '398,1').rows).toEqual([]);
  });

  test('after a number that has been begun, where it is the beginning of the one that is expected', () => {
    const above = lines.slice(0, -1);
    const [, level, sum] = next(above).rows[0].text.split(',');
    // The numbers before it may be others than were expected.
    for (const typed of [level.slice(0, -2), `${level.slice(0, -1)},`, `77.5,${sum.slice(0, 2)}`, '77.5,']) {
      const { rows, before } = next(above, `399,${typed}`);
      expect([before, rows.length > 0]).toEqual(['', true]);
      const text = typed.includes(',') ? `399,${typed.split(',')[0]},${sum}` : `399,${level},${sum}`;
      expect(rows[0].text).toBe(text);
    }
    expect(next(above, '399,77.').rows).toEqual([]);
    expect(next(above, `399,77.5,${sum.startsWith('7') ? '8' : '7'}`).rows[0].text).toMatch(/^400,/);
  });

  test('with semicolons and decimal commas where it has such', () => {
    const format = 'CSV with semicolons and decimal commas';
    const { series, ...rest } = readForecaster(platform.files, model);
    const continuer = openContinuer(engines[0], { ...rest, series: { ...series, format } });
    const semicolons = (rows: readonly string[]) =>
      rows.map((row) => row.replaceAll(',', ';').replaceAll('.', ',')).join('\n');
    const after = (begun: string) =>
      continuer.next({ head: '', text: semicolons(lines), begun, steps: 1 }).rows[0]?.text;
    const plain = next(lines).rows[0].text;
    expect(after('')).toBe(semicolons([plain]));
    const [at, , sum] = semicolons([plain]).split(';');
    expect(after(`${at};77,5;${sum[0]}`)).toBe(
      `${at};77,5;${semicolons([plain]).split(';').slice(2).join(';')}`,
    );
    continuer.dispose();
  });

  test('as JSON Lines where it is such', () => {
    const continuer = openContinuer(engines[0], {
      ...readForecaster(platform.files, model),
      series: { ...readForecaster(platform.files, model).series, format: 'JSON Lines' },
    });
    // Cells are bare, or in quotation marks, as in the rows before.
    const unlike = { unit: 'm', floor: '3', isOpen: true };
    const text = all
      .slice(0, 50)
      .map(([level, sum], at) => JSON.stringify({ at: `${at}`, level, sum: `${sum}`, ...unlike }));
    const { rows } = continuer.next({ head: text[0], text: text.join('\n'), begun: '', steps: 2 });
    continuer.dispose();
    expect(rows.map((row) => Object.keys(JSON.parse(row.text)))).toEqual(
      Array(2).fill(['at', 'level', 'sum', 'unit', 'floor', 'isOpen']),
    );
    expect(JSON.parse(rows[1].text)).toMatchObject({ at: '51', ...unlike });
    expect(JSON.parse(rows[1].text)).toMatchObject({
      level: expect.any(Number),
      sum: expect.stringMatching(/^-?\d+\.\d+$/),
    });
  });

  test('if it is the right one', () => {
    const [none, other] = [next(lines.slice(0, 1)), next(['a,b', '1,2'])];
    expect(none.problem).toBe('No row before this place has numbers in `level`, `sum`: write one above it.');
    expect(other.rows).toEqual([]);
    expect(other.problem).toMatch(/level/);
  });
});

describe('run freely', () => {
  const options = { steps: 4, level: 0.8, paths: 100, seed: 1 };
  const read = (to: number) => Float64Array.from(all.slice(0, to).flat());

  test('both engines forecast the same', () => {
    const [found, reference] = engines.map((engine) => {
      const forecaster = openForecaster(engine, readForecaster(platform.files, model));
      const forecasts = forecaster.forecast(read(60), { ...options, paths: 5 });
      expect(forecaster.forecast(read(60), { ...options, paths: 5 })).toEqual(forecasts);
      forecaster.dispose();
      return forecasts;
    });
    for (const [step, row] of found.entries())
      for (const [column, { value, lower, upper }] of row.entries()) {
        const expected = reference[step][column];
        expect(value).toBeCloseTo(expected.value, 2);
        expect(lower).toBeCloseTo(expected.lower, 2);
        expect(upper).toBeCloseTo(expected.upper, 2);
      }
  });

  test('intervals hold as many numbers as they say, at each of the next steps', () => {
    const forecaster = openForecaster(engines[0], readForecaster(platform.files, model));
    const within = Array.from({ length: options.steps }, () => 0);
    let count = 0;
    let widths = 0;
    for (let origin = known; origin + options.steps <= all.length; origin += 10, count += 2) {
      const forecasts = forecaster.forecast(read(origin), options);
      for (const [step, row] of forecasts.entries())
        for (const [column, { lower, upper }] of row.entries()) {
          const truth = all[origin + step][column];
          if (lower <= truth && truth <= upper) within[step]++;
        }
      widths += forecasts[0][0].upper - forecasts[0][0].lower;
    }
    forecaster.dispose();
    // Of 120 numbers, 96 are within on average, and in 999 of 1,000 cases at least 82 and at most 110.
    expect(count).toBe(120);
    for (const each of within) {
      expect(each).toBeGreaterThanOrEqual(78);
      expect(each).toBeLessThanOrEqual(116);
    }
    // They are not held by being wide: the column has a deviation of 7.
    expect(widths / 60).toBeLessThan(3);
  });

  test('a model that does not write what it reads forecasts the next row alone, and says so', async () => {
    const directory = join(folder, 'sum');
    const task = { kind: 'forecaster', reads: null, writes: ['sum'] } as const;
    const short = { ...settings, 'train.epochs': 1 };
    const other = { ...request({ task }), directory, settings: short };
    const remarks: string[] = [];
    const hearing = { ...listener, started: (begun: RunStart) => void remarks.push(...begun.remarks) };
    await run(other, platform, Controls.none(), hearing);
    expect(remarks).toContain(
      'Only the next row can be forecast, since `level` is read and not predicted. To go on from there, predict all that is read, or read only what is predicted.',
    );
    const stored = readForecaster(platform.files, directory);
    const forecaster = openForecaster(engines[0], stored);
    const [[{ lower, upper }], ...further] = forecaster.forecast(read(known), { ...options, steps: 1 });
    expect(further).toEqual([]);
    expect(lower).toBeLessThan(upper);
    const refusal = 'This model reads `level` and does not write it';
    expect(() => forecaster.forecast(read(known), { ...options, steps: 2 })).toThrow(refusal);
    forecaster.dispose();
    const format = 'CSV' as const;
    expect(() => openContinuer(engines[0], { ...stored, series: { ...stored.series, format } })).toThrow(
      refusal,
    );
  });
});

test('a run goes on from disk as what it was', async () => {
  const { request: stored, earlier } = readRun(platform.files, model);
  expect(stored.task).toEqual({ kind: 'forecaster', reads: ['level', 'sum'], writes: ['level', 'sum'] });
  const { steps } = await run(stored, platform, Controls.none(), listener, earlier);
  expect(steps).toBeGreaterThan(earlier.checkpoint.step);
});

test('a `.rnn` file may say what its network is for, and hears what of it has no effect', async () => {
  const definition =
    'model\n  layers = GRU 4\ntask\n  kind = forecaster\n  reads = level, sum\n  writes = level, sum\n  teach = last 2';
  const directory = join(folder, 'said');
  const short = { ...settings, 'train.epochs': 1 };
  await run({ ...request({ definition }), directory, settings: short }, platform, Controls.none(), listener);
  expect(readManifest(platform.files, directory)).toMatchObject({
    task: 'forecaster',
    series: { reads: ['level', 'sum'], writes: ['level', 'sum'] },
  });
  expect(start.remarks).toContain(
    'Only an acceptor, a regressor and a transducer learn from chosen steps of a row: here `teach` in `task` has no effect.',
  );
});

test.each([
  [{ 'model.embedding': 4 }, 'without an embedding'],
  [{ 'model.pool': 'mean' }, 'nothing is pooled'],
  [{ 'model.direction': 'backward' }, 'from the first to the last'],
  [{ 'model.layers': 'both GRU 4' }, 'from the first to the last'],
])('%j is refused', async (more, message) => {
  const wrong = { ...request({ task: asForecaster }), settings: { ...settings, ...more } };
  await expect(run(wrong, platform, Controls.none(), listener)).rejects.toThrow(message);
});
