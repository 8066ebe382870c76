import { expect, test } from 'vitest';
import { passageAround, passageBefore } from '../../../src/editor/table/passage.ts';

const linesOf = (lines: readonly string[]) => ({
  count: lines.length,
  line: (index: number) => lines[index],
});
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`);

test('a short document is read as a whole', () => {
  const { passage, first } = passageAround(linesOf(['head', 'a', 'b']), 1, 2);
  expect({ ...passage, first }).toEqual({ head: '', text: 'head\na\nb', from: 1, to: 2, first: 0 });
});

test('of a long one, some lines around those that are asked for, and its first one', () => {
  const { passage, first } = passageAround(linesOf(['', ...numbered(1000)]), 501, 503);
  const lines = passage.text.split('\n');
  expect(passage.head).toBe('line 0');
  expect(lines.slice(passage.from, passage.to)).toEqual(['line 500', 'line 501']);
  expect(lines[0]).toBe(`line ${first - 1}`);
  expect(lines.length).toBeLessThan(100);
});

test('long lines are not read for the sake of others', () => {
  const { passage } = passageAround(linesOf(['head', ...Array(100).fill('x'.repeat(15_000))]), 50, 51);
  expect(passage.text.length).toBeLessThan(50_000);
});

test('lines beyond the end are none', () => {
  expect(passageAround(linesOf(numbered(3)), 0, 99).passage.to).toBe(3);
});

test('before a row that is forecast, so many lines are read that nothing further back matters', () => {
  expect(passageBefore(linesOf(['head', 'a', 'b']), 2)).toEqual({ head: '', text: 'head\na' });
  const { head, text } = passageBefore(linesOf(['', ...numbered(3000)]), 2500);
  expect(head).toBe('line 0');
  expect(text.split('\n')).toHaveLength(1000);
  expect(text.split('\n').at(-1)).toBe('line 2498');
});
