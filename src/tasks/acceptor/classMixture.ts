// Mixes what a network and the n-grams of the classes say of a row: a weighted sum of logarithms, normalised, as in
// texts. There are so few weights that they are found by Newton's method.
import { softmax } from '../../completion/ensemble/softmax.ts';
import { choleskyFactor, choleskySolve } from '../../data/normalEquations.ts';

/**
 * The weights of the network, of the n-grams, and of the share of rows that each class has. That of the n-grams is
 * small, as they take characters for independent that are not.
 */
export type MixtureWeights = readonly [network: number, ngrams: number, classes: number];

/** The weights of a network by itself. */
export const networkAlone: MixtureWeights = [1, 0, 0];

/** The logarithms of the probabilities that each of the three gives to the classes, [3][classes]. */
export type Opinions = readonly [
  network: ArrayLike<number>,
  ngrams: ArrayLike<number>,
  classes: ArrayLike<number>,
];

export interface WeighedRow {
  readonly opinions: Opinions;
  /** The class of the row. */
  readonly target: number;
}

/** The most steps of Newton's method, and the size of a step at which the weights count as found. */
const mostSteps = 50;
const small = 1e-7;

/** Returns the probability of each class, [classes]. */
export function mix(opinions: Opinions, weights: MixtureWeights): Float64Array {
  const p = new Float64Array(opinions[0].length);
  for (const [index, weight] of weights.entries())
    for (let each = 0; each < p.length; each++) p[each] += weight * opinions[index][each];
  softmax(p);
  return p;
}

/** Returns the number of nats that the classes of rows take. */
export function natsOf(rows: readonly WeighedRow[], weights: MixtureWeights): number {
  return rows.reduce(
    (sum, { opinions, target }) => sum - Math.log(Math.max(Number.MIN_VALUE, mix(opinions, weights)[target])),
    0,
  );
}

/**
 * Learns the weights on rows that neither the network nor the n-grams have learned. They are those of the greatest
 * likelihood, none below 0, with a Gaussian prior of standard deviation 1 around the network alone. The n-grams join
 * only where they raise the likelihood by more than their two weights cost in the Bayesian information criterion
 * (Schwarz 1978), beside a network whose own weight is learned too.
 */
export function learnWeights(rows: readonly WeighedRow[]): MixtureWeights {
  const weights = likeliestWeights(rows, networkAlone, [0, 1, 2]);
  const without = likeliestWeights(rows, networkAlone, [0]);
  const gain = natsOf(rows, without) - natsOf(rows, weights);
  return weights[1] > 0 && gain > Math.log(rows.length) ? weights : networkAlone;
}

/** @param free the indices of the weights that are learned; the others stay as they are in `from` */
function likeliestWeights(
  rows: readonly WeighedRow[],
  from: MixtureWeights,
  free: readonly number[],
): MixtureWeights {
  let weights = from;
  let cost = costOf(rows, weights);
  for (let step = 0; step < mostSteps; step++) {
    const direction = newtonStep(rows, weights, free);
    let share = 1;
    let next = moved(weights, direction, share);
    while (costOf(rows, next) > cost && share > small) {
      share /= 2;
      next = moved(weights, direction, share);
    }
    const reached = costOf(rows, next);
    if (reached >= cost) break;
    weights = next;
    cost = reached;
    if (share * Math.max(...direction.map(Math.abs)) < small) break;
  }
  const below = free.filter((index) => weights[index] < 0);
  if (below.length === 0) return weights;
  const [network, ngrams, classes] = from.map((weight, index) => (below.includes(index) ? 0 : weight));
  const left = free.filter((index) => !below.includes(index));
  return likeliestWeights(rows, [network, ngrams, classes], left);
}

/** The nats of the rows, and those of the prior. */
const costOf = (rows: readonly WeighedRow[], weights: MixtureWeights): number =>
  natsOf(rows, weights) +
  weights.reduce((sum, weight, index) => sum + (weight - networkAlone[index]) ** 2 / 2, 0);

const moved = (weights: MixtureWeights, direction: readonly number[], share: number): MixtureWeights => [
  weights[0] + share * direction[0],
  weights[1] + share * direction[1],
  weights[2] + share * direction[2],
];

/** Returns the step to the minimum of the cost's quadratic approximation, [3], which is 0 for weights that are not free. */
function newtonStep(rows: readonly WeighedRow[], weights: MixtureWeights, free: readonly number[]): number[] {
  const n = free.length;
  const gradient = Float64Array.from(free, (index) => weights[index] - networkAlone[index]);
  const hessian = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
  for (const { opinions, target } of rows) {
    const p = mix(opinions, weights);
    const away = free.map((index) => {
      const mean = p.reduce((sum, share, each) => sum + share * opinions[index][each], 0);
      return p.map((_, each) => opinions[index][each] - mean);
    });
    for (let row = 0; row < n; row++) {
      gradient[row] -= away[row][target];
      for (let column = 0; column < n; column++)
        hessian[row * n + column] += p.reduce(
          (sum, share, each) => sum + share * away[row][each] * away[column][each],
          0,
        );
    }
  }
  // It is positive definite, as the prior is.
  choleskyFactor(hessian, n);
  const solved = choleskySolve(hessian, gradient);
  return weights.map((_, index) => (free.includes(index) ? -solved[free.indexOf(index)] : 0));
}
