import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { readCorpus } from '../../../src/data/text/corpus.ts';
import { random } from '../../../src/tape/random.ts';
import { type ChoiceSetting, chooseTokens } from '../../../src/tasks/languageModel/chooseTokens.ts';

const engine: Engine = (await startWasm({
  read: (build) => readFile(join(import.meta.dirname, '../../../out/kernels', `${build}.wasm`)),
  threads: 1,
  spawn: null,
}))!;

const next = random(1);
const some = (from: string | readonly string[], length: number) =>
  Array.from({ length }, () => from[Math.floor(next() * from.length)]);
const letters = 'abcdefghijklmnopqrstuvwxyz';
const stock = Array.from({ length: 300 }, () => some(letters, 7).join(''));
const prose = some(stock, 40_000).join(' ');
const digits = some('0123456789', 200_000).join('');

const choose = (text: string, more: Partial<ChoiceSetting> = {}) =>
  chooseTokens({
    corpus: readCorpus(text),
    seed: 1,
    seconds: null,
    epochs: 8,
    engine,
    breathe: async () => {},
    now: () => 0,
    ...more,
  });

test('a text of few words is read in pieces, and that is said with what was measured', async () => {
  const { corpus, remark } = await choose(prose);
  expect(corpus.tokenizer.kind).toBe('pieces');
  expect(corpus.charactersPerToken).toBeGreaterThan(1.1);
  expect(remark).toMatch(/^Tokens: pieces\. .* with characters, .* with pieces/);
});

test('digits are read one by one', async () => {
  const { corpus, remark } = await choose(digits);
  expect(corpus.tokenizer.kind).toBe('characters');
  expect(remark).toMatch(/^Tokens: characters/);
});

test.each<[string, Partial<ChoiceSetting>]>([
  ['few seconds', { seconds: 5 }],
  ['few passes', { epochs: 1 }],
  ['passes in which pieces would be memorised', { epochs: 9 }],
  ['seconds for as many passes', { seconds: 60, epochs: null }],
])('%s are not spent on trials', async (_, budget) => {
  expect(await choose(prose, budget)).toMatchObject({
    corpus: { tokenizer: { kind: 'characters' } },
    remark: null,
  });
});

test('a machine that is too slow for trials keeps to characters, and says so', async () => {
  let clock = 0;
  const { corpus, remark } = await choose(prose, { seconds: 30, now: () => (clock += 1000) });
  expect(corpus.tokenizer.kind).toBe('characters');
  expect(remark).toMatch(/too slow/);
});
