import { expect, test } from 'vitest';
import { Tokenizer } from '../../../../src/data/text/tokens/tokenizer.ts';
import { spell } from '../../../../src/data/text/tokens/tokenSpans.ts';
import { Vocabulary } from '../../../../src/data/text/vocabulary.ts';

test('a text that is cut within a character ends where it ends, however often it is spelt', () => {
  const tokenizer = new Tokenizer('words', Vocabulary.of('ab'), []);
  const whole = 'ab\u{1f98b}'.repeat(400);
  let beyond = 0;
  for (let n = 0; n < 20_000; n++) {
    // It is so long that it shares the characters of the whole text.
    const text = whole.slice(0, 4 * (n % 5) + 15);
    if (spell(tokenizer, text).offsets.at(-1) !== text.length) beyond++;
  }
  expect(beyond).toBe(0);
});
