// Compares the baselines of `evaluate` with what they are by definition.
import { expect, test } from 'vitest';
import { typeWithNgrams, typeWithWords } from '../../../src/cli/evaluate/baselines.ts';
import { random } from '../../../src/tape/random.ts';

test('words are completed to the most frequent one that begins so', async () => {
  const before = 'configure configuration configuration cat ';
  // The keys are c, the completion to the more frequent word, and the space.
  const { saved, precision } = await typeWithWords(before, 'configuration ');
  expect(saved).toBeCloseTo(1 - 3 / 14);
  expect(precision).toBe(1);
  expect((await typeWithWords(before, 'configure ')).precision).toBeLessThan(1);
});

test('a word is known from its second occurrence on, while the text is typed', async () => {
  const { saved } = await typeWithWords('', 'pneumatic, pneumatic');
  // The first word and what follows it take 11 keys, the second takes its first letter and the completion.
  expect(saved).toBeCloseTo(1 - 13 / 20);
});

/** Computes p(text[at] | what is before) by Witten and Bell's formula from counts over the text before. */
function slowProbability(text: readonly string[], at: number): number {
  let p = 1 / 256;
  for (let length = 0; length <= Math.min(6, at); length++) {
    const followers: string[] = [];
    for (let i = length; i < at; i++)
      if (text.slice(i - length, i).join('') === text.slice(at - length, at).join(''))
        followers.push(text[i]);
    if (followers.length === 0) break;
    const kinds = new Set(followers).size;
    const count = followers.filter((character) => character === text[at]).length;
    p = (count + kinds * p) / (followers.length + kinds);
  }
  return p;
}

test.each(['aabbc d', 'aa👍👍🙂 d'])(
  'the loss of the n-gram model is that of Witten and Bell, counted again for every character of %j',
  async (alphabet) => {
    const next = random(5);
    const text = Array.from({ length: 300 }, () => [...alphabet][Math.floor(next() * 7)]);
    const [before, held] = [text.slice(0, 220), text.slice(220)];
    const bits = held.map((_, i) => -Math.log2(slowProbability(text, before.length + i)));
    const { bpc } = await typeWithNgrams(before.join(''), held.join(''));
    expect(bpc).toBeCloseTo(bits.reduce((sum, each) => sum + each) / held.length, 10);
  },
);

test.each(['the pump is on\n', 'the pump 👍 is 🙂\n'])(
  'the n-gram model suggests %j to the end of a line and no further',
  async (line) => {
    const { saved, precision, confidence } = await typeWithNgrams(line.repeat(50), line.repeat(4));
    // Each line takes the acceptance and the line break.
    expect(saved).toBeCloseTo(1 - 2 / [...line].length);
    expect(precision).toBe(1);
    expect(confidence).toBeGreaterThanOrEqual(0.5);
  },
);
