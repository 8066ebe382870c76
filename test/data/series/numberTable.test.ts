import { describe, expect, test } from 'vitest';
import { readNumbers } from '../../../src/data/series/numberTable.ts';
import { continueTimes, isTime } from '../../../src/data/series/times.ts';
import { readTable } from '../../../src/data/table/readTable.ts';

const read = (lines: readonly string[], wanted: Partial<Parameters<typeof readNumbers>[1]> = {}) =>
  readNumbers(readTable(lines.join('\n'), 'CSV'), { reads: null, writes: null, ...wanted });

describe('columns', () => {
  const lines = [
    'day,place,rain,wind',
    '2026-01-01,north,1.5,3',
    '2026-01-02,south,0,4e1',
    '2026-01-03,north,2,-5',
  ];

  test('of numbers are read and predicted, and one of times is not', () => {
    expect(read(lines)).toMatchObject({
      reads: ['rain', 'wind'],
      writes: ['rain', 'wind'],
      time: 'day',
      times: ['2026-01-01', '2026-01-02', '2026-01-03'],
      inputs: Float64Array.of(1.5, 3, 0, 40, 2, -5),
      rows: 3,
      empty: 0,
      misfits: [],
    });
  });

  test('are those that are named', () => {
    const found = read(lines, { reads: ['wind', 'rain'], writes: ['rain'] });
    expect(found).toMatchObject({ reads: ['wind', 'rain'], writes: ['rain'] });
    expect(found.inputs).toEqual(Float64Array.of(3, 1.5, 40, 0, -5, 2));
    expect(found.targets).toEqual(Float64Array.of(1.5, 0, 2));
    expect(() => read(lines, { reads: ['snow'] })).toThrow('The table has no column `snow`');
    expect(() => read(lines, { writes: ['rain', ' rain'] })).toThrow('The column `rain` is named twice');
  });

  test('have the names that the header gives them', () => {
    const named = { reads: ['rain', 'wind'], writes: ['rain', ' wind'] };
    expect(read(lines, named)).toMatchObject({ reads: ['rain', 'wind'], writes: ['rain', 'wind'] });
  });

  test('of times are learned where they are named', () => {
    const steps = ['t,x', '1,5', '2,6', '3,5'];
    expect(read(steps)).toMatchObject({ time: 't', reads: ['x'] });
    expect(read(steps, { reads: ['t', 'x'] })).toMatchObject({ time: null, reads: ['t', 'x'] });
  });

  test('without a number are refused', () => {
    expect(() => read(['name,place', 'a,b', 'c,d'])).toThrow(
      'No column of the table holds numbers to forecast',
    );
    expect(() => read(['count', '1', '2', '3'])).toThrow(
      '`count` looks like times: name it in `writes` if it is to be forecast.',
    );
  });

  test('most of whose cells are numbers are left out with a sentence', () => {
    const cells = ['x,y,place', '1,5,a', 'inf,5,b', '3,7,c', 'NaN,9,d'];
    const remarks = ['The column `x` is left out, since 1 of its 3 cells are no numbers, such as `inf`.'];
    expect(read(cells)).toMatchObject({ reads: ['y'], remarks });
    expect(read(cells, { writes: ['x', 'y'], reads: ['y'] }).remarks).toEqual([]);
  });

  test.each(['$1,000.50', '1.000,50', '50 %', '-3,5', '12 km', "1'000"])(
    'of %j are left out, too',
    (cell) => {
      expect(read(['x,y', `"${cell}",5`, `"${cell}",7`, '3,6']).remarks).toEqual([
        `The column \`x\` is left out, since its cells are no plain numbers, such as \`${cell}\`: leave out units, and signs between thousands.`,
      ]);
    },
  );

  test.each(['A12', '10.0.0.1', '01.02.2026x', '12:30', 'many'])('of %j are no numbers', (cell) => {
    expect(read(['x,y', `${cell},5`, `${cell},7`, 'b,6']).remarks).toEqual([]);
  });
});

test('a row without a number is said, and rows at the end that wait for theirs are counted', () => {
  const { rows, empty, misfits } = read(
    [
      't,x,y',
      '1,5,6',
      '2,,6',
      '3,5,6',
      '4,6,6',
      '5,6,7',
      '6,5,5',
      '7,6,4',
      '8,5,3',
      '9,1,2',
      '10,2,1',
      '11,x,5',
      '12,1',
      '13,,',
      '14,,',
    ],
    { reads: ['x', 'y'] },
  );
  expect({ rows, empty }).toEqual({ rows: 9, empty: 2 });
  expect(misfits).toEqual([
    { line: 3, message: 'Its `x` is empty.' },
    { line: 12, message: 'Its `x` is no number.' },
    { line: 13, message: 'It has 2 columns, and the header has 3.' },
  ]);
});

describe('times', () => {
  test.each([
    ['date', ['2026-01-01', '2026-01-03', '2026-01-04'], true],
    ['when', ['01.02.2026', '02.02.2026'], true],
    ['when', ['2/1/26', '2/2/26'], true],
    ['month', ['2026-01', '2026-02'], true],
    ['clock', ['9:00', '9:30'], true],
    ['any', ['0', '0.5', '1.0'], true],
    ['year', ['1990', '1991', '1993'], true],
    ['sales', ['1990', '1991', '1993'], false],
    ['trading day', ['20241230', '20241231', '20250102'], true],
    ['period', ['202411', '202412', '202501'], true],
    ['sales', ['20241230', '20241231', '20241240'], false],
    ['sales', ['202411', '202412', '202501'], false],
    ['sales', ['1.5', '2.5', '1.5'], false],
    ['price', ['12.34', '12.35', '12.37'], false],
    ['version', ['1.2', '1.3', 'b'], false],
    ['t', ['1'], false],
  ])('%s: %j', (name, cells, expected) => expect(isTime(name, cells)).toBe(expected));

  test.each([
    [
      ['1', '2'],
      ['3', '4'],
    ],
    [
      ['0.50', '0.75'],
      ['1.00', '1.25'],
    ],
    [
      ['2026-02-27', '2026-02-28'],
      ['2026-03-01', '2026-03-02'],
    ],
    [
      ['2026-11-01', '2026-12-01'],
      ['2027-01-01', '2027-02-01'],
    ],
    [
      ['2026-10', '2026-11'],
      ['2026-12', '2027-01'],
    ],
    [
      ['2025-01-01', '2026-01-01'],
      ['2027-01-01', '2028-01-01'],
    ],
    [
      ['2026-01-01 23:00', '2026-01-01 23:30'],
      ['2026-01-02 00:00', '2026-01-02 00:30'],
    ],
    [
      ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.250Z'],
      ['2026-01-01T00:00:00.500Z', '2026-01-01T00:00:00.750Z'],
    ],
    [
      ['2025-12-31', '2026-01-31'],
      ['2026-02-28', '2026-03-31'],
    ],
    [
      ['2025-11-30', '2025-12-30'],
      ['2026-01-30', '2026-02-28'],
    ],
    [
      ['30.11.2026', '1.12.2026'],
      ['2.12.2026', '3.12.2026'],
    ],
    [
      ['30.11.2026 23:00', '01.12.2026 00:00'],
      ['01.12.2026 01:00', '01.12.2026 02:00'],
    ],
    [
      ['11/26/2026', '12/01/2026', '12/06/2026'],
      ['12/11/2026', '12/16/2026'],
    ],
    [
      ['26/11/2026', '01/12/2026', '06/12/2026'],
      ['11/12/2026', '16/12/2026'],
    ],
    [
      ['2026-01-01T10:00:00+02:00', '2026-01-01T11:00:00+02:00'],
      ['2026-01-01T12:00:00+02:00', '2026-01-01T13:00:00+02:00'],
    ],
  ])('%j go on', (cells, expected) => expect(continueTimes(cells, 2)).toEqual(expected));

  describe('without signs', () => {
    test.each([
      ['', ['20241229', '20241230', '20241231'], ['20250101', '20250102']],
      ['when', ['20240227', '20240228'], ['20240229', '20240301']],
      ['', ['20241101', '20241201'], ['20250101', '20250201']],
      ['', ['20231231', '20241231'], ['20251231', '20261231']],
      ['date', ['202411', '202412'], ['202501', '202502']],
      ['Year_Month', ['202406', '202409', '202412'], ['202503', '202506']],
    ])('%s: %j go on', (name, cells, expected) => expect(continueTimes(cells, 2, name)).toEqual(expected));

    test.each([
      ['counters', '', ['20240130', '20240131', '20240132'], ['20240133', '20240134']],
      ['counters', 'index', ['10000101', '10000102'], ['10000103', '10000104']],
      ['counters', 'step', ['202411', '202412'], ['202413', '202414']],
      ['years', 'date', ['2023', '2024'], ['2025', '2026']],
    ])('%s that are none are numbers, %s: %j', (_, name, cells, expected) =>
      expect(continueTimes(cells, 2, name)).toEqual(expected),
    );

    test.each([
      ['date', ['20240230', '20240231']],
      ['date', ['241230', '241231']],
      ['month', ['202412', '202413']],
    ])('%s: %j are no dates, and do not go on', (name, cells) =>
      expect(continueTimes(cells, 2, name)).toBeNull(),
    );
  });

  test('in another form do not go on', () => {
    expect(continueTimes(['1/2/26', '1/3/26'], 2)).toBeNull();
    // Whether the day or the month comes first is not known.
    expect(continueTimes(['1/2/2026', '1/3/2026'], 2)).toBeNull();
    expect(continueTimes(['30.2.2026', '31.2.2026'], 2)).toBeNull();
    expect(continueTimes(['1'], 2)).toBeNull();
    expect(continueTimes([], 2)).toBeNull();
  });
});

test('a column of numbers may say of many rows that theirs is missing', () => {
  const gaps = ['NA', 'n/a', 'NaN', '-', 'null', '?'];
  const found = read(['t,v,word', ...gaps.map((gap, row) => `${2 * row},${gap},a`), '99,1.5,b', '100,2,c']);
  expect(found).toMatchObject({ reads: ['v'], rows: 2 });
  expect(found.misfits[0]).toEqual({ line: 2, message: 'Its `v` is no number.' });
});

test('a table whose first line is a row is refused, unless its columns are named so', () => {
  const lines = ['1', '2', '3', '4'];
  expect(() => read(lines)).toThrow('The first line has numbers where the names of the columns belong');
  expect(read(lines, { reads: ['1'] }).rows).toBe(3);
});
