import { expect, test } from 'vitest';
import { agreements, verbatim } from '../../src/inspection/verbatim.ts';
import { random } from '../../src/tape/random.ts';

/** Returns for each place the length of the longest agreement, trying every string that ends there. */
function slowAgreements(written: string, text: string): number[] {
  return Array.from(written, (_, index) => {
    for (let from = 0; from <= index; from++)
      if (text.includes(written.slice(from, index + 1))) return index + 1 - from;
    return 0;
  });
}

/** Returns the share of characters in runs that occur in the text, trying every run. */
function slowShare(written: string, text: string, run: number): number {
  const covered = new Set<number>();
  for (let from = 0; from + run <= written.length; from++)
    if (text.includes(written.slice(from, from + run)))
      for (let at = from; at < from + run; at++) covered.add(at);
  return written.length > 0 ? covered.size / written.length : 0;
}

test('random texts: the same as looking for every part', () => {
  const next = random(1);
  const make = (letters: number) =>
    Array.from({ length: Math.floor(next() * 60) }, () => 'abcd'[Math.floor(next() * letters)]).join('');
  for (let i = 0; i < 500; i++) {
    const letters = 1 + Math.floor(next() * 4);
    const [written, text] = [make(letters), make(letters)];
    const lengths = [...agreements(written, text)];
    expect(lengths).toEqual(slowAgreements(written, text));
    const { longest, shares } = verbatim(written, text, [2, 3, 5]);
    expect(longest).toBe(Math.max(0, ...lengths));
    for (const [index, run] of [2, 3, 5].entries())
      expect(shares[index]).toBeCloseTo(slowShare(written, text, run), 12);
  }
});

test('a long text of repetitions takes no longer than any other', () => {
  const { longest, shares } = verbatim('ab'.repeat(10_000), 'ab'.repeat(500_000), [20]);
  expect(longest).toBe(20_000);
  expect(shares).toEqual([1]);
});
