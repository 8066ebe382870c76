// The measurements from which the drawings are computed.
import { expect, test } from 'vitest';
import { alignmentCsv, alignmentSays } from '../../../media/panel/alignment/alignmentText.ts';
import { groups } from '../../../media/panel/charts/noteGroups.ts';
import { arrowWidth } from '../../../media/panel/figure/heat.ts';
import { shadeOf, stretches } from '../../../media/panel/figure/shades.ts';
import { windowsOf } from '../../../media/panel/passage/updateWindows.ts';
import { visibleToken } from '../../../media/panel/words/tokenText.ts';
import { lastWriting } from '../../../media/panel/writing/lastWriting.ts';
import { sureShare, surpriseRuns } from '../../../media/panel/writing/surpriseRuns.ts';
import type { ProbedPassage, RunSnapshot } from '../../../src/protocol/run.ts';

test('an arrow is the wider, the more gradient flows along it, and has no width where it has vanished', () => {
  const widths = [0, 1e-5, 1e-4, 0.01, 0.5, 1, 10].map(arrowWidth);
  expect(widths.slice(0, 2)).toEqual([0, 0]);
  for (const [i, width] of widths.slice(2).entries()) expect(width).toBeGreaterThan(widths[i + 1]);
  expect(arrowWidth(Number.NaN)).toBe(0);
});

test('equal shades of a row are one stretch', () => {
  expect(stretches([0.5, 0.52, -1, -1, 0])).toEqual([
    { from: 0, to: 2, shade: 5 },
    { from: 2, to: 4, shade: -10 },
    { from: 4, to: 5, shade: 0 },
  ]);
  expect(shadeOf(-0.01)).toBe(0);
  expect([shadeOf(7), shadeOf(-7), shadeOf(7, 14)]).toEqual([10, -10, 5]);
});

test('a text has a run for each stretch of one level of surprise', () => {
  expect(surpriseRuns('abcd', [0.5, 1, 1.9, 8])).toEqual([
    { text: 'a', level: -1 },
    { text: 'bc', level: 0 },
    { text: 'd', level: 3 },
  ]);
  expect(surpriseRuns('abcd')).toEqual([{ text: 'abcd', level: -1 }]);
  expect(surpriseRuns('')).toEqual([]);
});

test('an emoji is one character: as surprising as its token, and counted once', () => {
  const passage = { written: ['😀', 'a😀', 'b'], surprise: [6, 1, 0.5] } as unknown as ProbedPassage;
  const run = { points: { samples: [], probes: [{ step: 7, passage }] } } as unknown as RunSnapshot;
  const { text, surprise } = lastWriting(run)!;
  expect(text).toBe('😀a😀b');
  expect(surprise).toEqual([6, 6, 0.5, 0.5, 0.5, 0.5]);
  expect(surpriseRuns(text, surprise)).toEqual([
    { text: '😀', level: 2 },
    { text: 'a😀b', level: -1 },
  ]);
  expect(sureShare(text, surprise)).toBe(3 / 4);
  expect(sureShare('😀ab', [9, 9, 0, 0])).toBe(2 / 3);
});

test('notes that are too close share a label, and the others have their own', () => {
  const notes = [10, 15, 18, 60, 100].map((at, index) => ({ at, number: index + 1 }));
  expect(groups(notes, 30)).toEqual([
    { at: 10, label: '1–3' },
    { at: 60, label: '4' },
    { at: 100, label: '5' },
  ]);
});

test('an update comes every k1 steps, and its gradient goes back over k2', () => {
  expect(windowsOf({ k1: 2, k2: 3 })).toEqual([
    { fresh: [1, 3], back: [0, 3] },
    { fresh: [3, 5], back: [2, 5] },
    { fresh: [5, 7], back: [4, 7] },
  ]);
  expect(windowsOf({ k1: 4, k2: 1 })[0]).toEqual({ fresh: [0, 4], back: [3, 4] });
});

test('a token that would be invisible has a sign', () => {
  expect(['\n', ' ', '\t', '\u202e', 'word', 'extraordinary'].map(visibleToken)).toEqual([
    '↵',
    '␣',
    '⇥',
    '\uFFFD',
    'word',
    'extra…',
  ]);
});

test('an alignment is saved as a row for each character that is written, and its sharpness is said', () => {
  const alignment = {
    source: ['a', ','],
    target: ['A', ''],
    weights: [
      [0.75, 0.25],
      [0.5, 0.5],
    ],
  };
  expect(alignmentCsv(alignment)).toBe('written,a,","\r\nA,0.75,0.25\r\n,0.5,0.5\r\n');
  expect(alignmentCsv(undefined)).toBe('written\r\n');
  expect(alignmentSays(alignment)).toBe(
    'For 1 of 2 characters, more than half of the weight is on one of the source.',
  );
});
