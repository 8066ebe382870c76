// Measures a stored loss again: with the engine that stored it, and in 64 bits from its definition.
import type { Engine, Weights } from '../../../src/backend/engine.ts';
import type { Cost } from '../../../src/data/dataset.ts';
import { BitsPerCharacter } from '../../../src/data/text/bitsPerCharacter.ts';
import { heldOutRows } from '../../../src/data/text/heldOut.ts';
import { gradientOptimizer } from '../../../src/language/options/options.ts';
import { random } from '../../../src/tape/random.ts';
import { ScalarTraining } from '../../../src/tape/scalar/scalarTraining.ts';
import { slowValidationLoss } from '../../training/slowLoss.ts';
import type { Prepared } from './trainingRun.ts';

/** The relative error up to which a loss is right without looking at what rounding does to it. */
const tolerance = 1e-5;

/** A unit in the last place of a number of 32 bits, relative to the smallest number with that exponent. */
const unit = 2 ** -23;

/** The number of times that rounding is sampled at most, and how many times as far an error may lie. */
const samples = 64;
const margin = 3;

/** The loss on the held-out part that an engine finds, in bits per character. */
export function evaluatedLoss(
  { corpus, architecture, train }: Prepared,
  engine: Engine,
  weights: Weights,
  batch: number,
): number {
  const { x, y, rows } = heldOutRows(corpus.train, corpus.heldOut, batch)!;
  const shape = {
    batch,
    steps: train.k2,
    optimizer: gradientOptimizer(train.optimizer),
    dropout: 0,
    seed: train.seed,
  };
  const network = engine.train(architecture, shape, weights);
  try {
    return perUnit(new BitsPerCharacter(corpus.tokenizer).of(network.evaluate(x, y, rows), y));
  } finally {
    network.dispose();
  }
}

/**
 * Compares a loss with that of the same weights in 64 bits.
 * @returns the relative error, and whether rounding is enlarged so much that it accounts for the error
 * @throws Error where rounding does not account for it
 */
export function compareLoss(
  prepared: Prepared,
  weights: Weights,
  batch: number,
  loss: number,
): { readonly error: number; readonly illConditioned: boolean } {
  const { corpus, architecture } = prepared;
  const slow = slowValidationLoss(corpus, architecture, weights, batch);
  const distance = Math.abs(loss - slow);
  const error = distance / Math.max(1, slow);
  if (error <= tolerance) return { error, illConditioned: false };
  let largest = 0;
  for (const rounded of roundedLosses(prepared, weights, batch)) {
    // Where a state overflows in one rounding and not in another, rounding moves the loss without bound. So it does
    // where a denominator underflows: σ(a) / (σ(a) + σ(b)) is 0 / 0 far below 0, while the engine's σ is never 0.
    if (!Number.isFinite(rounded)) return { error, illConditioned: true };
    largest = Math.max(largest, Math.abs(rounded - slow));
    if (distance <= margin * largest) return { error, illConditioned: true };
  }
  throw new Error(
    `The loss is ${loss}, and that of the weights is ${slow}, which rounding moves by no more than ${largest}.`,
  );
}

/**
 * Computes the loss in plain 32-bit loops, each time with weights that are moved by at most a unit in their
 * last place (Monte Carlo arithmetic, Parker 1997): the spread of the results is what rounding alone
 * may do to this loss.
 */
function* roundedLosses({ corpus, architecture }: Prepared, weights: Weights, batch: number) {
  const { x, y, rows } = heldOutRows(corpus.train, corpus.heldOut, batch)!;
  const measure = new BitsPerCharacter(corpus.tokenizer);
  const steps = x.length / rows;
  const counted = y.filter((target) => target >= 0).length;
  const scalar = new ScalarTraining(architecture, { batch: rows, steps, dropout: 0, seed: 1, precision: 32 });
  const words = scalar.described.flatMap(({ name }) => scalar.words(name));
  const next = random(1);
  for (let sample = 0; sample < samples; sample++) {
    scalar.load(weights);
    for (const word of words) scalar.memory[word] *= 1 + (2 * next() - 1) * unit;
    const nats = scalar.run({ x, y, fresh: true, countFrom: 0, scale: 1 / counted });
    yield perUnit(measure.of(nats, y));
  }
}

const perUnit = ({ bits, units }: Cost) => bits / units;
