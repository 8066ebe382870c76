// The sampler as the host runs it: the built one, in a thread of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSample } from '../../src/editor/samplerClient.ts';
import { startTrainer } from '../../src/editor/trainerClient.ts';
import type { SampleRequest } from '../../src/protocol/sampler.ts';

const script = (name: string) => join(import.meta.dirname, `../../out/${name}.cjs`);
const text = 'red green blue\n'.repeat(60);
let model: string;

beforeAll(async () => {
  model = mkdtempSync(join(tmpdir(), 'unroll-sampler-'));
  const settings = { 'model.layers': 'GRU 8', 'train.k1': 10, 'train.k2': 10, 'train.batch': 4 };
  const trainer = startTrainer(
    script('trainer'),
    {
      type: 'train',
      request: {
        documents: [text],
        source: 'a',
        title: 'a',
        uri: null,
        pattern: null,
        remarks: [],
        sourceCharacters: text.length,
        languageId: 'a',
        directory: model,
        settings: { ...settings, 'train.seconds': null, 'train.epochs': 1 },
        definition: null,
        cell: null,
      },
    },
    ({ type }) => {
      if (type === 'done' || type === 'failed') trainer.close();
    },
  );
  await trainer.ended;
});
afterAll(() => rmSync(model, { recursive: true }));

const write = (more: Partial<SampleRequest> = {}) =>
  writeSample(script('sampler'), { model, temperature: 1, seed: 1, ...more });

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
