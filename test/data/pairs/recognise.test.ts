import { expect, test } from 'vitest';
import { recognisePairs } from '../../../src/data/pairs/recognise.ts';

const lines = (header: string, rows: (index: number) => string, count = 40) =>
  [header, ...Array.from({ length: count }, (_, index) => rows(index))].join('\n');

test('a column of texts with empty cells is the target, and the one without is read', () => {
  const table = lines('written,iso', (n) => `May ${n},${n < 30 ? `2024-05-${n}` : ''}`);
  expect(recognisePairs(table)).toEqual({
    format: 'CSV',
    columns: ['written', 'iso'],
    reads: ['written'],
    writes: 'iso',
    rows: 40,
    empty: 10,
    sentence: 'Rewrite `written` as `iso`: 40 rows, 10 empty',
  });
});

test('empty cells say which of two texts is the target, whichever column stands first', () => {
  const table = lines('iso\twritten', (n) => `${n < 30 ? `2024-05-${n}` : ''}\tMay ${n}`);
  expect(recognisePairs(table)).toMatchObject({ reads: ['written'], writes: 'iso' });
});

test('where no cell is empty, the last column of texts is the target', () => {
  expect(recognisePairs(lines('word\tsound', (n) => `w${n}\ts${n}`))).toMatchObject({
    reads: ['word'],
    writes: 'sound',
  });
  expect(recognisePairs(lines('target\tword', (n) => `w${n}\ts${n}`))).toMatchObject({
    reads: ['word'],
    writes: 'target',
  });
});

test('a column without a name, as of a table without a header, is neither', () => {
  const labels = lines('a text of 0,', (n) => `a text of ${n},${['a', 'b'][n % 2]}`);
  expect(recognisePairs(labels)).toMatchObject({ reads: null, writes: 'a text of 0' });
  expect(recognisePairs(lines(',from,to', (n) => `${n},w${n},v${n}`))).toMatchObject({
    reads: ['from'],
    writes: 'to',
  });
});

test('a column of few values is no target, but can be read', () => {
  const table = lines('language\tname', (n) => `${['de', 'fr'][n % 2]}\tname ${n}`);
  expect(recognisePairs(table)).toMatchObject({ reads: ['language'], writes: 'name' });
  const classes = lines('text,label', (n) => `text ${n % 3},${n % 2}`);
  expect(recognisePairs(classes)).toMatchObject({
    writes: null,
    sentence: 'No column looks like text: 40 rows',
  });
});

test('what a user has named is taken, whatever it looks like', () => {
  const table = lines('a\tb\tc', (n) => `${n}\tx${n}\ty`);
  expect(recognisePairs(table, { reads: ['b'], writes: 'c' })).toMatchObject({ reads: ['b'], writes: 'c' });
});

test('prose and labels of fastText are no pairs', () => {
  expect(recognisePairs('Once upon a time there was a word')).toBeNull();
  expect(recognisePairs('__label__de Guten Tag\n__label__en Good day')).toBeNull();
});
