// Tests the limits that bound the time for a text full of mistakes.
import { expect, test } from 'vitest';
import { readCells } from '../../src/language/check.ts';
import { format } from '../../src/language/syntax/printer.ts';
import { apply, chained, excerpt, listed } from '../../src/language/syntax/source.ts';

const repeated = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

test('two hundred mistakes are shown, and how many more there are', () => {
  const { diagnostics } = readCells(`train\n${repeated(1500, () => 'k1 = 5\n')}`);
  expect(diagnostics.length).toBe(201);
  const rest = diagnostics.filter(({ message }) => message.includes('not shown'));
  expect(rest.map(({ message, severity }) => [severity, message])).toEqual([
    ['error', '1,299 more mistakes are not shown: mend some of the 200 that are shown first.'],
  ]);
  expect(rest[0].fix).toBeUndefined();
});

test('warnings that are not shown are no errors', () => {
  const text = `cell A\n  h[t] = W x[t]\n${repeated(300, (i) => `  k${i} = 1\n`)}`;
  const { diagnostics, cells } = readCells(text);
  expect(diagnostics.length).toBe(201);
  expect(diagnostics.every(({ severity }) => severity === 'warning')).toBe(true);
  expect(cells.map(({ name }) => name)).toEqual(['A']);
});

test('a cell after hundreds of mistakes is not sound for that', () => {
  const { cells } = readCells(
    `train\n${repeated(300, () => 'k1 = 5\n')}cell A\n  h[t] = W x[t]\ncell B\n  h[t] = $ W x[t]\ncell C\n  h[t] = q[t]\n`,
  );
  expect(cells.map(({ name }) => name)).toEqual(['A']);
});

test('names are compared so long as the text has comparisons left', () => {
  const names = repeated(150, (i) => `  vector${i}[t] = W x[t]\n`);
  const unknown = repeated(199, () => '  h[t] = vectr7[t-1]\n');
  const { diagnostics } = readCells(`cell A\n${names}${unknown}`);
  const [first] = diagnostics.filter(({ message }) => message.includes('vectr7'));
  expect(first.message).toBe('`vectr7[t]` has no equation: did you mean `vector7`?');
  const far = readCells(
    `cell A\n${repeated(3000, (i) => `  vector${i}[t] = W x[t]\n`)}${repeated(100, (i) => `  h${i}[t] = vectr${i}[t-1]\n`)}`,
  ).diagnostics.filter(({ message }) => message.startsWith('`vectr'));
  expect(far.length).toBe(100);
  expect(far[0].message).toContain('did you mean');
  expect(far[99].message).toBe('`vectr99[t]` has no equation.');
});

test('a list, a chain and a quotation are cut where they are long', () => {
  expect(listed(['a', 'b'])).toBe('a, b');
  expect(listed(Array.from({ length: 31 }, (_, i) => `n${i}`))).toMatch(/n29 …$/);
  expect(chained(['a', 'b'])).toBe('a needs b needs a');
  expect(chained(Array.from({ length: 50 }, (_, i) => `n${i}`))).toMatch(
    /^n0 needs n1 .* needs … needs n49 needs n0$/,
  );
  const emoji = '🙂'.repeat(200);
  expect(excerpt('a  \n b', { from: 0, to: 6 })).toBe('a b');
  for (const from of [0, 1]) {
    const shown = excerpt(`x${emoji}`, { from: from === 0 ? 0 : 1, to: emoji.length });
    expect(shown.isWellFormed()).toBe(true);
    expect(shown).toMatch(/…$/);
  }
});

test('a name of thousands of letters is not quoted whole', () => {
  const { diagnostics } = readCells(`cell A\n  h[t] = ${'a'.repeat(5000)}[t-1]\n`);
  expect(diagnostics.length).toBe(1);
  expect(diagnostics[0].message.length).toBeLessThan(1100);
  expect(diagnostics[0].message).toMatch(/….$/);
});

test('a comment behind the longest line does not move all the others there', () => {
  const formatted = format(`train\nk1=${'5'.repeat(300)} # long\nk2=5 # short\n`)!;
  expect(formatted.split('\n')[2]).toBe('  k2 = 5  # short');
  expect(format(formatted)).toBe(formatted);
});

test('edits are applied in any order', () => {
  const edits = [
    { range: { from: 4, to: 5 }, text: 'E' },
    { range: { from: 0, to: 1 }, text: '' },
    { range: { from: 2, to: 2 }, text: '--' },
  ];
  expect(apply('abcdef', edits)).toBe('b--cdEf');
});
