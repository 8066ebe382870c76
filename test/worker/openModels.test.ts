// Checks which models the prediction worker keeps open, and what a model knows that is opened again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Engine, Predictor } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../src/cells/index.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { random } from '../../src/tape/random.ts';
import { countingBytes, memoryOf, type OpenModel } from '../../src/worker/openModel.ts';
import { OpenModels } from '../../src/worker/openModels.ts';
import { readKernels } from '../kernels/modules.ts';
import { writeRandomModel } from './randomModel.ts';

const text = 'red green blue\n'.repeat(40);
/** The number of models that there are, and the number of them that are to be open. */
const [all, fitting] = [10, 8];
const platform = nodePlatform(join(import.meta.dirname, '../../out'));
let directory: string;
let engine: Engine;
/** The predictors that have been made and not disposed of. */
const open = new Set<Predictor>();
const model = (n: number) => join(directory, `${n}`);
const sized = (n: number) => join(directory, `sized ${n}`);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-open-models-'));
  const tokenizer = new Tokenizer('characters', Vocabulary.of(text), []);
  for (let n = 0; n < all; n++)
    writeRandomModel(model(n), { tokenizer, cells: { Elman: builtinCells.get('Elman')! }, text });
  // The models differ in size by their texts, as far as their tables of counts grow.
  for (let n = 0; n < all; n++) {
    const of = pseudoText(3000 * n + 1000, n);
    writeRandomModel(sized(n), { tokenizer, cells: { Elman: builtinCells.get('Elman')! }, text: of });
  }
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

/** Returns a text of the letters of `text` in an order of their own. */
function pseudoText(length: number, seed: number): string {
  const next = random(seed);
  return Array.from({ length }, () => text[Math.floor(15 * next())]).join('');
}

type Made = ConstructorParameters<typeof OpenModels>;

/** @param bytes what the open models may take; by default, as much as they like */
const openModels = (bytes = Infinity, read: Made[2] = () => {}, join: Made[3] = () => {}) =>
  new OpenModels(Promise.resolve(engine), platform, read, join, bytes);

/** Returns the bytes that a model takes when it has been opened. */
const bytesOf = async (directory: string) =>
  memoryOf(await openModels().load({ model: directory, revision: '1' }));

async function bytesOfCounts(): Promise<number> {
  const models = openModels();
  await models.count('text', [text]);
  return memoryOf(models.loadCounted('text')!);
}

test('the last models that were used are open, and no others', async () => {
  const one = await bytesOf(model(0));
  open.clear();
  const models = openModels((fitting + 0.5) * one);
  for (let n = 0; n < all; n++) {
    await models.load({ model: model(n), revision: '1' });
    // The first model is used again and again, and so stays open.
    const first = await models.load({ model: model(0), revision: '1' });
    expect(models.get(model(0))).toBe(first);
  }
  expect(open.size).toBe(fitting);
  expect([1, 2].map((n) => models.get(model(n)))).toEqual([undefined, undefined]);
  expect(models.get(model(all - 1))).toBeDefined();
  await models.load({ model: model(0), revision: '2' });
  expect(open.size).toBe(fitting);
});

test('models of any sizes are open as long as they fit, as a list says', async () => {
  const sizes = await Promise.all(Array.from({ length: all }, (_, n) => bytesOf(sized(n))));
  expect(Math.max(...sizes)).toBeGreaterThan(1.1 * Math.min(...sizes));
  const next = random(4);
  for (const share of [0.01, 0.4, 1]) {
    const bound = share * sizes.reduce((a, b) => a + b);
    const models = openModels(bound);
    let list: number[] = [];
    for (let round = 0; round < 20; round++) {
      const n = Math.floor(all * next());
      await models.load({ model: sized(n), revision: '1' });
      list = [...list.filter((each) => each !== n), n];
      while (list.length > 1 && list.reduce((sum, each) => sum + sizes[each], 0) > bound) list.shift();
      const isOpen = (n: number) => models.get(sized(n)) !== undefined;
      expect(sizes.map((_, n) => n).filter(isOpen)).toEqual(list.toSorted((a, b) => a - b));
    }
  }
});

test('states that are cached count, and close the models that they leave no room for', async () => {
  const before = await bytesOf(model(0));
  const models = openModels(2.2 * before);
  await models.load({ model: model(1), revision: '1' });
  const used: OpenModel = await models.load({ model: model(0), revision: '1' });
  const ask = { document: 'a', offset: 0, before: text.repeat(8), after: '', typed: 0, count: 1 };
  await used.completer.suggest({ ...ask, confidence: 0.5, reading: 0.25, maxLength: 5 }, async () => {});
  expect(memoryOf(used)).toBeGreaterThan(1.3 * before);
  models.trim();
  expect([0, 1].map((n) => models.get(model(n)) !== undefined)).toEqual([true, false]);
  await used.completer.suggest(
    { ...ask, before: '', confidence: 0.5, reading: 0.25, maxLength: 5 },
    async () => {},
  );
  expect(memoryOf(used)).toBeLessThan(1.1 * before);
});

test('a model that is opened again is told again what it knew', async () => {
  const read: string[] = [];
  const one = await bytesOf(model(0));
  const models = openModels((fitting + 0.5) * one, (_, told) => read.push(told));
  await models.tell({ model: model(0), revision: '1' }, 'some text');
  await models.tell({ model: model(0), revision: '1' }, 'some text');
  await models.tell({ model: model(1), revision: '1' }, 'another');
  read.length = 0;
  // The text is the same beside other weights, so its library is still there.
  await models.load({ model: model(0), revision: '2' });
  expect(read).toEqual([]);
  for (let n = 2; n < all; n++) await models.load({ model: model(n), revision: '1' });
  expect(models.get(model(0))).toBeUndefined();
  await models.load({ model: model(0), revision: '2' });
  expect(read).toEqual(['some text']);
});

test('a text that is counted is open until its model is, and what was counted stays', async () => {
  const joins: Generator<void>[] = [];
  const models = openModels(
    Infinity,
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

test('of a long text the end suggests at once, and all of it some time after, beside the same network', async () => {
  const long = `yellow\n${text.repeat(80)}`;
  const tokenizer = new Tokenizer('characters', Vocabulary.of(long), []);
  const stored = join(directory, 'long');
  writeRandomModel(stored, { tokenizer, cells: { Elman: builtinCells.get('Elman')! }, text: long });
  const read: string[] = [];
  const later: Generator<void>[] = [];
  const models = openModels(
    Infinity,
    (_, told) => read.push(told),
    (steps) => later.push(steps),
  );
  open.clear();
  const first = await models.load({ model: stored, revision: '1' });
  expect(first.text).toBe(long.slice(-30_000));
  await models.tell({ model: stored, revision: '1' }, 'some text');
  // A newer revision does not count the text once more.
  expect(await models.load({ model: stored, revision: '2' })).toBe(first);
  expect(later).toHaveLength(1);
  for (const _ of later[0]) expect(models.get(stored)).toBe(first);
  const whole = models.get(stored)!;
  expect(whole.text).toBe(long);
  expect(whole.ngrams.memoryBytes).toBeGreaterThan(first.ngrams.memoryBytes);
  expect(whole.network).toBe(first.network);
  expect(open.size).toBe(1);
  expect(read).toEqual(['some text', 'some text']);
  const next = await models.load({ model: stored, revision: '2' });
  expect(next.ngrams).toBe(whole.ngrams);
  expect(open.size).toBe(1);
});

test('a model that is closed while its text is counted stays closed, and is counted when it is opened again', async () => {
  const tokenizer = new Tokenizer('characters', Vocabulary.of(text), []);
  const stored = join(directory, 'closed');
  writeRandomModel(stored, {
    tokenizer,
    cells: { Elman: builtinCells.get('Elman')! },
    text: text.repeat(80),
  });
  const later: Generator<void>[] = [];
  const models = openModels(
    1,
    () => {},
    (steps) => later.push(steps),
  );
  await models.load({ model: stored, revision: '1' });
  later[0].next();
  await models.load({ model: model(0), revision: '1' });
  const again = await models.load({ model: stored, revision: '1' });
  expect([...later[0]]).toEqual([]);
  expect(models.get(stored)).toBe(again);
  for (const _ of later[1]);
  expect(models.get(stored)!.text.length).toBe(80 * text.length);
});

test('texts are counted whole one at a time, that of the model that was used last first, and room is made for it', async () => {
  const tokenizer = new Tokenizer('characters', Vocabulary.of(text), []);
  const texts = Array.from({ length: 4 }, (_, n) => pseudoText(36_000, n));
  const stored = texts.map((text, n) => {
    const folder = join(directory, `whole ${n}`);
    writeRandomModel(folder, { tokenizer, cells: { Elman: builtinCells.get('Elman')! }, text });
    return folder;
  });
  const later: Generator<void>[] = [];
  const models = openModels(
    3 * (await bytesOf(stored[0])) + countingBytes(texts[0]) / 2,
    () => {},
    (steps) => later.push(steps),
  );
  const lengths = () => stored.map((folder) => models.get(folder)?.text.length);
  for (const folder of stored) await models.load({ model: folder, revision: '1' });
  // The first one's counting took the room of one more. It was closed before the others, and no other text is counted yet.
  expect(lengths()).toEqual([undefined, 30_000, 30_000, 30_000]);
  expect(later).toHaveLength(1);
  // The one that was used last takes its turn, and the room of the one that was used first.
  expect([...later[0]]).toEqual([]);
  expect(lengths()).toEqual([undefined, undefined, 30_000, 30_000]);
  await models.load({ model: stored[2], revision: '1' });
  expect(later).toHaveLength(2);
  for (const _ of later[1]);
  expect(lengths()[3]).toBe(36_000);
  expect(later).toHaveLength(3);
  for (const _ of later[2]);
  expect(lengths()[2]).toBe(36_000);
  expect(later).toHaveLength(3);
});

test('texts that are counted are among the last models that were used', async () => {
  const models = openModels(2.5 * (await bytesOfCounts()));
  for (let n = 0; n < 3; n++) await models.count(`text ${n}`, [text]);
  expect(models.loadCounted('text 0')).toBeNull();
  expect(models.loadCounted('text 1')).not.toBeNull();
});

test('a model that cannot be read leaves the others, and the one that was open, as they are', async () => {
  const models = openModels();
  const before = await models.load({ model: model(0), revision: '1' });
  await expect(models.load({ model: model(99), revision: '1' })).rejects.toThrow('no whole Unroll model');
  expect(models.get(model(0))).toBe(before);
});

test('a network that is slow reads on in slices after a suggestion, and no longer than its model is open', async () => {
  let time = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => time);
  const joins: Generator<void>[] = [];
  const slow = {
    ...engine,
    predict(...of: Parameters<Engine['predict']>) {
      const predictor = engine.predict(...of);
      const next = predictor.next.bind(predictor);
      predictor.next = (...read) => {
        time += 8;
        next(...read);
      };
      return predictor;
    },
  };
  try {
    const models = new OpenModels(
      Promise.resolve(slow),
      platform,
      () => {},
      (steps) => joins.push(steps),
    );
    const ask = { document: 'a', offset: 0, before: text, after: '', typed: 0, count: 1 };
    const suggest = ({ completer }: OpenModel) =>
      completer.suggest({ ...ask, confidence: 0.5, reading: 0.25, maxLength: 5 }, async () => {});
    const first = await models.load({ model: model(0), revision: '1' });
    await suggest(first);
    expect(first.completer.isBehind).toBe(true);
    models.catchUp(model(0));
    models.catchUp(model(0));
    expect(joins).toHaveLength(1);
    for (const _ of joins[0]);
    expect(first.completer.isBehind).toBe(false);
    models.catchUp(model(0));
    expect(joins).toHaveLength(1);

    await suggest(await models.load({ model: model(1), revision: '1' }));
    models.catchUp(model(1));
    joins[1].next();
    await models.load({ model: model(1), revision: '2' });
    expect(joins[1].next().done).toBe(true);
  } finally {
    clock.mockRestore();
  }
});

test('a network that is large does not go on learning while one types', async () => {
  const tokenizer = new Tokenizer('characters', Vocabulary.of(text), []);
  const large = join(directory, 'large');
  writeRandomModel(large, { tokenizer, cells: { LSTM: builtinCells.get('LSTM')! }, hidden: 512, text });
  const models = openModels();
  const learns = async (model: string) =>
    (await models.load({ model, revision: '1' })).network!.dynamicEvaluation !== null;
  expect([await learns(model(0)), await learns(large)]).toEqual([true, false]);
});
