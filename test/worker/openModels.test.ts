// Checks how many models the prediction worker keeps open, and what a model knows that is opened again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine, Predictor } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../src/cells/index.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { maximumModels, OpenModels } from '../../src/worker/openModels.ts';
import { readKernels } from '../kernels/modules.ts';
import { writeRandomModel } from './randomModel.ts';

const text = 'red green blue\n'.repeat(40);
const platform = nodePlatform(join(import.meta.dirname, '../../out'));
let directory: string;
let engine: Engine;
/** The predictors that have been made and not disposed of. */
const open = new Set<Predictor>();
const model = (n: number) => join(directory, `${n}`);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-open-models-'));
  const tokenizer = new Tokenizer('characters', Vocabulary.of(text), []);
  for (let n = 0; n < maximumModels + 2; n++)
    writeRandomModel(model(n), { tokenizer, cells: { Elman: builtinCells.get('Elman')! }, text });
  const wasm = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  engine = {
    ...wasm,
    train: (...of) => wasm.train(...of),
    predict(...of) {
      const predictor = wasm.predict(...of);
      open.add(predictor);
      const dispose = predictor.dispose.bind(predictor);
      predictor.dispose = () => {
        open.delete(predictor);
        dispose();
      };
      return predictor;
    },
  };
});
afterAll(() => rmSync(directory, { recursive: true }));

test('the last models that were used are open, and no others', async () => {
  open.clear();
  const models = new OpenModels(
    Promise.resolve(engine),
    platform,
    () => {},
    () => {},
  );
  for (let n = 0; n < maximumModels + 2; n++) {
    await models.load({ model: model(n), revision: '1' });
    // The first model is used again and again, and so stays open.
    const first = await models.load({ model: model(0), revision: '1' });
    expect(models.get(model(0))).toBe(first);
  }
  expect(open.size).toBe(maximumModels);
  expect([1, 2].map((n) => models.get(model(n)))).toEqual([undefined, undefined]);
  expect(models.get(model(maximumModels + 1))).toBeDefined();
  await models.load({ model: model(0), revision: '2' });
  expect(open.size).toBe(maximumModels);
});

test('a model that is opened again is told again what it knew', async () => {
  const read: string[] = [];
  const models = new OpenModels(
    Promise.resolve(engine),
    platform,
    (_, told) => read.push(told),
    () => {},
  );
  await models.tell({ model: model(0), revision: '1' }, 'some text');
  await models.tell({ model: model(0), revision: '1' }, 'some text');
  await models.tell({ model: model(1), revision: '1' }, 'another');
  read.length = 0;
  // The text is the same beside other weights, so its library is still there.
  await models.load({ model: model(0), revision: '2' });
  expect(read).toEqual([]);
  for (let n = 2; n < maximumModels + 2; n++) await models.load({ model: model(n), revision: '1' });
  expect(models.get(model(0))).toBeUndefined();
  await models.load({ model: model(0), revision: '2' });
  expect(read).toEqual(['some text']);
});

test('a text that is counted is open until its model is, and what was counted stays', async () => {
  const joins: Generator<void>[] = [];
  const models = new OpenModels(
    Promise.resolve(engine),
    platform,
    () => {},
    (steps) => joins.push(steps),
  );
  expect(models.loadCounted(model(0))).toBeNull();
  await models.count(model(0), [text]);
  const counts = models.loadCounted(model(0))!;
  expect(counts.network).toBeNull();
  const loaded = await models.load({ model: model(0), revision: '1' });
  expect(loaded.network).not.toBeNull();
  expect(loaded.ngrams).toBe(counts.ngrams);
  expect(loaded.ensemble.mixture).toEqual(counts.ensemble.mixture);
  // The network joins in slices, and no longer than its model is open.
  expect(joins).toHaveLength(1);
  joins[0].next();
  const next = await models.load({ model: model(0), revision: '2' });
  expect(next.ngrams).toBe(counts.ngrams);
  expect(joins).toHaveLength(2);
  expect(joins[0].next().done).toBe(true);
  expect([...joins[1]].length).toBeGreaterThan(30);
  expect(models.loadCounted(model(0))).toBe(next);
});

test('texts that are counted are among the last models that were used', async () => {
  const models = new OpenModels(
    Promise.resolve(engine),
    platform,
    () => {},
    () => {},
  );
  for (let n = 0; n <= maximumModels; n++) await models.count(`text ${n}`, [text]);
  expect(models.loadCounted('text 0')).toBeNull();
  expect(models.loadCounted('text 1')).not.toBeNull();
});

test('a model that cannot be read leaves the others, and the one that was open, as they are', async () => {
  const models = new OpenModels(
    Promise.resolve(engine),
    platform,
    () => {},
    () => {},
  );
  const before = await models.load({ model: model(0), revision: '1' });
  await expect(models.load({ model: model(99), revision: '1' })).rejects.toThrow('no whole Unroll model');
  expect(models.get(model(0))).toBe(before);
});
