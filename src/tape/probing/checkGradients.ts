// Checks in 64 bit that a cell's backward pass is the derivative of its forward pass, by comparing gradients
// with differences.
import type { CheckedCell } from '../../language/cell.ts';
import { type Architecture, type Stack, tokensOfStep } from '../architecture.ts';
import { initialWeights } from '../parameters.ts';
import type { LookupTables } from '../planning/lookupTables.ts';
import { random } from '../random.ts';
import { ScalarTraining } from '../scalar/scalarTraining.ts';
import { centralDifference, significant, slopeOf } from './differences.ts';

/** A gradient agrees with its difference up to this error, relative to the parameter's largest gradient. */
export const tolerance = 1e-5;

/**
 * Nearly every gradient agrees with its difference of the first of these widths; narrower ones agree where a kink is near.
 * If none does, all widths are tried.
 */
const firstWidths = [1e-5, 1e-6, 1e-7];

/** A parameter whose gradients are all smaller than this is compared as if its largest gradient were this. */
const smallestGradient = 1e-6;

/** The number of rows of numbers that are read and predicted. */
const tableRows = 6;

/**
 * Builds two small layers, so that the cell reads symbols in one and vectors in the other. A cell that is given
 * something gets a symbol's embedding.
 */
export const smallNetwork = (cell: CheckedCell): Architecture => ({
  ...((cell.readsGiven || cell.readsPositions) && { encoder: { inputs: 4, embedding: 3, layers: [] } }),
  inputs: 5,
  outputs: 5,
  embedding: 0,
  layers: [4, 3].map((hidden) => ({ cell, hidden })),
  tied: false,
  head: { kind: 'every step' },
});

/**
 * - `right`: every gradient agrees with a difference, except at kinks, where there is no derivative.
 * - `unsettled`: the differences are too inexact to judge a gradient by.
 * - `not a number`: a gradient is infinite or NaN.
 * - `wrong`: a gradient differs from a difference by far more than the difference's own error.
 */
export type Verdict = 'right' | 'unsettled' | 'not a number' | 'wrong';

const verdicts: readonly Verdict[] = ['right', 'unsettled', 'not a number', 'wrong'];

/** The comparison of one parameter's gradients with differences. */
export interface ParameterCheck {
  readonly verdict: Verdict;
  /**
   * The largest error, relative to the parameter's largest gradient; NaN where a gradient is not a number.
   */
  readonly error: number;
  /** The number of the parameter's entries at which the loss has a kink. */
  readonly kinks: number;
}

/**
 * The comparison of all parameters: the verdict and the error are those of the worst one, and the kinks are of all.
 */
export interface GradientCheck extends ParameterCheck {
  /** The parameter with the gravest verdict and the largest error; null where nothing is trained. */
  readonly worst: string | null;
  readonly perParameter: ReadonlyMap<string, ParameterCheck>;
}

/** The sizes of the window on which the gradients are compared. */
export interface CheckOptions {
  readonly batch?: number;
  readonly steps?: number;
  /** The number of positions of a source, where there is an encoder. */
  readonly positions?: number;
  readonly seed?: number;
  readonly dropout?: number;
  /** Whether row r is padded in its last r steps, as rows of different lengths are. */
  readonly padded?: boolean;
}

/**
 * Compares the gradients of a network at random weights with differences of its loss, in 64 bit.
 * @returns the comparison of each trained parameter, by name
 */
export function checkGradients(
  architecture: Architecture,
  { batch = 2, steps = 4, positions = 3, seed = 1, dropout = 0, padded = false }: CheckOptions = {},
): GradientCheck {
  const tables = lookupTablesOf(architecture, seed);
  const training = new ScalarTraining(architecture, { batch, steps, positions, dropout, seed }, tables);
  training.load(initialWeights(architecture, seed));
  const { memory, described } = training;
  const next = random(seed);
  // The parameters are moved away from the zeros that initialisers leave, so that every path contributes.
  for (const { name } of described)
    for (const word of training.words(name)) memory[word] += (next() - 0.5) * 0.5;
  const token = (kinds: number) => Math.floor(next() * kinds);
  const inputs = architecture.input === 'numbers' ? tableRows : architecture.inputs;
  const outputs = architecture.likelihood === 'gaussian' ? tableRows : architecture.outputs;
  const each = tokensOfStep(architecture);
  // A step of several tokens may lack those after the first.
  const x = Int32Array.from({ length: batch * steps * each }, (_, i) =>
    i % each > 0 && i % 7 === 4 ? -1 : token(inputs),
  );
  const y = Int32Array.from({ length: batch * steps }, (_, i) => (i % 5 === 4 ? -1 : token(outputs)));
  if (padded)
    for (let row = 1; row < batch; row++)
      for (const [tokens, of] of [
        [x, each],
        [y, 1],
      ] as const)
        tokens.fill(-1, ((row + 1) * steps - row) * of, (row + 1) * steps * of);
  const source = architecture.encoder && sourceOf(architecture.encoder, batch, positions, padded, next);
  const window = { x, y, fresh: true, countFrom: 0, scale: 1, ...(source && { source }) };
  training.run(window);
  let largest = 1;
  for (const value of memory)
    if (Math.abs(value) < Number.POSITIVE_INFINITY) largest = Math.max(largest, Math.abs(value));
  const rounding = largest * Number.EPSILON;
  const trained = described.flatMap((each) => (each.trained ? [each.name] : []));
  const gradients = new Map(trained.map((name) => [name, training.gradient(name)]));
  const perParameter = new Map(
    trained.map((name) => {
      const words = training.words(name);
      const lossAt = (i: number) => (distance: number) => {
        const value = memory[words[i]];
        memory[words[i]] = value + distance;
        const result = training.loss(window);
        memory[words[i]] = value;
        return result;
      };
      return [name, checkParameter(gradients.get(name)!, lossAt, rounding)];
    }),
  );
  const ranked = [...perParameter].sort(
    ([, a], [, b]) => grade(b.verdict) - grade(a.verdict) || b.error - a.error,
  );
  const [worst, gravest] = ranked.at(0) ?? [null, { verdict: 'right' as const, error: 0 }];
  const kinks = [...perParameter.values()].reduce((sum, each) => sum + each.kinks, 0);
  return { verdict: gravest.verdict, error: gravest.error, kinks, worst, perParameter };
}

/** Draws sources. @param padded whether that of row r is shorter by r positions, as far as it can be */
function sourceOf(
  { input, inputs }: Stack,
  batch: number,
  positions: number,
  padded: boolean,
  next: () => number,
): Int32Array {
  const kinds = input === 'numbers' ? tableRows : inputs;
  return Int32Array.from({ length: batch * positions }, (_, i) => {
    const token = Math.floor(next() * kinds);
    const row = Math.floor(i / positions);
    return padded && i % positions >= Math.max(1, positions - row) ? -1 : token;
  });
}

/** Draws the numbers that a network reads and predicts; null where it does neither. */
function lookupTablesOf(architecture: Architecture, seed: number): LookupTables | null {
  const { likelihood, outputs, encoder } = architecture;
  const { input, inputs } = encoder ?? architecture;
  if (input !== 'numbers' && likelihood !== 'gaussian') return null;
  const next = random(seed);
  const draw = (width: number) => Float32Array.from({ length: tableRows * width }, () => 4 * next() - 2);
  return { inputs: draw(inputs), targets: draw(outputs) };
}

const grade = (verdict: Verdict): number => verdicts.indexOf(verdict);

/**
 * @param lossAt returns, for the i-th number, the loss as a function of that number's displacement
 * @param rounding the largest rounding error of a loss
 */
function checkParameter(
  gradient: Float64Array,
  lossAt: (i: number) => (distance: number) => number,
  rounding: number,
): ParameterCheck {
  if (!gradient.every(Number.isFinite)) return { verdict: 'not a number', error: Number.NaN, kinks: 0 };
  const largest = gradient.reduce((most, each) => Math.max(most, Math.abs(each)), smallestGradient);
  let verdict: Verdict = 'right';
  let error = 0;
  let kinks = 0;
  for (const [i, analytic] of gradient.entries()) {
    const relative = (numeric: number) => Math.abs(numeric - analytic) / Math.max(largest, Math.abs(numeric));
    const first = agreement(lossAt(i), relative);
    if (first !== null) {
      error = Math.max(error, first);
      continue;
    }
    const slope = slopeOf(lossAt(i), rounding, tolerance * largest);
    if (slope.kind === 'kink') {
      kinks++;
      continue;
    }
    const found = slope.kind === 'smooth' ? judge(relative(slope.value), slope.error / largest) : 'unsettled';
    if (slope.kind === 'smooth') error = Math.max(error, relative(slope.value));
    if (grade(found) > grade(verdict)) verdict = found;
  }
  return { verdict, error, kinks };
}

/** Returns the error beside the widest of the first differences that agrees; null where none does. */
function agreement(f: (distance: number) => number, relative: (numeric: number) => number): number | null {
  for (const width of firstWidths) {
    const error = relative(centralDifference(f, width));
    if (error <= tolerance) return error;
  }
  return null;
}

/**
 * @param off the gradient's relative error
 * @param uncertainty the relative error of the difference itself
 */
const judge = (off: number, uncertainty: number): Verdict =>
  off <= tolerance ? 'right' : off > significant * uncertainty ? 'wrong' : 'unsettled';
