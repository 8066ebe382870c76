import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtinCells } from '../../src/cells/index.ts';
import { readCells } from '../../src/language/check.ts';
import { complete } from '../../src/language/editing/complete.ts';
import { hover } from '../../src/language/editing/hover.ts';
import { definition, outline, references } from '../../src/language/editing/symbols.ts';
import { parse } from '../../src/language/syntax/parser.ts';
import { print } from '../../src/language/syntax/printer.ts';
import { apply } from '../../src/language/syntax/source.ts';
import { readCorpus } from './corpus.ts';

const seed = 20250127;

/** Returns the syntax tree without places, and the comments by their text. */
const shape = (text: string): unknown => {
  const { sections, comments } = parse(text);
  const bare = (key: string, value: unknown) => (key === 'range' || key === 'header' ? undefined : value);
  return JSON.parse(JSON.stringify({ sections, comments: comments.map((comment) => comment.text) }, bare));
};

/** Checks what holds for any text at all. */
function check(text: string): void {
  const { file, cells, diagnostics, scopes } = readCells(text, { widths: { x: 5, h: 7, y: 5 } });
  for (const { range, fix, message } of diagnostics) {
    expect(message).toMatch(/[.?]$/);
    for (const { from, to } of [range, ...(fix?.edits ?? []).map((edit) => edit.range)]) {
      expect(0 <= from && from <= to && to <= text.length).toBe(true);
    }
    if (fix) readCells(apply(text, fix.edits));
  }
  if (diagnostics.some(({ severity }) => severity === 'error')) return;
  expect(cells.length).toBe(scopes.length);
  const printed = print(file);
  expect(shape(printed)).toEqual(shape(text));
  expect(print(parse(printed))).toBe(printed);
}

const named = [...builtinCells, ...readCorpus().map(({ name, text }) => [name, text] as const)];
const texts = named.map(([, text]) => text);

/** Generates pieces of the language, so that more of the text has a meaning than of random characters. */
const piece = fc.constantFrom(
  ...'cell model train init fixed output width first from learned radius identity sparse normal'.split(' '),
  ...'W U_f h x y b t c t-1 [t] [t-1] [0] [t+1] ( ) [ ] = + - * / ^ , . 0 1 2.5 1e-8 1e999 ⊙ · σ tanh'.split(
    ' ',
  ),
  ...[
    'clip',
    'softmax',
    'constructor',
    '__proto__',
    '#',
    '//',
    ' ',
    '\n',
    '\r\n',
    '\n  ',
    '\uFEFF',
    'k1',
    'layers',
  ],
);

const mutation = fc
  .record({
    text: fc.constantFrom(...texts),
    edits: fc.array(
      fc.record({
        from: fc.nat(2000),
        length: fc.nat(12),
        by: fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 4 }), fc.constant('')),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ text, edits }) =>
    edits.reduce((now, { from, length, by }) => {
      const at = from % (now.length + 1);
      return now.slice(0, at) + by + now.slice(at + length);
    }, text),
  );

test.each([
  ['any text', fc.string({ unit: 'binary', maxLength: 300 })],
  ['any sequence of pieces', fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(' '))],
  ['pieces without space', fc.array(piece, { maxLength: 30 }).map((pieces) => `cell A\n${pieces.join('')}`)],
  ['a cell with some edits', mutation],
])('%s is read without an exception, and what is accepted prints and parses back', (_, arbitrary) => {
  fc.assert(fc.property(arbitrary, check), { seed, numRuns: 2000 });
});

test('whatever stands under the cursor, the editor is answered', () => {
  fc.assert(
    fc.property(mutation, fc.nat(2000), (text, place) => {
      const offset = place % (text.length + 1);
      const checked = readCells(text);
      const found = hover(checked, offset)?.range ?? { from: 0, to: 0 };
      for (const { from, to } of [found, ...references(checked, offset)]) {
        expect(0 <= from && from <= to && to <= text.length).toBe(true);
      }
      definition(checked, offset);
      complete(checked, offset);
      outline(checked);
    }),
    { seed, numRuns: 500 },
  );
});

test.each(named)('%s prints and parses back', (_, text) => check(text));

test.each([
  ['parentheses', `h[t] = ${'('.repeat(100_000)}`],
  ['calls', `h[t] = ${'tanh('.repeat(100_000)}`],
  ['signs', `h[t] = ${'-'.repeat(100_000)}x[t]`],
  ['powers', `h[t] = ${'h[t-1]^'.repeat(100_000)}2`],
  ['matrices', `h[t] = ${'W '.repeat(100_000)}x[t]`],
  ['terms', `h[t] = ${'h[t-1] + '.repeat(100_000)}1`],
  ['operands', `h[t] = ${'h[t-1] '.repeat(100_000)}`],
  [
    'chained constants',
    `h[t] = a0 * x[t]\n${Array.from({ length: 20_000 }, (_, i) => `a${i} = a${i + 1}\n`).join('')}a20000 = 1`,
  ],
  ['chained vectors', Array.from({ length: 20_000 }, (_, i) => `a${i}[t] = a${i + 1}[t]\n`).join('')],
])('no depth of %s overflows', (_, body) => {
  expect(readCells(`cell Deep\n${body}`).diagnostics.length).toBeGreaterThan(0);
});
