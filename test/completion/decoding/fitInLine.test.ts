import { describe, expect, test } from 'vitest';
import { endsWell, endsWord, fitBefore } from '../../../src/completion/decoding/fitInLine.ts';

describe('what follows the cursor is left out', () => {
  test.each([
    ['foo)', ')', 'foo'],
    ['foo(bar);', ');', 'foo(bar'],
    ['foo', '', 'foo'],
    ['max', 'x + 1', 'max'],
    ['a + x', 'x', 'a + '],
    ['same', 'same', ''],
    ['foo', ' = 1', 'foo'],
    ['bar, baz)', 'bar)', 'bar, baz'],
    ['max, bar', 'ma', 'max, bar'],
    [') {', ')', ''],
    ['bar);', ')', 'bar'],
    ['foo(bar));', ');', 'foo(bar)'],
    ['len(x)', ')', 'len(x)'],
    ['f(x), y) + 1', ')', 'f(x), y'],
    ['f(g(x))', '))', 'f(g(x))'],
    ['bar )', ' )', 'bar'],
    ['say", "', '"', 'say'],
    ["don't', x", "'", "don't"],
    ['{ a: 1 }, b }', ' }', '{ a: 1 }, b'],
    ['a), f(b', ')', 'a), f(b'],
    ['a), f(b))', ')', 'a'],
    ["x', 'y", "'", "x', 'y"],
    ["x', 1, ", "'", 'x'],
  ])('%j before %j is %j', (text, after, expected) => {
    expect(fitBefore(text, after)).toBe(expected);
  });
});

describe('a suggestion ends with a whole character', () => {
  const continuation = (text: string, next: readonly string[]) => ({
    text,
    joint: 1,
    next: next.map((further) => ({ text: text + further, joint: 0.5, next: [] })),
  });
  test.each([
    ['cafe', ['s', ' '], true],
    ['cafe', ['\u0301', ' '], false],
    ['cafe\u0301', [' '], true],
    ['\u{1f469}', ['!'], true],
    ['\u{1f469}', ['\u200d'], false],
    ['\u{1f469}', ['\u{1f3fd}'], false],
    ['\u{1f469}\u200d', [], false],
    ['\u{1f469}\u200d\u{1f4bb}', [], true],
    ['\u{1f1e9}', [], false],
    ['\u{1f1e9}\u{1f1ea}', [], true],
    ['\u{1f1e9}\u{1f1ea}\u{1f1eb}', [], false],
    ['日本', ['語'], true],
  ])('%j, where %j may come: %j', (text, next, expected) => {
    expect(endsWell(continuation(text, next))).toBe(expected);
  });
});

test.each([
  ['a word that goes on surely', 'FOREIG', [['FOREIGN', 0.9]], false],
  [
    'one that goes on in no way that is known',
    'lim',
    [
      ['limi', 0.25],
      ['limb', 0.25],
    ],
    true,
  ],
  [
    'one that goes on in one way that is',
    'lim',
    [
      ['limi', 0.48],
      ['lim ', 0.52],
    ],
    false,
  ],
  [
    'one that more likely ends',
    'red',
    [
      ['red ', 0.7],
      ['redd', 0.2],
    ],
    true,
  ],
  ['what follows a word', 'red ', [['red f', 0.9]], true],
  ['a letter beyond the first plane', 'a𝐚', [['a𝐚𝐛', 0.9]], false],
  ['a script without spaces', '今日', [['今日は', 0.9]], true],
  ['what was explored no further', 'lim', [], true],
  ['a number of which no digit is likely', '(23', [], false],
  [
    'a number that more likely ends',
    '(235',
    [
      ['(235,', 0.6],
      ['(2357', 0.2],
    ],
    true,
  ],
  [
    'a number that may go on as well',
    '(235',
    [
      ['(235,', 0.4],
      ['(2357', 0.2],
    ],
    false,
  ],
] as const)('%s: may a suggestion end there?', (_, text, next, expected) => {
  const children = next.map(([further, joint]) => ({ text: further, joint: 0.8 * joint, next: [] }));
  expect(endsWord({ text, joint: 0.8, next: children })).toBe(expected);
});

test('a number ends where a gap does', () => {
  const number = { text: '235', joint: 0.8, next: [{ text: '235,', joint: 0.1, next: [] }] };
  expect(endsWord({ ...number, ends: 0.35 })).toBe(true);
  expect(endsWord({ ...number, ends: 0.25 })).toBe(false);
});

test.each([
  ['inside a word, which may go on', 'lim', false],
  ['after a word', 'limit ', true],
  ['after a sign', 'limit(', true],
])('where the search has ended before it looked further: %s', (_, text, expected) => {
  expect(endsWord({ text, joint: 0.8, next: [], isOpen: true })).toBe(expected);
});
