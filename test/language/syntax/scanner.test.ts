import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchPart, type PartKind, Scanner } from '../../../src/language/syntax/scanner.ts';

interface Part {
  readonly kind: PartKind;
  readonly from: number;
  readonly to: number;
}

function byPattern(text: string): Part[] {
  const parts: Part[] = [];
  for (let from = 0; from < text.length; ) {
    const { kind, to } = matchPart(text, from);
    parts.push({ kind, from, to });
    from = to;
  }
  return parts;
}

function scanned(text: string): Part[] {
  const parts: Part[] = [];
  const scanner = new Scanner(text);
  while (scanner.next()) parts.push({ kind: scanner.kind, from: scanner.from, to: scanner.to });
  return parts;
}

test('a text is scanned as its pattern says', () => {
  const sign = fc.oneof(
    fc.constantFrom(..."aZé_0.9eE+-*/#'′=()[],@⊙ \t\n\r\v\f\u00A0\u2028\uFEFF\u0301₀𝔘\ud800$"),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 40 }), (signs) => {
      const text = signs.join('');
      expect(scanned(text)).toEqual(byPattern(text));
    }),
    { seed: 1, numRuns: 5000 },
  );
});

test('every character is part of something', () => {
  for (let code = 0; code < 0x10000; code++) {
    const text = String.fromCharCode(code);
    expect(scanned(text).at(-1)?.to).toBe(1);
  }
});
