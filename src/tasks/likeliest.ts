import { softmax } from '../completion/ensemble/softmax.ts';

/** A class that a network names. */
export interface Classified {
  readonly label: string;
  /** The probability that the network gives to it. */
  readonly probability: number;
}

/** Returns the class of the largest logit, with its share of the softmax. */
export function likeliest(logits: Float32Array, classes: readonly string[]): Classified {
  const largest = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return { label: classes[logits.indexOf(largest)], probability: 1 / sum };
}

/** Returns the softmax of logits. */
export function shares(logits: Float32Array): Float64Array {
  const p = Float64Array.from(logits);
  softmax(p);
  return p;
}

/** Returns the classes with their probabilities, the likeliest first; of equal ones, the first. */
export const ranked = (p: Float64Array, classes: readonly string[]): Classified[] =>
  classes
    .map((label, index) => ({ label, probability: p[index] }))
    .sort((a, b) => b.probability - a.probability);
