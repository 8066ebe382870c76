import { describe, expect, test } from 'vitest';
import type { Predictor } from '../../src/backend/engine.ts';
import { suggest, withoutWhatFollows } from '../../src/completion/suggest.ts';
import { Trail } from '../../src/completion/trail.ts';
import { Vocabulary } from '../../src/training/vocabulary.ts';

const line = 'return this.options;\n';
const vocabulary = Vocabulary.of(`${line}👍`);

/** Knows `line` by heart: each character follows with probability `sure`. */
function knowing(sure: number): Predictor {
  const characters = [...line];
  return {
    stateSize: 1,
    vocabulary: vocabulary.size,
    initial: () => Float32Array.of(0),
    next(state, _token, nextState, logits) {
      const at = state[0] + 1;
      nextState[0] = at;
      logits.fill(Math.log((1 - sure) / (vocabulary.size - 1)));
      logits[vocabulary.token(characters[at % characters.length])] = Math.log(sure);
    },
    dispose() {},
  };
}

const pause = async () => {};

async function suggestion(
  before: string,
  sure: number,
  options: Partial<Parameters<typeof suggest>[3]> = {},
) {
  const predictor = knowing(sure);
  const position = await new Trail(predictor, vocabulary).read(0, before, pause);
  return suggest(
    predictor,
    vocabulary,
    position,
    { after: '', confidence: 0.5, maxLength: 60, ...options },
    pause,
  );
}

test('goes on to the end of the line, and not beyond', async () => {
  expect((await suggestion('return ', 0.999)).text).toBe('this.options;');
});

test('stops where the whole is less probable than asked for', async () => {
  const { text, probability } = await suggestion('return ', 0.8);
  expect(text).toBe('thi');
  expect(probability).toBeCloseTo(0.8 ** 3, 5);
});

test('shows nothing that one key would type as well', async () => {
  expect((await suggestion('return ', 0.6)).text).toBe('');
});

test('is no longer than asked for', async () => {
  expect((await suggestion('return ', 0.999, { maxLength: 5 })).text).toBe('this.');
});

test('does not double what stands after the cursor', async () => {
  expect((await suggestion('return ', 0.999, { after: ';' })).text).toBe('this.options');
  expect((await suggestion('return ', 0.999, { after: 'this.options;' })).text).toBe('');
});

test('a cancellation ends it at once', async () => {
  const cancelled = async () => {
    throw new Error('cancelled');
  };
  const predictor = knowing(0.999);
  const position = await new Trail(predictor, vocabulary).read(0, 'return ', pause);
  await expect(
    suggest(predictor, vocabulary, position, { after: '', confidence: 0.5, maxLength: 60 }, cancelled),
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
