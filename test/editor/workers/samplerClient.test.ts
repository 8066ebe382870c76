// Tests the built sampler in a thread of its own, as the host runs it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

describe('an encoder-decoder', () => {
  /** Trains on a table of 60 rows whose columns are these. */
  const trainedOn = (row: (n: number) => string) =>
    trained(
      ['source,target', ...Array.from({ length: 60 }, (_, n) => row(n))].join('\n'),
      { 'model.layers': 'DecoderGRU 8', 'model.encoder': 'GRU 8', 'train.epochs': 1 },
      { task: { kind: 'encoder-decoder', reads: ['source'], writes: 'target', heldOut: null } },
    );
  const name = (n: number) => `${'abcde'[n % 5]}${'xyz'[n % 3]}${'abcde'[(n >> 1) % 5]}`;

  test.each<[string, (n: number) => string, RegExp]>([
    ['for a category', (n) => `${n % 2 ? 'hard' : 'soft'},${name(n)}`, /^(hard|soft) → [a-exyz]*$/],
    ['for numbers', (n) => `${n / 8},${name(n)}`, /^\d+(\.\d+)? → [a-exyz]*$/],
  ])('draws texts %s, as the seed decides', async (_, row, line) => {
    const directory = await trainedOn(row);
    try {
      const sample = await write({ model: directory });
      expect(sample).toMatchObject({ temperature: 1, step: expect.any(Number) });
      const lines = sample.text.split('\n');
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.length).toBeLessThanOrEqual(8);
      for (const each of lines) expect(each).toMatch(line);
      expect(await write({ model: directory })).toEqual(sample);
      expect((await write({ model: directory, seed: 2 })).text).not.toBe(sample.text);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('writes the likeliest target of a text, without a temperature', async () => {
    const directory = await trainedOn((n) => `${name(n)}${n},${n}`);
    try {
      const sample = await write({ model: directory });
      expect(sample.temperature).toBeNull();
      for (const each of sample.text.split('\n')) expect(each).toMatch(/^[a-exyz]{3}\d+ → \d* {2}[✓✗]/);
      const manifest = join(directory, 'model.json');
      writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), text: null }));
      await expect(write({ model: directory })).rejects.toThrow(
        /Nothing is kept of the table of this model: say/,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
