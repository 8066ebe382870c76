// Baum & Welch's algorithm (Baum et al. 1970, in the scaled form of Rabiner 1989) for one sequence of symbols, in 64
// bits and plain loops. It knows nothing of the language or of gradients.

export interface HiddenMarkovModel {
  /** The probability of each hidden state at the first step. */
  readonly first: readonly number[];
  /** `transitions[i][j]` is the probability of state j after state i. */
  readonly transitions: readonly (readonly number[])[];
  /** `emissions[i][k]` is the probability of symbol k in state i. */
  readonly emissions: readonly (readonly number[])[];
}

const normalised = (values: readonly number[]): number[] => {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
};

/** Draws a model around the one whose states are all alike. */
export function randomModel(states: number, symbols: number, random: () => number): HiddenMarkovModel {
  const row = (length: number) => normalised(Array.from({ length }, () => 1 + random()));
  return {
    first: row(states),
    transitions: Array.from({ length: states }, () => row(states)),
    emissions: Array.from({ length: states }, () => row(symbols)),
  };
}

/** Estimates the model anew. @returns it, and the log-likelihood of the symbols under the given one, in nats */
export function reestimate(
  { first, transitions, emissions }: HiddenMarkovModel,
  symbols: readonly number[],
): { model: HiddenMarkovModel; logLikelihood: number } {
  const states = first.length;
  const length = symbols.length;
  const forward = new Float64Array(length * states);
  const scales = new Float64Array(length);
  for (let t = 0; t < length; t++) {
    const at = t * states;
    for (let j = 0; j < states; j++) {
      let reached = t === 0 ? first[j] : 0;
      if (t > 0) for (let i = 0; i < states; i++) reached += forward[at - states + i] * transitions[i][j];
      forward[at + j] = reached * emissions[j][symbols[t]];
      scales[t] += forward[at + j];
    }
    for (let j = 0; j < states; j++) forward[at + j] /= scales[t];
  }
  const counts = {
    transitions: transitions.map((row) => row.map(() => 0)),
    emissions: emissions.map((row) => row.map(() => 0)),
  };
  const backward = new Float64Array(states).fill(1);
  const after = new Float64Array(states);
  const posterior = first.map(() => 0);
  for (let t = length - 1; t >= 0; t--) {
    const at = t * states;
    for (let i = 0; i < states; i++) {
      posterior[i] = forward[at + i] * backward[i];
      counts.emissions[i][symbols[t]] += posterior[i];
    }
    if (t === 0) break;
    for (let j = 0; j < states; j++) after[j] = (emissions[j][symbols[t]] * backward[j]) / scales[t];
    for (let i = 0; i < states; i++) {
      backward[i] = 0;
      for (let j = 0; j < states; j++) {
        counts.transitions[i][j] += forward[at - states + i] * transitions[i][j] * after[j];
        backward[i] += transitions[i][j] * after[j];
      }
    }
  }
  return {
    model: {
      first: normalised(posterior),
      transitions: counts.transitions.map(normalised),
      emissions: counts.emissions.map(normalised),
    },
    logLikelihood: scales.reduce((sum, scale) => sum + Math.log(scale), 0),
  };
}
