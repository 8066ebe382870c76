// Learns what counts mean: how often a decision is 1 where a context has counted so many of either, and which came last.
// This is PAQ's indirect modelling (Mahoney 2005): a context that saw a token once may be sure of it in one text, and say
// little in another.
import { logit } from './logisticMixer.ts';

/** The count of the first and last place of each level: above 5, several counts share a level. */
const levelStarts = [0, 1, 2, 3, 4, 5, 6, 8, 11, 16, 24, 36, 64, 128, 256, 1024] as const;
const levels = levelStarts.length;
const mostCounted = levelStarts[levels - 1];
const levelOf = new Uint8Array(mostCounted + 1);
for (let count = 0, level = 0; count <= mostCounted; count++) {
  if (count === levelStarts[level + 1]) level++;
  levelOf[count] = level;
}

/** The number of states of one context. */
const states = 2 * levels * levels;

/** The number of decisions after which a state's probability moves by the same share of each surprise. */
const longest = 255;

/** The share of a decision that is added to the counts of either, at first. */
const prior = 0.4;

/** The range of probabilities, so that nothing is ever certain. */
const least = 1e-5;

/** Returns the index of a context's state. @param last the decision that came last */
export const stateOf = (zeros: number, ones: number, last: number): number =>
  2 * (levels * levelOf[Math.min(mostCounted, zeros)] + levelOf[Math.min(mostCounted, ones)]) + last;

/** Adaptive probabilities by index (Howard & Vitter 1992): the first surprises move them most. */
export class AdaptiveProbabilities {
  readonly p: Float32Array;
  /** Their log-odds. */
  readonly z: Float32Array;
  readonly #seen: Uint8Array;

  /** @param p the probabilities at first */
  constructor(p: Float32Array) {
    this.p = p;
    this.z = p.map(logit);
    this.#seen = new Uint8Array(p.length);
  }

  /** Learns that the decision was 1, or 0. */
  learn(index: number, decision: number): void {
    const p = this.p[index] + (decision - this.p[index]) / (this.#seen[index] + 1.5);
    this.p[index] = Math.max(least, Math.min(1 - least, p));
    this.z[index] = logit(this.p[index]);
    if (this.#seen[index] < longest) this.#seen[index]++;
  }
}

/** Returns the probabilities of the states of `contexts` kinds of context, [contexts × states]. */
export function stateProbabilities(contexts: number): AdaptiveProbabilities {
  const p = new Float32Array(contexts * states);
  for (let at = 0; at < p.length; at++) {
    const pair = (at % states) >> 1;
    const zeros = levelStarts[Math.floor(pair / levels)];
    const ones = levelStarts[pair % levels];
    p[at] = (ones + prior) / (zeros + ones + 2 * prior);
  }
  return new AdaptiveProbabilities(p);
}

/** The index of the first state of a kind of context. */
export const statesFrom = (context: number): number => context * states;
