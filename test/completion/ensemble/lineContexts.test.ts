import { describe, expect, test } from 'vitest';
import { isSeparator, LineContexts, noLine } from '../../../src/completion/ensemble/lineContexts.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';

const vocabulary = Vocabulary.of('abcdefgh 12,;\n');
const contexts = new LineContexts(vocabulary.token('\n'), vocabulary.characters.map(isSeparator));

const read = (text: string) =>
  vocabulary.encode(text).reduce((line, token) => contexts.follow(line, token, 0), noLine);

/** Returns the character above the next one, or '' where the line above is shorter. */
function above(text: string): string {
  const at = contexts.above(read(text));
  return at === 0 ? '' : vocabulary.characters[at - 1];
}

describe('the character above', () => {
  test.each([
    ['is that of the same column', 'abc\nde', 'c'],
    ['is the first one at the beginning of a line', 'abc\n', 'a'],
    ['is none in the first line', 'ab', ''],
    ['is none where the line above is shorter', 'ab\nabcd', ''],
    ['is none below an empty line', 'abc\n\n', ''],
  ])('%s', (_, text, expected) => expect(above(text)).toBe(expected));
});

test('the place in a field is that of the same field above, whatever the fields before are long', () => {
  const place = (text: string) => contexts.aboveInField(read(text));
  expect(place('abc,gh\nd,')).toBe(place('a,gh\nabc,'));
  expect(place('abc,gh\nd,g')).toBe(place('a,gh\nabc,g'));
  expect(place('abc,gh\nd,')).not.toBe(place('abc,gh\nd,g'));
});

test('a field has a number and a hash of its own', () => {
  const [first, second, other] = ['a,bc', 'dd;bc', 'a,b'].map(read);
  expect([first.field, first.fieldHash]).toEqual([second.field, second.fieldHash]);
  expect(other.fieldHash).not.toBe(first.fieldHash);
  expect(read('bc').fieldHash).toBe(first.fieldHash);
  expect(read('bc').field).toBe(0);
});

test('the first word of a line stays known to its end, and no longer', () => {
  let line = contexts.follow(noLine, vocabulary.token(' '), 77);
  line = contexts.follow(line, vocabulary.token(','), 99);
  expect(line.firstWord).toBe(77);
  expect(contexts.follow(line, vocabulary.token('\n'), 0).firstWord).toBe(0);
});

test('a line as long as a file is kept in part', () => {
  const line = read('ab '.repeat(1000));
  expect(line.tokens.length).toBeLessThan(300);
  expect(contexts.above(line)).toBe(0);
  expect(above(`${'ab '.repeat(1000)}\na`)).toBe('b');
});
