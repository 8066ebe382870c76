import { expect, test } from 'vitest';
import { alignmentPicture } from '../../../src/editor/table/alignmentPicture.ts';

const colors = { text: '#111111', weight: '#222222' };

test('a square is as dark as the weight that a character of the source has for one of the target', () => {
  const picture = alignmentPicture(
    {
      source: ['a', '<', ' '],
      target: ['A', ''],
      weights: [
        [0.9, 0.1, 0],
        [0, 0.25, 0.75],
      ],
    },
    colors,
  );
  const squares = [...picture.matchAll(/<rect x="(\d+)" y="(\d+)"[^>]*fill-opacity="([\d.]+)"/g)];
  expect(squares.map(([, x, y, opacity]) => [Number(x), Number(y), Number(opacity)])).toEqual([
    [16, 16, 0.9],
    [32, 16, 0.1],
    [32, 32, 0.25],
    [48, 32, 0.75],
  ]);
  // Markup in a text stays text, and what is invisible has a sign.
  expect([...picture.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
    'a',
    '&lt;',
    '␣',
    'A',
    '⏎',
  ]);
});

test('of long texts the beginning is drawn', () => {
  const many = Array.from({ length: 400 }, () => 'x');
  const picture = alignmentPicture(
    { source: many, target: many, weights: many.map(() => many.map(() => 1)) },
    colors,
  );
  expect([...picture.matchAll(/<rect/g)].length).toBe(40 * 40);
});
