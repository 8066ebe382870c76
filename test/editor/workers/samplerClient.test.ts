// Tests the built sampler in a thread of its own, as the host runs it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSample } from '../../../src/editor/workers/oneRequest.ts';
import type { SampleRequest } from '../../../src/protocol/sampler.ts';
import { start, trained } from '../../worker/trained.ts';

const text = 'red green blue\n'.repeat(60);
let model: string;

beforeAll(async () => {
  model = await trained(text, { 'model.layers': 'GRU 8', 'train.epochs': 1 });
});
afterAll(() => rmSync(model, { recursive: true }));

const write = (more: Partial<SampleRequest> = {}) =>
  writeSample(start('sampler'), { model, temperature: 1, seed: 1, ...more });

test('a model writes in its own alphabet; the seed decides what', async () => {
  const sample = await write();
  expect(sample).toMatchObject({ temperature: 1, step: expect.any(Number) });
  expect(sample.text).toHaveLength(240);
  expect([...sample.text].filter((character) => !text.includes(character))).toEqual([]);
  expect(await write()).toEqual(sample);
  expect((await write({ seed: 2 })).text).not.toBe(sample.text);
});

test('without temperature the seed decides nothing', async () => {
  expect((await write({ temperature: 0, seed: 2 })).text).toBe((await write({ temperature: 0 })).text);
});

test('what is no model is a sentence', async () => {
  await expect(write({ model: join(model, 'none') })).rejects.toThrow(/no whole Unroll model/);
});
