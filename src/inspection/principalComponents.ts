// Projects the states of a network onto the plane in which they vary most (Pearson 1901).

/** The rounds of the power iteration, after which a component changes no more that can be seen. */
const rounds = 100;

export interface Projection {
  /** The points of the vectors in the plane, [vectors][2]. */
  readonly points: readonly (readonly [number, number])[];
  /** The shares of the variance that the two components have, each in [0, 1]. */
  readonly explained: readonly [number, number];
  /** Returns the point of another vector, [units], in the plane. */
  project(vector: ArrayLike<number>): readonly [number, number];
}

/**
 * Returns the vectors in the coordinates of their first two principal components. Of a component and its
 * opposite, the one whose largest entry is positive is taken, so that a picture does not flip over.
 * @param vectors [vectors][units], at least two units each
 */
export function projectOnPlane(vectors: readonly Float64Array[]): Projection {
  const width = vectors[0].length;
  const mean = Float64Array.from(
    { length: width },
    (_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0) / vectors.length,
  );
  const rest = vectors.map((vector) => vector.map((value, i) => value - mean[i]));
  const total = rest.reduce((sum, vector) => sum + dot(vector, vector), 0);
  const [first, second] = [component(rest, width), component(rest, width)];
  const share = ({ coordinates }: Component) =>
    total > 0 ? coordinates.reduce((sum, value) => sum + value * value, 0) / total : 0;
  return {
    points: first.coordinates.map((x, index) => [x, second.coordinates[index]] as const),
    explained: [share(first), share(second)],
    project: (vector) => {
      const centred = mean.map((value, i) => vector[i] - value);
      return [dot(centred, first.direction), dot(centred, second.direction)];
    },
  };
}

interface Component {
  /** The direction, of length 1; zero where the vectors have no variance. */
  readonly direction: Float64Array;
  /** The coordinate of each vector along it. */
  readonly coordinates: readonly number[];
}

/** Finds the direction of largest variance by power iteration, and removes it from the vectors. */
function component(vectors: readonly Float64Array[], width: number): Component {
  let direction = Float64Array.from({ length: width }, (_, i) => Math.cos(i * i));
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(width);
    for (const vector of vectors) {
      const along = dot(vector, direction);
      for (let i = 0; i < width; i++) next[i] += along * vector[i];
    }
    const length = Math.sqrt(dot(next, next));
    // Vectors without variance have no direction.
    if (!(length > 1e-12)) return { direction: new Float64Array(width), coordinates: vectors.map(() => 0) };
    direction = next.map((value) => value / length);
  }
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  if (largest < 0) direction = direction.map((value) => -value);
  const coordinates = vectors.map((vector) => dot(vector, direction));
  for (const [index, vector] of vectors.entries())
    for (let i = 0; i < width; i++) vector[i] -= coordinates[index] * direction[i];
  return { direction, coordinates };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
