import { expect, test } from 'vitest';
import { candidatesFor, rowAt, suggestedRows, surenessOf } from '../../../src/editor/table/candidates.ts';
import { looksLikeRows } from '../../../src/editor/table/looksLikeRows.ts';
import type { FilledRow } from '../../../src/protocol/rows.ts';

const row = (given: string, from: number, to: number): FilledRow => ({
  line: 1,
  last: 1,
  given,
  candidates: [
    { value: 'info', probability: 0.5, text: 'info' },
    { value: 'error', probability: 0.3, text: 'error' },
    { value: 'erase', probability: 0.1, text: 'erase' },
  ],
  cell: { from: { line: 1, character: from }, to: { line: 1, character: to } },
});

test('the cursor is in a cell at both of its ends, and nowhere else', () => {
  const rows = [row('er', 4, 6)];
  const found = (line: number, character: number) => rowAt(rows, { line, character }) !== undefined;
  expect([3, 4, 6, 7].map((character) => found(1, character))).toEqual([false, true, true, false]);
  expect(found(0, 5)).toBe(false);
  expect(rowAt([{ ...row('', 4, 4), cell: null }], { line: 1, character: 4 })).toBeUndefined();
});

test('an empty cell gets all, and one that is begun what goes on from there, at the probability given that', () => {
  expect(candidatesFor(row('', 4, 4)).map(({ value }) => value)).toEqual(['info', 'error', 'erase']);
  const begun = candidatesFor(row('er', 4, 6));
  expect(begun.map(({ value }) => value)).toEqual(['error', 'erase']);
  expect(begun[0].probability).toBeCloseTo(0.75);
  expect(candidatesFor(row('error', 4, 9))).toEqual([]);
  expect(candidatesFor(row('x', 4, 5))).toEqual([]);
});

test('a number has no probability: how sure it is, is how narrow its interval is', () => {
  const interval = { lower: '3.1', upper: '4.9', level: 0.8, sharpness: 0.4 };
  const number = {
    ...row('', 4, 4),
    candidates: [{ value: '4.0', probability: null, text: '4.0' }],
    interval,
  };
  expect(candidatesFor(number)).toEqual(number.candidates);
  expect(candidatesFor({ ...number, given: '4.' })).toEqual(number.candidates);
  expect(candidatesFor({ ...number, given: '5' })).toEqual([]);
  expect(surenessOf(number)).toBe(0.4);
  expect(surenessOf(row('', 4, 4))).toBe(0.5);
});

test.each([
  ['text,label\na,b\n', true],
  ['id\tText (German)\n1\tja\n', true],
  ['Datum;Wert, in EUR\n1.2.2026;2,5\n', false],
  ['Datum;Wert\n1.2.2026;2,5\n', true],
  ['{"text": "a"}\n{"text": "b"}\n', true],
  ['no label\n__label__x one\n', true],
  ['2026-05-04T06:01:35 INFO climate, humidity 86 %\n', false],
  ['{\n  "a": 1\n}\n', false],
  ['# Notes\n\nA text, and more.\n', false],
  ['The\tDT\ncat\tNN\n\nIt\tPRP\n', true],
  ['The DT\ncat NN\n\nIt PRP\n', true],
  ['The/at cat/nn sat/vbd ./.\n', true],
  ['A line of words.\nAnd another line here.\n', true],
  ['', false],
])('%j may be rows: %s', (text, expected) => expect(looksLikeRows(text)).toBe(expected));

test('of rows that are expected, the sharp ones are suggested, and other numbers of them to who asks', () => {
  const rows = (...sharpness: number[]) =>
    Array.from({ length: 20 }, (_, row) => ({ sharpness: sharpness[row] ?? 0 }));
  expect(suggestedRows(rows(0.9, 0.8, 0.7, 0.6, 0.5, 0.4), false)).toEqual([5]);
  expect(suggestedRows(rows(0.9, 0.05, 0.7), false)).toEqual([1]);
  expect(suggestedRows(rows(), false)).toEqual([]);
  expect(suggestedRows(rows(0.9, 0.8), true)).toEqual([2, 5, 1, 20]);
  expect(suggestedRows(rows(), true)).toEqual([5, 1, 20]);
  expect(suggestedRows(rows(0.9).slice(0, 4), true)).toEqual([1]);
});
