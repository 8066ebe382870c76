import { describe, expect, test } from 'vitest';
import { heldOutRows } from '../../../src/data/text/heldOut.ts';
import { Windows } from '../../../src/data/text/truncatedBpttWindows.ts';

/** Returns tokens that are their own positions. */
const numbered = (length: number) => Int32Array.from({ length }, (_, i) => i);

/** Returns a pass's counted targets, the last token before each carried state, and the next window. */
function onePass(k1: number, k2: number, tokens = 61) {
  const windows = new Windows(numbered(tokens), 1, k1, k2);
  const counted: number[] = [];
  const carried: number[] = [];
  for (let i = 0; i < windows.perEpoch; i++) {
    const { x, y, lead, carry } = windows.next();
    counted.push(...y.filter((token) => token >= 0));
    carried.push([...lead, ...x][lead.length + carry - 1]);
  }
  return { counted, carried, after: windows.next() };
}

describe('truncated BPTT', () => {
  test('k1 = k2: every target is counted once, and the state goes on where the window ends', () => {
    const { counted, carried, after } = onePass(10, 10);
    expect(counted).toEqual([...numbered(61)].slice(1));
    expect(carried).toEqual([9, 19, 29, 39, 49, 59]);
    expect(after.restart).toBe(true);
  });

  test('k2 > k1: windows overlap, every target is counted once, the state goes on after k1 steps', () => {
    const { counted, carried } = onePass(5, 20);
    expect(counted).toEqual([...numbered(61)].slice(1));
    expect(carried).toEqual([4, 9, 14, 19, 24, 29, 34, 39, 44]);
  });

  test('k2 < k1: only the last k2 of every k1 steps are learned from', () => {
    const { counted, carried } = onePass(20, 5);
    expect(counted).toEqual([16, 17, 18, 19, 20, 36, 37, 38, 39, 40, 56, 57, 58, 59, 60]);
    expect(carried).toEqual([19, 39, 59]);
  });

  test('streams stand side by side, a row each', () => {
    const { x, y } = new Windows(numbered(41), 4, 3, 3).next();
    expect([...x]).toEqual([0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]);
    expect([...y]).toEqual([1, 2, 3, 11, 12, 13, 21, 22, 23, 31, 32, 33]);
  });

  test('epochs are counted with their fraction', () => {
    const windows = new Windows(numbered(41), 2, 10, 10);
    expect(windows.epoch).toBe(0);
    windows.next();
    expect(windows.epoch).toBe(0.5);
    windows.next();
    windows.next();
    expect(windows.epoch).toBe(1.5);
  });
});

describe('the held-out tail', () => {
  test('rows count all targets once, and read some context before', () => {
    const text = numbered(1000);
    const held = heldOutRows(text.subarray(0, 700), text.subarray(700), 3)!;
    const counted = [...held.y].filter((token) => token >= 0);
    expect(counted).toEqual([...text].slice(700));
    expect(held.y.filter((target) => target >= 0).length).toBe(300);
    expect(held.x[0]).toBe(700 - 64);
    // A target follows its token.
    for (let i = 0; i < held.x.length; i++) if (held.y[i] >= 0) expect(held.y[i]).toBe(held.x[i] + 1);
  });

  test('there is none of a single token', () => {
    expect(heldOutRows(numbered(10), numbered(1), 3)).toBeNull();
  });
});
