// Names classes by the logits of a network.
import { softmax } from '../completion/ensemble/softmax.ts';

/** A class, or a tag, that a network names. */
export interface Classified {
  readonly label: string;
  /** The probability that the network gives to it. */
  readonly probability: number;
}

/** Returns the class of the largest logit, with its probability. @param logits [classes] */
export function classify(logits: Float32Array, classes: readonly string[]): Classified {
  const largest = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return { label: classes[logits.indexOf(largest)], probability: 1 / sum };
}

/** Returns the softmax of logits, which stay as they are. @param logits [classes] */
export function softmaxOf(logits: Float32Array): Float64Array {
  const p = Float64Array.from(logits);
  softmax(p);
  return p;
}

/** Returns the classes with their probabilities `p` [classes], in descending order; equal ones stay in the order of the classes. */
export const ranked = (p: Float64Array, classes: readonly string[]): Classified[] =>
  classes
    .map((label, index) => ({ label, probability: p[index] }))
    .sort((a, b) => b.probability - a.probability);
