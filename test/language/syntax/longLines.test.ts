// A line is read in time that grows with its length, so that a long one does not hold up the editor.
import { expect, test } from 'vitest';
import { readCells } from '../../../src/language/check.ts';
import { parse } from '../../../src/language/syntax/parser.ts';

test('hyphens without space tie names together, however many there are', () => {
  const long = Array.from({ length: 100_000 }, (_, part) => `n${part}`).join('-');
  const { diagnostics } = readCells(`train\n  optimizer = ${long}\n`);
  expect(diagnostics).toHaveLength(1);
  const [{ range }] = diagnostics;
  expect(range.to - range.from).toBe(long.length);
  const [section] = parse('train\n  optimizer = hessian-free\n').sections;
  expect(JSON.stringify(section)).toContain('"hessian-free"');
});

test('a setting of a hundred thousand words is read to its end', () => {
  const words = Array.from({ length: 100_000 }, () => 'GRU').join(' ');
  expect(readCells(`model\n  layers = ${words}\n`).diagnostics.length).toBeGreaterThan(0);
});
