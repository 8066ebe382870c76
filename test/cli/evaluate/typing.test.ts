// Counts the keys that suggestions save with typists whose suggestions are known.
import { expect, test } from 'vitest';
import { split, type } from '../../../src/cli/evaluate/typing.ts';

/** Returns a typist that suggests what `suggestions` has for the text typed so far, and what it has read. */
function typist(suggestions: Readonly<Record<string, string>>) {
  let read = '';
  let rests = 0;
  return {
    suggest: async () => suggestions[read] ?? '',
    read: (character: string) => {
      read += character;
    },
    rest: () => void rests++,
    seen: () => ({ read, rests }),
  };
}

test('an accepted suggestion costs one key, whatever its length', async () => {
  const helper = typist({ a: 'bcdef' });
  const { characters, saved, precision } = await type('abcdefgh', helper);
  expect(characters).toBe(8);
  // The keys are a, the acceptance, g and h.
  expect(saved).toBeCloseTo(1 - 4 / 8);
  expect(precision).toBe(1);
  expect(helper.seen()).toEqual({ read: 'abcdefgh', rests: 4 });
});

test('a suggestion that is wrong, or longer than the rest, saves nothing and counts as shown', async () => {
  const { saved, precision } = await type('abcd', typist({ '': 'abd', a: 'bc', abc: 'de' }));
  expect(saved).toBeCloseTo(1 - 3 / 4);
  expect(precision).toBeCloseTo(1 / 3);
});

test('how many are shown, how long those are that are accepted, and which stop inside a word', async () => {
  const typed = await type('the rest of it', typist({ th: 'xx', the: ' rest', 'the rest ': 'of i' }));
  expect(typed.shownPer100).toBeCloseTo((100 * 3) / 14);
  expect(typed.charactersPerAccepted).toBeCloseTo(4.5);
  expect(typed.endsInsideWord).toBeCloseTo(1 / 2);
  const none = await type('ab', typist({}));
  expect(none).toMatchObject({ shownPer100: 0, charactersPerAccepted: 0, endsInsideWord: 0 });
});

test('a typist who stops has typed what came before, and waits between keys', async () => {
  const helper = typist({ ab: 'cd' });
  const waiting = { ...helper, rest: async () => helper.rest(), isDone: () => helper.seen().read.length > 3 };
  const { characters, saved, shownPer100 } = await type('abcdefgh', waiting);
  expect(helper.seen()).toEqual({ read: 'abcd', rests: 3 });
  expect([characters, saved, shownPer100]).toEqual([4, 1 - 3 / 4, 25]);
  expect(await type('abc', { ...helper, isDone: () => true })).toMatchObject({ characters: 0, saved: 0 });
});

test('a suggestion of one character is not shown', async () => {
  const { saved, precision } = await type('ab', typist({ '': 'a' }));
  expect([saved, precision]).toEqual([0, 0]);
});

test('the last tenth of a text is typed, and at most 8000 characters of it', () => {
  expect(split('abcdefghij'.repeat(3))).toEqual({ before: 'abcdefghij'.repeat(3).slice(0, 27), held: 'hij' });
  expect(split('a'.repeat(200_000)).held).toHaveLength(8000);
});

test('a character outside of the first 65,536 is typed and accepted whole', async () => {
  const helper = typist({ a: '👍🙂', 'a👍🙂b': '👍' });
  const typed = await type('a👍🙂b👍', helper);
  // The keys are a, the acceptance, b and the last character, of which a suggestion is too short.
  expect(typed).toMatchObject({ characters: 5, saved: 1 - 4 / 5, precision: 1, charactersPerAccepted: 2 });
  expect(helper.seen()).toEqual({ read: 'a👍🙂b👍', rests: 4 });
  expect((await type('🙂👍', typist({ '': '🙂🙂' }))).precision).toBe(0);
  expect(split('👍🙂'.repeat(15))).toEqual({ before: `${'👍🙂'.repeat(13)}👍`, held: '🙂👍🙂' });
});
