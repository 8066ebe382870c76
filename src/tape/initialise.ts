import type { Initialiser } from '../language/cell.ts';

export function initialise(
  initialiser: Initialiser,
  shape: readonly number[],
  random: () => number,
): Float32Array {
  const size = shape.reduce((p, n) => p * n, 1);
  const limit = Math.sqrt(6 / (shape[0] + (shape[1] ?? 1)));
  return Float32Array.from({ length: size }, () =>
    initialiser.kind === 'constant' ? initialiser.value : (2 * random() - 1) * limit,
  );
}
