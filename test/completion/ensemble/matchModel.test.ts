import { expect, test } from 'vitest';
import { type Match, MatchModel, matchStates, ranks } from '../../../src/completion/ensemble/matchModel.ts';
import { beginning, NgramContexts } from '../../../src/completion/ensemble/ngramContexts.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';

const text = 'the quick brown fox jumps. The lazy dog sleeps. ';
const vocabulary = Vocabulary.of(text);
const contexts = new NgramContexts(vocabulary);

function read(matches: MatchModel, text: string, learning: boolean) {
  let [context, match] = [beginning, null as Match | null];
  for (const token of vocabulary.encode(text)) {
    const after = contexts.follow(context, token);
    const next = matches.follow(match, after);
    if (learning) matches.learn(context, token);
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
  ['goes on where the text differs in a few letters', 'the quick brown fax', ' '],
  ['is lost where the text takes another way', 'the quick brown cat slept on', null],
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
  let context = beginning;
  for (const token of vocabulary.encode('dog fox dog ')) context = contexts.follow(context, token);
  matches.learn(context, vocabulary.token('s'));
  expect(expected(matches, read(matches, 'dog fox dog ', false))).toBe('s');
});

test('what is known of a match is told by its length, and by how often it was wrong lately', () => {
  const matches = new MatchModel();
  read(matches, 'the quick brown fox jumps over the dog. '.repeat(20), true);
  const after = (typed: string) => matches.expect(read(matches, typed, false))!;
  const [short, long] = ['the quick brown', 'the quick brown fox jumps over the dog. '.repeat(11)].map(after);
  expect(long.rank).toBeGreaterThan(short.rank);
  expect(long.state).not.toBe(short.state);
  const wrong = after('the quick brown fax');
  expect([short.state, long.state]).not.toContain(wrong.state);
  expect(wrong.rank).toBeGreaterThan(long.rank);
  for (const { state, rank } of [short, long, wrong]) {
    expect(state).toBeLessThan(matchStates);
    expect(rank).toBeLessThan(ranks);
  }
});

test('a match that was wrong gives way to one that is right', () => {
  const matches = new MatchModel();
  read(matches, 'the quick brown fox jumps. a lazy dog sleeps well. ', true);
  const match = read(matches, 'the quick brown dog sleep', false);
  expect(expected(matches, match)).toBe('s');
  expect(match!.misses).toBe(0);
});

test('the index is as large as the text asks for, and grows with it: what was read before is found', () => {
  const bytes = (expected: number) => new MatchModel(expected).memoryBytes;
  expect(bytes(1000)).toBeLessThan(50_000);
  expect(bytes(1_000_000)).toBeGreaterThan(4_000_000);
  const next = random(1);
  const filler = Array.from({ length: 20_000 }, () => text[Math.floor(next() * text.length)]).join('');
  const matches = new MatchModel();
  const before = matches.memoryBytes;
  read(matches, `the quick brown fox ${filler}`, true);
  expect(matches.memoryBytes).toBeGreaterThan(10 * before);
  expect(expected(matches, read(matches, 'the quick brown ', false))).toBe('f');
});
