import { expect, test } from 'vitest';
import { numbersOf, sourcesAreNumbers, wrongNumber } from '../../../src/data/pairs/numbers.ts';
import { PairDataset } from '../../../src/data/pairs/pairDataset.ts';
import { encodeSource } from '../../../src/data/pairs/pairs.ts';
import { recognisePairs } from '../../../src/data/pairs/recognise.ts';
import { wrongRowsOfPairs } from '../../../src/tasks/encoderDecoder/readings.ts';

const rows = Array.from({ length: 60 }, (_, row) => `${row / 4},${100 - row},name ${row}`);
const tableOf = (lines: readonly string[]) => ['width,height,name', ...lines].join('\n');
const columns = { reads: ['width', 'height'], writes: 'name' };
const read = (lines: readonly string[], isText = false) =>
  new PairDataset({
    source: tableOf(lines),
    format: 'CSV',
    columns,
    heldOut: null,
    vocabularies: null,
    isText,
  });

test('cells with tabs between them are numbers, or some is none', () => {
  expect(numbersOf('1.5\t-2e3\t 4 ')).toEqual([1.5, -2000, 4]);
  for (const text of ['', '1\t', '1\tabc', '1\tInfinity', '1\tNaN']) expect(numbersOf(text)).toBeNull();
});

const pairs = (sources: readonly string[], texts = 1) =>
  sources.flatMap((text) =>
    Array.from({ length: texts }, (_, index) => ({ text, label: `${text} ${index}` })),
  );
const whole = Array.from({ length: 30 }, (_, index) => `${index}`);

test.each<[string, ReturnType<typeof pairs>, boolean]>([
  ['several columns', pairs(['1\t2', '3\t4']), true],
  ['fractions', pairs(['1', '2.5']), true],
  ['whole numbers with a text each, which are read digit by digit', pairs(whole), false],
  ['whole numbers with several texts each', pairs(whole, 2), true],
  ['few whole numbers with several texts each, which are categories', pairs(whole.slice(0, 5), 9), false],
  ['text', pairs(['a', '1.5', '2.5']), false],
  ['nothing', [], false],
])('whether sources are numbers: %s', (_, of, expected) => {
  expect(sourcesAreNumbers(of)).toBe(expected);
});

test('numbers are standardised by the training part, and a token is the index of a row', () => {
  const dataset = read(rows);
  const { source } = dataset.vocabularies;
  if (source.kind !== 'numbers') throw new Error('The source is text.');
  expect(dataset.isOneToMany).toBe(true);
  expect(dataset.baselines).toEqual([]);
  expect(dataset.remarks.join(' ')).toContain(
    '`width`, `height`: read as numbers, each of them standardised. To read them as text, set `model.tokens` to characters.',
  );
  const { inputs } = dataset.series!;
  expect(inputs).toHaveLength(120);
  const { train, heldOut } = dataset.counts;
  expect(train + heldOut).toBe(60);
  expect(heldOut).toBeGreaterThan(0);
  for (const column of [0, 1]) {
    const values = Array.from({ length: train }, (_, row) => inputs[2 * row + column]);
    const mean = values.reduce((sum, value) => sum + value, 0) / train;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / train;
    expect(mean).toBeCloseTo(0, 5);
    expect(variance).toBeCloseTo(1, 5);
  }
  // A held-out row is found by its index, behind those of the training part.
  for (const { source: tokens, text } of dataset.heldOutPairs)
    expect([...inputs.subarray(2 * tokens[0], 2 * tokens[0] + 2)]).toEqual([
      ...encodeSource(source, text).read,
    ]);
  const [width] = source.standardisation;
  expect(encodeSource(source, '2.5\t60').read[0]).toBeCloseTo((2.5 - width.mean) / width.deviation, 5);
  expect(encodeSource(source, '2.5\twide')).toEqual({ read: new Float32Array(), unseen: ['wide'] });
  expect(encodeSource(source, '2.5').read).toHaveLength(0);
});

test('where text is asked for, numbers are characters', () => {
  const dataset = read(rows, true);
  expect(dataset.vocabularies.source.kind).toBe('characters');
  expect(dataset.series).toBeUndefined();
});

test('a cell that is no number is said, with or without a text beside it', () => {
  const wrong = [...rows, 'wide,3,name a', ',3,name b', '4,tall,'];
  const dataset = read(wrong);
  expect(dataset.counts.skipped).toBe(3);
  expect(dataset.remarks.join(' ')).toContain('Its `width` is no number.');
  const said = wrongRowsOfPairs(tableOf(wrong), columns).map(({ from, message }) => [from.line, message]);
  expect(said).toEqual([
    [61, 'Its `width` is no number.'],
    [62, 'Its `width` is empty.'],
    [63, 'Its `height` is no number.'],
  ]);
  expect(wrongNumber({ line: 7, text: '1\t2' }, columns.reads)).toBeNull();
});

test('all columns of numbers are read where one is, unless others are named', () => {
  expect(recognisePairs(tableOf(rows))).toMatchObject(columns);
  expect(recognisePairs(tableOf(rows), { reads: ['height'], writes: null })).toMatchObject({
    reads: ['height'],
    writes: 'name',
  });
});
