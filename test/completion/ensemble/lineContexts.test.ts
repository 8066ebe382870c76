import { describe, expect, test } from 'vitest';
import { LineContexts, noLine } from '../../../src/completion/ensemble/lineContexts.ts';
import { successor } from '../../../src/completion/ensemble/successor.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';

const vocabulary = Vocabulary.of('abcdefgh 12,;\n');
const contexts = new LineContexts(vocabulary.characters);

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

test('the number after another one is that plus one, whatever is carried', () => {
  const next = random(2);
  const carried = ['9', '199', '0999', '99999', '07'];
  const drawn = Array.from({ length: 200 }, () => String(Math.floor(10 ** (1 + 8 * next()))));
  for (const number of [...carried, ...drawn])
    expect(successor([...number].map(Number)).join('')).toBe(
      String(Number(number) + 1).padStart(number.length, '0'),
    );
});

describe('a number that counts up', () => {
  const digits = Vocabulary.of('0123456789abc ,;()-\n');
  const lines = new LineContexts(digits.characters);
  const counting = (text: string) =>
    lines.counting(digits.encode(text).reduce((line, token) => lines.follow(line, token, 0), noLine));

  test.each([
    ['with the same number above, the same', '(19, a\n(', '(19, c b\n(', true],
    ['with the same digit to come, the same', '(19, a\n(', '(25, a\n(', true],
    ['with another one to come, another', '(19, a\n(', '(35, a\n(', false],
    ['in another field, another', '(19, a\n(', 'a, (19\na, (', false],
    ['as the second number of a field, another', '(19 (19\n(', '(19 (19\n(5 (', false],
    ['after another digit, another', '(29\n(', '(139\n(1', false],
    ['at its end, another than within', '9\n10', '109\n11', false],
  ])('%s', (_, one, other, same) => {
    expect([counting(one), counting(other)]).not.toContain(0);
    expect(counting(one) === counting(other)).toBe(same);
  });

  test.each([
    ['in the first line', '(1'],
    ['below a line without numbers', 'a, b\n('],
    ['where another number was begun', '(19\n(3'],
    ['after something else than above', '(19\n- '],
    ['below an empty line', '(19\n\n('],
    ['in a field that the line above does not have', '(19\n(20, '],
  ])('is none %s', (_, text) => expect(counting(text)).toBe(0));

  test('is what a search of both lines for numbers says', () => {
    const next = random(3);
    const draw = () => Array.from({ length: 12 }, () => '0129,( a'[Math.floor(8 * next())]).join('');
    /** Returns which digit of which number of which field is to come, and the digit; null for none. */
    const found = (above: string, line: string) => {
      const field = line.split(/[,;]/).length - 1;
      const parts = above.split(/[,;]/);
      const here = line.split(/[,;]/).at(-1)!;
      const begun = here.match(/[0-9]*$/)![0];
      const order = [...here.matchAll(/[0-9]+/g)].length - (begun === '' ? 0 : 1);
      const number = [...(parts[field] ?? '').matchAll(/[0-9]+/g)][order];
      if (!number) return null;
      const start = parts.slice(0, field).join(',').length + (field > 0 ? 1 : 0) + number.index;
      const after = String(Number(number[0]) + 1).padStart(number[0].length, '0');
      if (begun === '' ? line.at(-1) !== above[start - 1] : !after.startsWith(begun)) return null;
      return [field, order, begun.length, after[begun.length]].join(' ');
    };
    const hashes = new Map<string, number>();
    let some = 0;
    for (let at = 0; at < 3000; at++) {
      const [above, line] = [draw(), draw().slice(0, Math.floor(13 * next()))];
      const expected = found(above, line);
      const hash = counting(`${above}\n${line}`);
      if (expected === null) expect(hash, `${above}|${line}`).toBe(0);
      else {
        some++;
        expect(hash, `${above}|${line}`).toBe(hashes.get(expected) ?? hash);
        expect(hash).not.toBe(0);
        hashes.set(expected, hash);
      }
    }
    expect(some).toBeGreaterThan(300);
    expect(new Set(hashes.values()).size).toBe(hashes.size);
  });
});
