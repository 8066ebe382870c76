// Regressors are trained through runs and exported as ONNX; ONNX Runtime predicts of a row what the engine predicts of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { standardise } from '../../src/data/series/standardisation.ts';
import { readOnnxFile } from '../../src/export/onnx/readOnnxFile.ts';
import { publicFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { readRegressor } from '../../src/store/modelFolder.ts';
import { openRegressor } from '../../src/tasks/regressor/open.ts';
import { Controls } from '../../src/training/controls.ts';
import { exportFormats } from '../../src/worker/exchange/exportFormats.ts';
import { run } from '../../src/worker/run.ts';
import { Runtime, tokensOf } from '../export/runtime.ts';
import { readKernels } from '../kernels/modules.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { largest, waits } from './tasks.ts';
import { trainRequest } from './trained.ts';

const folder = temporaryFolder('export-regressor');
const platform = nodePlatform(join(import.meta.dirname, '../../out'));
const silent = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };
let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

test.each([
  ['text', waits, 'both GRU 6', 'max', ['a', 'abcdabc', 'ddxab']],
  ['text', waits, 'LSTM 5, Elman 4', 'mean', ['ad', 'xxxx']],
  ['numbers', largest, 'GRU 6', 'last', ['3\t71\t20', '12\t5', '99']],
  ['numbers', largest, 'Jordan 6', 'max', ['3\t71\t20', '12\t5']],
] as const)('of %s, with %s', async (kind, source, layers, pool, rows) => {
  const directory = join(folder, `${layers}-${pool}`);
  const settings = {
    'model.layers': layers,
    'model.embedding': 6,
    'model.pool': pool,
    'train.epochs': 2,
    'train.batch': 8,
  };
  const task = { kind: 'regressor', reads: null, writes: null, heldOut: null } as const;
  await run(trainRequest(source, directory, settings, { task }), platform, Controls.none(), silent);
  const to = `${directory}-onnx`;
  exportFormats.onnx(
    { files: platform.files, directory },
    { files: publicFiles, directory: to },
    () => new Map(),
  );
  expect(() => readOnnxFile(publicFiles, join(to, 'model.onnx'))).toThrow(
    'a model whose task is regressor. Only language models are imported',
  );
  const vocabulary = JSON.parse(readFileSync(join(to, 'vocabulary.json'), 'utf8'));
  const model = readRegressor(platform.files, directory);
  expect(model.regression.kind).toBe(kind);
  expect(vocabulary).toMatchObject({ task: 'regressor', reads: model.regression.reads, writes: 'took' });
  expect(vocabulary.tokens).toEqual(model.tokenizer?.symbols);
  for (const { initial } of vocabulary.states) expect(initial.every(Number.isFinite)).toBe(true);
  const { reads, writes } = vocabulary.standardisation;
  const runtime = await Runtime.open(readFileSync(join(to, 'model.onnx')));
  const regressor = openRegressor(engine, model);
  for (const row of rows) {
    const numbers = row.split('\t').map(Number);
    const input =
      kind === 'numbers'
        ? { numbers: { dims: [1, numbers.length, 1], data: standardise(numbers, [reads]) } }
        : { tokens: tokensOf([[...row].map((character) => vocabulary.tokens.indexOf(character))]) };
    const { means, deviations } = await runtime.run(input);
    const found = regressor.predict([row])[0]!;
    // Those after the last step are the row's.
    expect(writes.mean + writes.deviation * means.data.at(-1)!).toBeCloseTo(found.value, 4);
    expect(1 - deviations.data.at(-1)!).toBeCloseTo(found.sharpness, 4);
  }
  regressor.dispose();
  await runtime.close();
});
