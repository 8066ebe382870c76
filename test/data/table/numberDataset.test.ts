// Rows with a number to predict as the data of a run: sequences of tokens or of numbers, with one target each.
import { describe, expect, test } from 'vitest';
import { NumberDataset, type NumberOptions } from '../../../src/data/table/numberDataset.ts';
import { numberedRows, numbersIn, sequenceKindOf } from '../../../src/data/table/numberedRows.ts';
import { readTable } from '../../../src/data/table/readTable.ts';

const texts = { reads: ['text'], writes: 'stars' };
const reviews = (rows: number) =>
  Array.from({ length: rows }, (_, row) => `review ${'ab'.repeat(row % 7)} ${row},${(row % 7) / 2}`);
const lines = (...rows: string[]) => ['text,stars', ...rows].join('\n');

const dataset = (source: string, more: Partial<NumberOptions> = {}) =>
  new NumberDataset({
    source,
    ...{ format: 'CSV', columns: texts, kind: 'text', heldOut: null, taught: 1, tokens: 'characters' },
    ...more,
  });

describe('rows', () => {
  test('are those with a number; others are empty or misfits, with the line', () => {
    const table = readTable(lines('a,1', 'b,2.50', 'c,', 'd,many', ',3', 'e,-4'), 'CSV');
    expect(numberedRows(table, texts, 'text')).toEqual({
      rows: [
        { line: 2, text: 'a', value: 1 },
        { line: 3, text: 'b', value: 2.5 },
        { line: 7, text: 'e', value: -4 },
      ],
      empty: 1,
      misfits: [
        { line: 5, message: 'Its `stars` is no number.' },
        { line: 6, message: 'Its `text` is empty.' },
      ],
      decimals: 2,
    });
  });

  test('may be written with exponents, as small numbers are', () => {
    const { decimals } = numberedRows(readTable(lines('a,1.5e-7', 'b,0.0001'), 'CSV'), texts, 'text');
    expect(decimals).toBe(8);
  });

  test('of several columns of numbers are sequences, which may be shorter than others and have no gaps', () => {
    const table = readTable('a1,a2,a3,y\n1,2,3,6\n4,5,,9\n7,,8,15\n,1,2,3\n', 'CSV');
    const columns = { reads: ['a1', 'a2', 'a3'], writes: 'y' };
    expect(sequenceKindOf(table, columns.reads)).toBe('numbers');
    expect(sequenceKindOf(table, ['a1'])).toBe('text');
    const { rows, misfits } = numberedRows(table, columns, 'numbers');
    expect(rows.map(({ text }) => numbersIn(text))).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(misfits.map(({ line }) => line)).toEqual([4, 5]);
    expect(misfits[0].message).toBe('What it has in `a1` to `a3` is no sequence of numbers without gaps.');
  });
});

test('of a text, the tokens of a row are read, and the standardised number is the target of the last', () => {
  const data = dataset(lines(...reviews(300)));
  const { train, heldOut } = data.counts;
  expect(train + heldOut).toBe(300);
  expect(heldOut).toBeGreaterThan(10);
  expect(data.series.inputs).toHaveLength(0);
  const targets = data.series.targets.subarray(0, train);
  const mean = targets.reduce((sum, value) => sum + value, 0) / train;
  expect(mean).toBeCloseTo(0, 5);
  expect(targets.reduce((sum, value) => sum + value ** 2, 0) / train).toBeCloseTo(1, 5);
  const { writes } = data.standardisation;
  for (const { rows, x, y } of data.heldOut(16)) {
    const steps = x.length / rows;
    for (let row = 0; row < rows; row++) {
      const own = x.subarray(row * steps, (row + 1) * steps).filter((token) => token >= 0);
      if (own.length === 0) continue;
      const text = [...own].map((token) => data.tokenizer!.symbols[token]).join('');
      const counted = y.subarray(row * steps, (row + 1) * steps).filter((target) => target >= 0);
      expect(counted).toHaveLength(1);
      expect(y[row * steps + own.length - 1]).toBe(counted[0]);
      const stars = Number(text.split(' ').at(-1)) % 7;
      expect(writes.mean + writes.deviation * data.series.targets[counted[0]]).toBeCloseTo(stars / 2, 5);
    }
  }
  expect(data.decimals).toBe(1);
  // The stars are half of the number of letters `b`, and spread evenly between 0 and 3.
  expect(data.baselines.map(({ name }) => name)).toEqual(['mean', 'linear regression']);
  const [average, linear] = data.baselines.map(({ value }) => value);
  expect(Math.abs(average - 1)).toBeLessThan(0.2);
  expect(linear).toBeLessThan(0.15);
});

test('numbers are read as they are, all standardised alike, and the last ones are what a linear regression reads', () => {
  const rows = Array.from({ length: 200 }, (_, row) => {
    const [a, b, c] = [row % 5, (row * 3) % 7, (row * 5) % 11];
    return `${a},${b},${c},${(2 * c - b + 0.5 * a).toFixed(1)}`;
  });
  const columns = { reads: ['x1', 'x2', 'x3'], writes: 'y' };
  const data = dataset(['x1,x2,x3,y', ...rows].join('\n'), { columns, kind: 'numbers' });
  expect(data.tokenizer).toBeNull();
  expect(data.series.inputs).toHaveLength(600);
  const { mean, deviation } = data.standardisation.reads!;
  const [{ x }] = data.training(1);
  const read = [...x].filter((at) => at >= 0).map((at) => mean + deviation * data.series.inputs[at]);
  expect(read).toHaveLength(3);
  expect(Number(data.textOf(x[0]))).toBeCloseTo(read[0], 3);
  const [average, linear] = data.baselines;
  expect(average.value).toBeGreaterThan(3);
  expect(linear.value).toBeLessThan(0.05);
});

test('another table may be held out, and is counted', () => {
  const apart = { source: lines('x,1', 'y,2', 'z,', 'w,?'), format: 'CSV' } as const;
  const data = dataset(lines(...reviews(40)), { heldOut: apart });
  expect(data.counts).toEqual({ train: 40, heldOut: 2, skipped: 1, empty: 1 });
  expect(data.heldOutRows.map(({ line }) => line)).toEqual([2, 3]);
  expect(data.remarks).toContain('Of the held-out file: Without a number to predict, and left out: 1 row.');
});

test.each([
  [
    'few rows',
    lines(...reviews(19)),
    {},
    'There are too few rows to learn from: 20 with a number are needed',
  ],
  [
    'one number alone',
    lines(...Array.from({ length: 30 }, (_, row) => `text ${row},4`)),
    {},
    'All rows have the same `stars`, 4: two different numbers are needed.',
  ],
  [
    'a held-out file without numbers',
    lines(...reviews(30)),
    { heldOut: { source: lines('x,'), format: 'CSV' } as const },
    'No row of the held-out file has a number',
  ],
])('%s is answered with a sentence', (_, source, more, message) =>
  expect(() => dataset(source, more)).toThrow(message),
);
