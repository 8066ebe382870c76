import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shortest } from '../../../src/completion/decoding/expectedUtility.ts';
import {
  type SuggestOptions,
  suggest,
  suggestionDefaults,
} from '../../../src/completion/decoding/suggest.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';
import { choosing, knowing } from '../knowing.ts';

const line = 'return this.options;\n';
const vocabulary = Vocabulary.of(`${line}if👍`);
const pause = async () => {};
/** A clock that stands still: the search ends where nothing likely is left. */
const now = () => 0;
const usual = { after: '', confidence: 0.5, reading: 0, maxLength: 60, count: 1 };

async function suggestion(before: string, sure: number, options: Partial<SuggestOptions> = {}) {
  const model = knowing(line, vocabulary, sure);
  let position = model.begin();
  for (const token of vocabulary.encode(before)) position = model.read(position, token);
  const [first] = await suggest(model, position, { ...usual, ...options }, 0.7, pause, now);
  return first ?? { text: '', probability: 0 };
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
  const [first] = await suggest(model, position, usual, 0.7, pause, now);
  expect(first?.text ?? '').toBe(expected);
});

describe('alternatives', () => {
  const texts = ['red fish\n', 'red wine\n', 'blue sky\n', 'redder\n'];
  const alphabet = Vocabulary.of(texts.join(''));
  const odds = [0.5, 0.25, 0.15, 0.1];
  /** A model that expects one of the texts by its odds, and then anything. */
  const model = choosing(texts, odds, alphabet);
  const choose = async (count: number) =>
    (await suggest(model, model.begin(), { ...usual, count }, 0.7, pause, now)).map(({ text }) => text);

  test('are different from where they part, best first', async () => {
    expect(await choose(4)).toEqual(['red ', 'blue sky\n', 'redder\n']);
    expect(await choose(2)).toEqual(['red ', 'blue sky\n']);
  });

  test('are only for who asks', async () => {
    expect(await choose(1)).toEqual(['red']);
  });

  test('none is another’s beginning, whatever stands after the cursor', async () => {
    const next = random(3);
    for (let i = 0; i < 50; i++) {
      const some = Array.from({ length: 6 }, () =>
        Array.from({ length: 6 }, () => 'ab ;'[Math.floor(4 * next())]).join(''),
      );
      const kinds = [...new Set(some)];
      const model = choosing(
        kinds,
        kinds.map(() => 1 / kinds.length),
        Vocabulary.of('ab ;'),
      );
      const after = 'ab ;'.slice(Math.floor(4 * next()));
      const found = await suggest(model, model.begin(), { ...usual, count: 4, after }, 0.7, pause, now);
      for (const [a, { text }] of found.entries())
        for (const other of found.slice(a + 1)) {
          expect(text.startsWith(other.text)).toBe(false);
          expect(other.text.startsWith(text)).toBe(false);
        }
    }
  });
});

test('inside a word, what joins up with the rest of it is shown', async () => {
  expect((await suggestion('return th', 0.999, { after: 'options;' })).text).toBe('is.');
  expect((await suggestion('return th', 0.999, { after: 'is.options;' })).text).toBe('');
});

test.each([
  ['whole as an emoji of several', ['👩‍💻👩‍💻', '👩‍💻👩‍🔬'], '👩‍💻'],
  ['whole as a flag', ['🇩🇪🇩🇪', '🇩🇪🇩🇰'], '🇩🇪'],
  ['whole with its accent', ['une e\u0301', 'une ecole'], 'une '],
  ['no half of a pair', ['ab\ud83d', 'ab\ud83d'], 'ab'],
])('the last character is %s', async (_, texts, expected) => {
  const model = choosing(texts, [0.5, 0.5], Vocabulary.of(texts.join('')));
  const [shown] = await suggest(model, model.begin(), { ...usual, confidence: 0.8 }, 0.7, pause, now);
  expect(shown.text).toBe(expected);
});

test('a cancellation ends it at once', async () => {
  const cancelled = async () => {
    throw new Error('cancelled');
  };
  const model = knowing(line, vocabulary, 0.999);
  await expect(suggest(model, model.begin(), usual, 0.7, cancelled, now)).rejects.toThrow('cancelled');
});

describe('the search ends by time', () => {
  /** Returns what is suggested by a network that takes `step` milliseconds a step, and the time that it took. */
  async function timed(step: number) {
    const model = knowing(line, vocabulary, 0.999);
    let time = 0;
    const slow: typeof model = {
      ...model,
      read(position, token) {
        time += step;
        return model.read(position, token);
      },
    };
    const position = [...'return '].reduce(
      (at, each) => model.read(at, vocabulary.token(each)),
      model.begin(),
    );
    const [first] = await suggest(slow, position, usual, 0.7, pause, () => time);
    return { text: first?.text ?? '', time };
  }

  test('and the best of what was found by then is suggested', async () => {
    const { text, time } = await timed(6);
    expect('this.options;'.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThanOrEqual(shortest);
    expect(time).toBeGreaterThan(10);
    expect(time).toBeLessThanOrEqual(25);
  });

  test('earlier where it has made many steps', async () => {
    const { text, time } = await timed(0.4);
    expect(text.length).toBeGreaterThan('this.options;'.length);
    expect(time).toBeGreaterThan(9);
    expect(time).toBeLessThan(11);
  });

  test('and not before it has found all that is likely', async () => {
    const { text } = await timed(0.1);
    expect(text).toBe((await suggestion('return ', 0.999)).text);
  });

  test('even where a single step takes too long', async () => {
    const { time } = await timed(30);
    expect(time).toBe(60);
  });
});

test('the defaults are those of the settings', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
  const settings = Object.assign({}, ...contributes.configuration.map(({ properties }: never) => properties));
  for (const [name, value] of Object.entries(suggestionDefaults))
    expect(settings[`unroll.completion.${name}`].default).toBe(value);
});
