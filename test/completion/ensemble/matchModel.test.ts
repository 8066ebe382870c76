import { expect, test } from 'vitest';
import { type Match, MatchModel } from '../../../src/completion/ensemble/matchModel.ts';
import { beginning, NgramContexts } from '../../../src/completion/ensemble/ngramContexts.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';

const text = 'the quick brown fox jumps. The lazy dog sleeps. ';
const vocabulary = Vocabulary.of(text);
const contexts = new NgramContexts(vocabulary);

function read(matches: MatchModel, text: string, learning: boolean) {
  let [context, match] = [beginning, null as Match | null];
  for (const token of vocabulary.encode(text)) {
    const after = contexts.follow(context, token);
    const next = matches.follow(match, after);
    if (learning) matches.learn(match, context, token);
    [context, match] = [after, next];
  }
  return match;
}

const expected = (matches: MatchModel, match: Match | null) => {
  const expectation = matches.expect(match);
  return expectation && vocabulary.characters[expectation.token];
};

test.each([
  ['points at what came after the same text', 'a quick brown', ' '],
  ['and goes along with it', 'a quick brown fo', 'x'],
  ['finds nothing where too little agrees', 'the slow fo', null],
  ['finds nothing at the end of what it has read', 'dog sleeps. ', null],
  ['is lost where the text takes another way', 'the quick brown dox', null],
])('%s', (_, typed, token) => {
  const matches = new MatchModel();
  read(matches, text, true);
  expect(expected(matches, read(matches, typed, false))).toBe(token);
});

test('the latest of several places counts', () => {
  const matches = new MatchModel();
  read(matches, 'quick brown fox. quick brown dog. ', true);
  expect(expected(matches, read(matches, 'quick brown ', false))).toBe('d');
});

test('what is learned in another place is found with what stood before it there', () => {
  const matches = new MatchModel();
  read(matches, text, true);
  const before = read(matches, 'dog fox dog ', false);
  let context = beginning;
  for (const token of vocabulary.encode('dog fox dog ')) context = contexts.follow(context, token);
  matches.learn(before, context, vocabulary.token('s'));
  expect(expected(matches, read(matches, 'dog fox dog ', false))).toBe('s');
});

test('the evidence is how matches of its length have fared', () => {
  const matches = new MatchModel();
  read(matches, 'the quick brown fox jumps over the dog. '.repeat(20), true);
  const after = (typed: string) => matches.expect(read(matches, typed, false))!.evidence;
  expect(after('the quick brown fox jumps over the dog. '.repeat(11))).toBeGreaterThan(
    after('the quick brown'),
  );
});

test('however often matches come true, nothing is certain', () => {
  const matches = new MatchModel();
  const again = 'the quick brown fox jumps over the dog. '.repeat(500);
  const { evidence } = matches.expect(read(matches, again, true))!;
  expect(evidence).toBeGreaterThan(5);
  expect(evidence).toBeLessThan(7);
});
