// Computes the posterior probabilities of the texts that a search has found for a gap.
import type { Continuation } from './bestFirstSearch.ts';

/** The prior of gaps, before their suffix has been read. */
export interface GapPrior {
  /** The probability that a gap ends after any of its characters. */
  readonly ending: number;
  /** The probability that a gap ends at the cursor, over `ending`: a user who has just typed mostly goes on. */
  readonly endingHere: number;
  /** The probability that the suffix has nothing to do with the gap. */
  readonly unrelated: number;
  /** The exponent of the likelihood of the suffix, which is below 1 because the model is too sure of itself. */
  readonly temper: number;
  /** How much better what was not explored fits the suffix than what was. */
  readonly unexplored: number;
}

/** The values of `docs/decisions/gaps.md`. */
export const gapPrior: GapPrior = {
  ending: 0.05,
  endingHere: 0.3,
  unrelated: 0.01,
  temper: 0.6,
  unexplored: 2,
};

/** A text with which a gap may begin. Weights are probabilities times those of the suffix over its probability anywhere. */
export interface Candidate {
  readonly text: string;
  /** The probability that a gap begins with it, whatever follows the gap. */
  readonly prior: number;
  readonly next: Candidate[];
  /** Whether it has not been read yet; then nothing is known of `next`, `end` and `rest`. */
  isOpen: boolean;
  /** The weight of the gap that ends with it. */
  end: number;
  /** The probability of the gaps that go on and are not in `next`. */
  rest: number;
}

/** Returns a text that may fill the gap and has not been explored. @param prior its probability after what stands before */
export const candidate = (text: string, prior: number): Candidate => ({
  text,
  prior,
  next: [],
  isOpen: true,
  end: 0,
  rest: 0,
});

/** The probability that a gap ends with a candidate, whatever follows. */
const endingOf = ({ text, prior }: Candidate, { ending, endingHere }: GapPrior) =>
  prior * ending * (text === '' ? endingHere : 1);

/**
 * Returns the weight of a gap that ends with a candidate.
 * @param ratio the logarithm of the probability of the suffix after it over that anywhere
 */
export const weightOfEnd = (at: Candidate, ratio: number, prior: GapPrior): number =>
  endingOf(at, prior) * (prior.unrelated + (1 - prior.unrelated) * Math.exp(prior.temper * ratio));

/**
 * Normalises the weights. What has not been explored is taken to fit the suffix as what has been does on average, and no
 * worse than any text does.
 */
export function posterior(root: Candidate, prior: GapPrior): Continuation {
  let [ends, weights] = [0, 0];
  const visit = (at: Candidate) => {
    if (at.isOpen) return;
    ends += endingOf(at, prior);
    weights += at.end;
    at.next.forEach(visit);
  };
  visit(root);
  const ratio = Math.max(1, (prior.unexplored * weights) / ends);
  const weigh = ({ text, prior, next: further, isOpen, end, rest }: Candidate): Continuation => {
    const next = further.map(weigh);
    const joint = isOpen ? prior * ratio : next.reduce((sum, each) => sum + each.joint, end + rest * ratio);
    return { text, joint, next, ends: end, isOpen };
  };
  const scaled =
    (by: number) =>
    (each: Continuation): Continuation => ({
      ...each,
      joint: each.joint * by,
      ends: each.ends! * by,
      next: each.next.map(scaled(by)),
    });
  const whole = weigh(root);
  return scaled(1 / whole.joint)(whole);
}
