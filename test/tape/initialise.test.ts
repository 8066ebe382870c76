import { describe, expect, test } from 'vitest';
import type { Initialiser } from '../../src/language/cell.ts';
import { initialise } from '../../src/tape/initialise.ts';
import { random } from '../../src/tape/random.ts';
import { spectralRadius } from '../../src/tape/spectralRadius.ts';

const make = (initialiser: Initialiser, shape: number[], seed = 1) =>
  initialise(initialiser, shape, random(seed));

const every: Initialiser[] = [
  { kind: 'constant', value: 0.5 },
  { kind: 'identity', radius: null },
  { kind: 'orthogonal', radius: null },
  { kind: 'glorot' },
  { kind: 'uniform', limit: 0.1 },
  { kind: 'normal', deviation: 2 },
  { kind: 'sparse', density: 0.1, radius: null },
  { kind: 'sparse', density: 0.1, radius: 0.9 },
];

test.each(every)('$kind: the same seed gives the same values', (initialiser) => {
  expect(make(initialiser, [20, 20])).toEqual(make(initialiser, [20, 20]));
});

test('a constant and the identity', () => {
  expect([...make({ kind: 'constant', value: 3 }, [2])]).toEqual([3, 3]);
  expect([...make({ kind: 'identity', radius: null }, [2, 3])]).toEqual([1, 0, 0, 0, 1, 0]);
});

test.each([
  [{ kind: 'glorot' }, Math.sqrt(6 / 150)],
  [{ kind: 'uniform', limit: 0.3 }, 0.3],
] as const)('%o is even within its limit', (initialiser, limit) => {
  const values = make(initialiser, [100, 50]);
  const largest = Math.max(...values.map(Math.abs));
  expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6));
  expect(largest).toBeGreaterThan(limit * 0.99);
  // The mean is 0 and the variance limit² / 3; the sample's mean is within four of its standard deviations.
  const mean = values.reduce((a, b) => a + b) / values.length;
  expect(Math.abs(mean)).toBeLessThan((4 * limit) / Math.sqrt(3 * values.length));
});

test('normal has its deviation', () => {
  const values = make({ kind: 'normal', deviation: 2 }, [100, 100]);
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(Math.sqrt(variance)).toBeCloseTo(2, 1);
});

test.each([
  [5, 5],
  [3, 7],
  [7, 3],
])('orthogonal %i×%i: rows or columns at right angles', (rows, columns) => {
  const values = make({ kind: 'orthogonal', radius: null }, [rows, columns]);
  const [count, at] =
    rows <= columns
      ? [rows, (i: number, k: number) => values[i * columns + k]]
      : [columns, (i: number, k: number) => values[k * columns + i]];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let product = 0;
      for (let k = 0; k < Math.max(rows, columns); k++) product += at(i, k) * at(j, k);
      expect(product).toBeCloseTo(i === j ? 1 : 0, 6);
    }
  }
});

test.each([0.01, 0.1, 1])('sparse(%d) has exactly that share of entries', (density) => {
  const values = make({ kind: 'sparse', density, radius: null }, [30, 40]);
  expect(values.filter((value) => value !== 0).length).toBe(1200 * density);
});

test.each([1, 15, 40])('connections(%i) has so many entries in each row, from a unit Gaussian', (count) => {
  const values = make({ kind: 'connections', count, radius: null }, [300, 30]);
  for (let row = 0; row < 300; row++)
    expect(values.slice(30 * row, 30 * row + 30).filter((value) => value !== 0)).toHaveLength(
      Math.min(count, 30),
    );
  const drawn = values.filter((value) => value !== 0);
  const deviation = Math.sqrt(drawn.reduce((sum, value) => sum + value ** 2, 0) / drawn.length);
  expect(Math.abs(deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * drawn.length));
});

/** Returns the spectral radius by Gelfand's formula: from the norm of the 2^20th power, by squaring. */
function slowRadius(matrix: ArrayLike<number>, size: number): number {
  let power = Float64Array.from(matrix);
  let log = 0;
  for (let n = 0; n < 20; n++) {
    const square = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++)
        for (let j = 0; j < size; j++) square[i * size + j] += power[i * size + k] * power[k * size + j];
    const norm = Math.hypot(...square);
    power = square.map((value) => value / norm);
    log = 2 * log + Math.log(norm);
  }
  return Math.exp(log / 2 ** 20);
}

describe('spectral radius', () => {
  test.each([
    ['a diagonal', [0.5, 0, 0, -2], 2],
    ['a shear', [1, 100, 0, 1], 1],
    ['a turn', [0.6, -0.8, 0.8, 0.6], 1],
    ['a turn that stretches unevenly', [0, -4, 1, 0], 2],
    ['no circle', [0, 1, 0, 0], 0],
    ['opposite eigenvalues', [3, 0, 0, -3], 3],
  ])('of %s', (_, matrix, radius) => expect(spectralRadius(matrix, 2)).toBeCloseTo(radius, 2));

  test.each([4, 16, 50])('of a random matrix [%i × %i] is that of its powers', (size) => {
    const matrix = make({ kind: 'normal', deviation: 1 }, [size, size], size);
    expect(spectralRadius(matrix, size) / slowRadius(matrix, size)).toBeCloseTo(1, 2);
  });

  test.each([1, 3, 8, 40])('of a reservoir of %i units is the one asked for', (size) => {
    const matrix = make({ kind: 'sparse', density: 0.1, radius: 0.9 }, [size, size]);
    expect(slowRadius(matrix, size)).toBeCloseTo(0.9, 2);
  });

  test.each(['identity', 'orthogonal'] as const)('of %s is the one asked for', (kind) => {
    const matrix = make({ kind, radius: 0.9 }, [20, 20]);
    expect(slowRadius(matrix, 20)).toBeCloseTo(0.9, 2);
  });

  test.each([1, 8, 40])('of connections among %i units is the one asked for', (size) => {
    const matrix = make({ kind: 'connections', count: 15, radius: 1.1 }, [size, size]);
    expect(slowRadius(matrix, size)).toBeCloseTo(1.1, 2);
  });
});
