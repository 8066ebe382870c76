import { expect, test } from 'vitest';
import { classFigures, mistakes, rowsOfCell } from '../../src/protocol/confusion.ts';

/** Rows of classes a, b and c as own class, predicted class and probability. */
const found = [
  [0, 0, 0.9],
  [0, 0, 0.8],
  [0, 1, 0.6],
  [1, 1, 0.7],
  [1, 0, 0.9],
] as const;
const confusion = {
  classes: ['a', 'b', 'c', 'd'],
  counts: [
    [0, 0, 2],
    [0, 1, 1],
    [1, 1, 1],
    [1, 0, 1],
    [2, 0, 1],
  ] as [number, number, number][],
  rows: found.map(([target, predicted, probability], row) => ({
    line: row + 2,
    text: `row ${row}`,
    target,
    predicted,
    probability,
  })),
  isOfFile: true,
};

test('each class has its precision, recall and F1; one that does not occur has none', () => {
  const figures = classFigures(confusion);
  expect(figures.map(({ name, rows }) => [name, rows])).toEqual([
    ['a', 3],
    ['b', 2],
    ['c', 1],
  ]);
  const [a, b, c] = figures;
  expect([a.precision, a.recall, a.f1]).toEqual([2 / 4, 2 / 3, 4 / 7]);
  expect([b.precision, b.recall, b.f1]).toEqual([1 / 2, 1 / 2, 1 / 2]);
  expect([c.precision, c.recall, c.f1]).toEqual([Number.NaN, 0, 0]);
});

test('a cell has its rows, and the surest mistakes come first', () => {
  expect(rowsOfCell(confusion, 0, 0).map(({ line }) => line)).toEqual([2, 3]);
  expect(mistakes(confusion).map(({ line }) => line)).toEqual([6, 4]);
});
