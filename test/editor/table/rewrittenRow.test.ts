import { expect, test } from 'vitest';
import { rewrittenRow } from '../../../src/editor/table/rewrittenRow.ts';

const place = { from: { line: 3, character: 2 }, to: { line: 3, character: 9 } };
const row = {
  line: 3,
  last: 3,
  given: 'x',
  candidates: [
    { value: 'a', probability: 0.75, text: '"a"' },
    { value: 'b', probability: 0.25, text: '"b"' },
  ],
};

test('the best target is written into the cell of a row', () => {
  const cell = { from: { line: 3, character: 20 }, to: { line: 3, character: 21 } };
  expect(rewrittenRow({ ...row, cell, unseen: ['ß'] }, place)).toEqual({
    ...cell,
    text: '"a"',
    probability: 0.75,
    unseen: ['ß'],
  });
});

test('it is written over the text where a line is no row', () => {
  expect(rewrittenRow({ ...row, cell: null }, place)).toEqual({
    ...place,
    text: '"a"',
    probability: 0.75,
    unseen: [],
  });
});
