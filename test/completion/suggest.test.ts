import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { suggest, suggestionDefaults, withoutWhatFollows } from '../../src/completion/suggest.ts';
import { Vocabulary } from '../../src/training/vocabulary.ts';
import { knowing } from './knowing.ts';

const line = 'return this.options;\n';
const vocabulary = Vocabulary.of(`${line}if👍`);
const pause = async () => {};

async function suggestion(
  before: string,
  sure: number,
  options: Partial<Parameters<typeof suggest>[2]> = {},
) {
  const model = knowing(line, vocabulary, sure);
  let position = model.begin();
  for (const token of vocabulary.encode(before)) position = model.read(position, token);
  return suggest(model, position, { after: '', confidence: 0.5, maxLength: 60, ...options }, 0.7, pause);
}

test('goes on for as long as it is sure, over the end of one line at most', async () => {
  const { text, probability } = await suggestion('return ', 0.999);
  expect(text).toBe('this.options;\nreturn this.options;');
  expect(probability).toBeCloseTo(0.999 ** 34, 5);
});

test('no line is begun before what stands after the cursor', async () => {
  expect((await suggestion('return this.options;', 0.999, { after: 'x' })).text).toBe('');
});

test('shows nothing where it does not know', async () => {
  expect(await suggestion('return ', 0.3)).toEqual({ text: '', probability: 0 });
});

test('is no longer than asked for', async () => {
  expect((await suggestion('return ', 0.999, { maxLength: 5 })).text).toBe('this.');
});

test('does not double what stands after the cursor', async () => {
  expect((await suggestion('return ', 0.999, { after: ';' })).text).toBe('this.options');
  expect((await suggestion('return ', 0.999, { after: 'this.options;' })).text).toBe('');
});

test.each([
  ['an indentation is shown', 'if\n    ', 'if\n', '    '],
  ['an empty line is not', 'if\n\n', 'if', ''],
])('%s', async (_, line, before, expected) => {
  const model = knowing(`${line}\0`, vocabulary, 0.999);
  let position = model.begin();
  for (const token of vocabulary.encode(before)) position = model.read(position, token);
  const options = { after: '', confidence: 0.5, maxLength: 60 };
  expect((await suggest(model, position, options, 0.7, pause)).text).toBe(expected);
});

test('a cancellation ends it at once', async () => {
  const cancelled = async () => {
    throw new Error('cancelled');
  };
  const model = knowing(line, vocabulary, 0.999);
  await expect(
    suggest(model, model.begin(), { after: '', confidence: 0.5, maxLength: 60 }, 0.7, cancelled),
  ).rejects.toThrow('cancelled');
});

describe('what follows the cursor is left out', () => {
  test.each([
    ['foo)', ')', 'foo'],
    ['foo(bar);', ');', 'foo(bar'],
    ['foo', '', 'foo'],
    ['max', 'x + 1', 'max'],
    ['a + x', 'x', 'a + '],
    ['same', 'same', ''],
    ['foo', ' = 1', 'foo'],
  ])('%j before %j is %j', (text, after, expected) => {
    expect(withoutWhatFollows(text, after)).toBe(expected);
  });
});

test('the defaults are those of the settings', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
  const settings = Object.assign({}, ...contributes.configuration.map(({ properties }: never) => properties));
  for (const [name, value] of Object.entries(suggestionDefaults))
    expect(settings[`unroll.completion.${name}`].default).toBe(value);
});
