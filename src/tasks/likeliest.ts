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

/** Returns the classes with their shares of the softmax, the likeliest first; of equal ones, the first. */
export function ranked(logits: Float32Array, classes: readonly string[]): Classified[] {
  const largest = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return classes
    .map((label, index) => ({ label, probability: Math.exp(logits[index] - largest) / sum }))
    .sort((a, b) => b.probability - a.probability);
}
