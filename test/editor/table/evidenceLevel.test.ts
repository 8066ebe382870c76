import { expect, test } from 'vitest';
import { evidenceLevel } from '../../../src/editor/table/evidenceLevel.ts';

test('the scale is that of the row, and what is near zero has no colour', () => {
  const levels = [-2, -1, -0.5, -0.1, 0, 0.1, 0.5, 1, 2].map((value) => evidenceLevel(value, 2));
  expect(levels).toEqual([0, 1, 2, null, null, null, 3, 4, 5]);
  expect(evidenceLevel(0, 0)).toBeNull();
});
