// Draws gaps and fills them with suggestions that are known.
import { expect, test } from 'vitest';
import { drawGaps, type GapFiller, measureInfill } from '../../../src/cli/evaluate/gaps.ts';

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

test('no gap divides a character, and those outside of the first 65,536 count as one', async () => {
  const emoji = '👍🙂 🎉🙂👍🎉 🙂👍🎉🙂\n'.repeat(20);
  const gaps = drawGaps(emoji, 20);
  expect(gaps.length).toBeGreaterThan(0);
  const told: string[] = [];
  const knowing = async (before: string, after: string) => {
    told.push(before, after);
    return after === '' ? '' : emoji.slice(before.length, emoji.length - after.length);
  };
  const { characters, whole, notTold } = await measureInfill(filling(knowing), '', emoji, gaps);
  expect(told.filter((text) => !text.isWellFormed())).toEqual([]);
  expect(characters).toBe(gaps.reduce((sum, { length }) => sum + length, 0));
  expect([whole, notTold.saved]).toEqual([1, 0]);
});

/** Returns what suggests, and has nothing to learn from other lines. */
const filling = (suggest: GapFiller['suggest']) => async () => ({ suggest, read: () => {} });

test('what knows the text fills every gap with one key', async () => {
  const knowing = async (before: string, after: string) =>
    after === ''
      ? held.slice(before.length - 'before\n'.length).slice(0, 2)
      : held.slice(before.length - 'before\n'.length, held.length - after.length);
  const infill = await measureInfill(filling(knowing), 'before\n', held, drawGaps(held, 30));
  expect(infill).toMatchObject({ gaps: 30, precision: 1, whole: 1, notTold: { whole: 0 } });
  expect(infill.saved).toBeCloseTo(1 - 30 / infill.characters, 10);
  expect(infill.notTold.saved).toBeGreaterThan(0.4);
  expect(infill.overNotTold).toBe(infill.saved / infill.notTold.saved);
  // The lines that it has read say nothing to it, so that the sum over the groups is the same.
  const { gaps, characters, inDocument, ...compared } = infill;
  expect(inDocument).toEqual(compared);
});

test('what is wrong costs precision and saves nothing', async () => {
  const nothing = { saved: 0, precision: 0, whole: 0 };
  const wrong = await measureInfill(
    filling(async () => 'qqq'),
    '',
    held,
    drawGaps(held, 10),
  );
  expect(wrong).toMatchObject({ gaps: 10, ...nothing, notTold: nothing, overNotTold: null });
  expect(
    await measureInfill(
      filling(async () => ''),
      '',
      'short\n',
      [],
    ),
  ).toMatchObject({
    gaps: 0,
    ...nothing,
    inDocument: { ...nothing, notTold: nothing },
  });
});

test('a model that reads the document reads each line but those that it fills', async () => {
  const text = Array.from({ length: 60 }, (_, at) => `this is line number ${at} of it`).join('\n');
  const gaps = drawGaps(text, 20);
  const opened: { lines: string[]; filled: Set<string> }[] = [];
  const open = async () => {
    const each = { lines: [] as string[], filled: new Set<string>() };
    opened.push(each);
    return {
      async suggest(before: string) {
        const start = before.lastIndexOf('\n') + 1;
        each.filled.add(text.slice(start).split('\n')[0]);
        return '';
      },
      read: (lines: string) => void each.lines.push(...lines.split('\n')),
    };
  };
  await measureInfill(open, '', text, gaps);
  const [alone, ...readers] = opened;
  expect(alone.lines).toEqual([]);
  for (const { lines, filled } of readers) {
    expect(filled.size).toBeGreaterThan(0);
    expect(new Set([...lines, ...filled])).toEqual(new Set(text.split('\n')));
    for (const line of filled) expect(lines).not.toContain(line);
  }
  expect(new Set(readers.flatMap(({ filled }) => [...filled]))).toEqual(alone.filled);
});
