// Computes the values of parameters before training.

import type { Initialiser } from '../language/cell.ts';
import { spectralRadius } from './spectralRadius.ts';

/**
 * Draws the initial values of a parameter.
 * @param shape rows and columns, or the width of a vector
 * @param random a generator of numbers in [0, 1); the same numbers give the same values
 * @returns the values, row by row
 */
export function initialise(
  initialiser: Initialiser,
  shape: readonly number[],
  random: () => number,
): Float32Array {
  const [rows, columns = 1] = shape;
  const fill = (next: (index: number) => number) =>
    Float32Array.from({ length: rows * columns }, (_, index) => next(index));
  const uniform = (limit: number) => fill(() => (2 * random() - 1) * limit);
  switch (initialiser.kind) {
    case 'constant':
      return fill(() => initialiser.value);
    case 'identity':
      return fill((index) =>
        Math.floor(index / columns) === index % columns ? (initialiser.radius ?? 1) : 0,
      );
    case 'glorot':
      return uniform(Math.sqrt(6 / (rows + columns)));
    case 'uniform':
      return uniform(initialiser.limit);
    case 'normal':
      return fill(() => initialiser.deviation * gaussian(random));
    case 'orthogonal':
      return orthogonal(rows, columns, random).map((value) => value * (initialiser.radius ?? 1));
    case 'sparse':
      return initialiser.radius === null
        ? Float32Array.from(sparse(rows * columns, initialiser.density, random))
        : reservoir(rows, initialiser.density, initialiser.radius, random);
    case 'connections':
      return connections(rows, columns, initialiser.count, initialiser.radius, random);
  }
}

/** Draws a normally distributed number (Box & Muller 1958). */
const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * Draws orthonormal rows, or columns where there are fewer of them. They come from a Gaussian matrix by the
 * Gram-Schmidt process, which makes every rotation equally likely (Mezzadri 2007).
 */
function orthogonal(rows: number, columns: number, random: () => number): Float32Array {
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const v = Float64Array.from({ length }, () => gaussian(random));
    // Each vector is orthogonalised twice, because rounding leaves a remainder (Giraud et al. 2005).
    for (const u of [...basis, ...basis]) {
      const along = dot(u, v);
      for (let i = 0; i < length; i++) v[i] -= along * u[i];
    }
    const size = Math.sqrt(dot(v, v));
    basis.push(v.map((value) => value / size));
  }
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    return rows <= columns ? basis[row][column] : basis[column][row];
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Draws numbers of which exactly the given share, at least one, is uniform in ±1; the others are 0. */
function sparse(size: number, density: number, random: () => number): Float64Array {
  const values = new Float64Array(size);
  let left = Math.max(1, Math.round(size * density));
  // Each entry is chosen with probability (entries still to choose) / (entries left): Knuth, volume 2,
  // algorithm S.
  for (let index = 0; left > 0; index++) {
    if (random() * (size - index) >= left) continue;
    values[index] = 2 * random() - 1;
    left--;
  }
  return values;
}

/** Draws a matrix in each row of which `count` entries are Gaussian (Martens 2010). */
function connections(
  rows: number,
  columns: number,
  count: number,
  radius: number | null,
  random: () => number,
): Float32Array {
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    let left = Math.min(count, columns);
    // The same choice as that of `sparse`.
    for (let column = 0; left > 0; column++) {
      if (random() * (columns - column) >= left) continue;
      values[row * columns + column] = gaussian(random);
      left--;
    }
  }
  if (radius === null) return Float32Array.from(values);
  // There is a cycle if every unit has an entry, so that the spectral radius is not 0.
  const found = spectralRadius(values, rows);
  return Float32Array.from(values, (value) => (value * radius) / found);
}

/** Draws a square sparse matrix of a given spectral radius (Jaeger 2001). */
function reservoir(rows: number, density: number, radius: number, random: () => number): Float32Array {
  // A matrix with few entries may be nilpotent and have the spectral radius 0; then another one is drawn.
  for (let tries = 0; tries < 100; tries++) {
    const values = sparse(rows * rows, density, random);
    const found = spectralRadius(values, rows);
    if (found > 0) return Float32Array.from(values, (value) => (value * radius) / found);
  }
  // With so few entries a cycle is unlikely; a single entry on the diagonal has the wanted radius.
  return Float32Array.from({ length: rows * rows }, (_, index) => (index === 0 ? radius : 0));
}
