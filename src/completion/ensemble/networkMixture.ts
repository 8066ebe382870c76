// Mixes what the network predicts of a decision with what the n-gram counts and matches do, in the logistic domain.
import { bounded, sigmoid } from './logisticMixer.ts';
import { ranks } from './matchModel.ts';
import { orders } from './ngramContexts.ts';

/** The learning rate of the weights in the end. */
const leastRate = 0.002;

/** The factor by which it is larger at first, and the number of decisions after which that is halved. */
const firstFactor = 10;
const halvedAfter = 500;

/** The weight of the network at first, and of the counts beside it. */
const ofNetwork = 0.35;
const besideNetwork = 0.75;

/** The match and the known contexts choose the weights. */
export interface NetworkSets {
  /** The number of `orders` up to the longest known one. */
  readonly known: number;
  /** The rank of the match, plus 1; 0 where there is none. */
  readonly matchRank: number;
}

const knownSets = orders.length + 1;
const sets = knownSets + ranks + 1;

/** The inputs: the counts and the network. */
const inputs = 2;

/** A mixer of two inputs, whose weights two contexts choose together. */
export class NetworkMixture {
  /** The weights of the counts and of the network in each set, [sets × 2]; those of the two sets of a decision add up. */
  readonly weights: Float32Array;
  readonly #x = new Float64Array(inputs);
  #learned: number;
  #known = 0;
  #match = 0;
  #p = 0.5;

  /**
   * @param network whether there is a network
   * @param weights as they were learned; null, or of another shape, where none have been
   */
  constructor(network: boolean, weights: Float32Array | null) {
    const isLearned = weights?.length === sets * inputs;
    this.#learned = isLearned ? Number.POSITIVE_INFINITY : 0;
    this.weights = isLearned ? weights.slice() : new Float32Array(sets * inputs);
    if (isLearned) return;
    for (let set = 0; set < knownSets; set++) {
      this.weights[set * inputs] = network ? besideNetwork : 1;
      this.weights[set * inputs + 1] = network ? ofNetwork : 0;
    }
  }

  /** Begins the schedule of the learning rate again, as for untrained weights. */
  restartSchedule(): void {
    this.#learned = 0;
  }

  /**
   * Returns the log-odds of a decision.
   * @param counts the log-odds by the n-gram model. @param network and by the network, or 0 where there is none
   */
  mix(counts: number, network: number, { known, matchRank }: NetworkSets): number {
    this.#known = known * inputs;
    this.#match = (knownSets + matchRank) * inputs;
    this.#x[0] = counts;
    this.#x[1] = network;
    let z = 0;
    for (let input = 0; input < inputs; input++)
      z += (this.weights[this.#known + input] + this.weights[this.#match + input]) * this.#x[input];
    z = bounded(z);
    this.#p = sigmoid(z);
    return z;
  }

  /** Moves the weights of the last mixture up the gradient of log p(decision). */
  learn(decision: number): void {
    const step =
      leastRate * Math.max(1, firstFactor / (1 + this.#learned++ / halvedAfter)) * (decision - this.#p);
    for (let input = 0; input < inputs; input++) {
      this.weights[this.#known + input] += step * this.#x[input];
      this.weights[this.#match + input] += step * this.#x[input];
    }
  }
}
