// Draws gaps and fills them with suggestions that are known.
import { expect, test } from 'vitest';
import { drawGaps, fillGaps } from '../../src/cli/gaps.ts';

const line = 'the quick (brown) fox jumps over the lazy dog\n';
const held = line.repeat(20);

test('gaps are within lines, begin and end at the bounds of words and signs, and leave something behind', () => {
  const gaps = drawGaps(held, 100);
  expect(gaps).toHaveLength(100);
  for (const { at, length } of gaps) {
    const gap = held.slice(at, at + length);
    const [after] = held.slice(at + length).split('\n', 1);
    expect(gap).toMatch(/^\S[^\n]{3,29}$/);
    expect(after.trim().length).toBeGreaterThanOrEqual(3);
    for (const [one, other] of [
      [held[at - 1] ?? '\n', gap[0]],
      [gap.at(-1)!, after[0]],
    ])
      expect(/\w/.test(one) && /\w/.test(other)).toBe(false);
  }
});

test('the same seed draws the same gaps; a text without lines as long has none', () => {
  expect(drawGaps(held, 20, 3)).toEqual(drawGaps(held, 20, 3));
  expect(drawGaps(held, 20, 3)).not.toEqual(drawGaps(held, 20, 4));
  expect(drawGaps('a b\n'.repeat(50), 10)).toEqual([]);
});

test('what knows the text fills every gap with one key', async () => {
  const knowing = async (before: string, after: string) =>
    held.slice(before.length - 'before\n'.length, held.length - after.length);
  const { gaps, characters, saved, precision, whole } = await fillGaps(knowing, 'before\n', held, 30);
  expect([gaps, precision, whole]).toEqual([30, 1, 1]);
  expect(saved).toBeCloseTo(1 - 30 / characters, 10);
});

test('what is wrong costs precision and saves nothing', async () => {
  const filled = await fillGaps(async () => 'qqq', '', held, 10);
  expect(filled).toMatchObject({ gaps: 10, saved: 0, precision: 0, whole: 0 });
  expect(await fillGaps(async () => '', '', 'short\n', 10)).toMatchObject({ gaps: 0, saved: 0, whole: 0 });
});
