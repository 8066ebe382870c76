// The ensemble combines the network, the n-gram counts and the match model in one distribution over the next
// character. Counts and matches need no training, so that an ensemble may begin without a network.
import { rare, type Vocabulary } from '../../data/text/vocabulary.ts';
import { logit, sigmoid } from './logisticMixer.ts';
import { NetworkMixture, type NetworkSets } from './networkMixture.ts';
import type { NgramModel, NgramPosition } from './ngramModel.ts';
import type { MarginalPosition, TokenMarginalizer } from './tokenMarginalization.ts';

/** A position in a text: all that the next character depends on except what the models have learned. */
export interface EnsemblePosition extends NgramPosition {
  /** The position of the network; null where there is none, or where it has skipped what stands before. */
  readonly reading: MarginalPosition | null;
}

/** The bytes of a position's objects, about, besides the numbers of the network. */
const objectBytes = 1000;

/** The range of a decision's probability by the network. */
const least = 1e-6;

/** A decision with the n-gram model's prediction, and the sets by which the network is weighed against it. */
interface RecalledDecision extends NetworkSets {
  readonly node: number;
  readonly decision: number;
  /** The log-odds by the n-gram model. */
  readonly z: number;
}

/** A token that came, and what the n-gram model predicted of each of its decisions. */
export interface Recalled {
  readonly token: number;
  readonly decisions: readonly RecalledDecision[];
}

/** The end of a text: what the n-gram model predicted at each token of it before it had read that token. */
export interface RecalledTail {
  /** The tokens before, from which a network gets its state. */
  readonly lead: Int32Array;
  readonly recalled: readonly Recalled[];
}

/** The bytes of a recalled decision, about. */
const decisionBytes = 80;

/** Returns the bytes of a tail. */
export const tailBytes = ({ recalled }: RecalledTail): number =>
  recalled.reduce((sum, { decisions }) => sum + decisionBytes * decisions.length, 0);

/** A distribution over the next character, by a binary decision at each node of the code tree. */
export class Ensemble {
  readonly vocabulary: Vocabulary;
  readonly #marginalizer: TokenMarginalizer | null;
  readonly #ngrams: NgramModel;
  readonly #mixture: NetworkMixture;
  /** The sums of the network's probabilities over the first leaves of the tree, [V + 1]. */
  readonly #sums: Float64Array;
  /** Whether the network has a say at the position where `#look` was called. */
  #hasNetwork = false;

  /**
   * @param marginalizer null where there is no network
   * @param mixture weights as `mixture` returned them; null where none have been learned yet
   */
  constructor(
    marginalizer: TokenMarginalizer | null,
    vocabulary: Vocabulary,
    ngrams: NgramModel,
    mixture: Float32Array | null,
  ) {
    this.vocabulary = vocabulary;
    this.#marginalizer = marginalizer;
    this.#ngrams = ngrams;
    this.#mixture = new NetworkMixture(marginalizer !== null, mixture);
    this.#sums = new Float64Array(vocabulary.size + 1);
  }

  /** A copy of the current weights of the mixture. */
  get mixture(): Float32Array {
    return this.#mixture.weights.slice();
  }

  /** The bytes of a position, about. */
  get positionBytes(): number {
    return objectBytes + (this.#marginalizer?.positionBytes ?? 0);
  }

  /** Returns the position before any character. */
  begin(): EnsemblePosition {
    return { reading: this.#marginalizer?.begin() ?? null, ...this.#ngrams.begin() };
  }

  /** Returns the position after `token`; nothing is learned. */
  read(position: EnsemblePosition, token: number): EnsemblePosition {
    const marginalizer = this.#marginalizer;
    return {
      reading: marginalizer?.read(position.reading ?? marginalizer.begin(), token) ?? null,
      ...this.#ngrams.follow(position, token),
    };
  }

  /** Returns the position after a token that the network does not read: it begins behind it. */
  skip(position: EnsemblePosition, token: number): EnsemblePosition {
    return { reading: null, ...this.#ngrams.follow(position, token) };
  }

  /**
   * Returns the probabilities of the next character, [V].
   * @param least the probability below which that of a character may be left at 0
   * @param wanted a token whose probability is returned however small it is; null for none
   */
  predict(position: EnsemblePosition, least = 0, wanted: number | null = null): Float64Array {
    const p = new Float64Array(this.vocabulary.size);
    const { tree } = this.#ngrams;
    const { children, nodes } = tree;
    this.#look(position);
    const visit = (node: number, mass: number) => {
      if (mass < least && !(wanted !== null && tree.leadsTo(node, wanted))) return;
      if (node < 0) {
        p[~node] = mass;
        return;
      }
      const one = sigmoid(this.#estimate(node));
      visit(children[2 * node], mass * (1 - one));
      visit(children[2 * node + 1], mass * one);
    };
    visit(nodes > 0 ? 0 : ~rare, 1);
    return p;
  }

  /**
   * Updates the n-gram model and the weights of the mixture with the character that leads from `before` to
   * `after`.
   * @returns the probability that it had
   */
  learn(before: EnsemblePosition, after: EnsemblePosition): number {
    this.#look(before);
    let p = 1;
    this.#ngrams.tree.walk(after.context.recent[0], (node, decision) => {
      const one = sigmoid(this.#estimate(node));
      p *= decision === 1 ? one : 1 - one;
    });
    this.update(before, after);
    return p;
  }

  /** Does as `learn`, in half the time. */
  update(before: EnsemblePosition, after: EnsemblePosition): void {
    this.#look(before);
    this.#ngrams.tree.walk(after.context.recent[0], (node, decision) => {
      this.#estimate(node);
      // The mixture does not learn how far to trust a network that has no say here.
      if (this.#hasNetwork || !this.#marginalizer) this.#mixture.learn(decision);
      this.#ngrams.decide(decision);
    });
    this.#ngrams.count(before, after);
  }

  /** Returns what the n-gram model predicts at a position before it learns the `token` that came there. */
  recall(position: EnsemblePosition, token: number): Recalled {
    const decisions: RecalledDecision[] = [];
    this.#ngrams.look(position);
    this.#ngrams.tree.walk(token, (node, decision) => {
      const z = this.#ngrams.estimate(node);
      const { known, matchRank } = this.#ngrams;
      decisions.push({ node, decision, z, known, matchRank });
    });
    return { token, decisions };
  }

  /**
   * Lets the network join: the weights of the mixture, which it had no part in or which others had than its
   * present ones, are learned on a tail that the n-gram model has read since. Yields after every token.
   */
  *join({ lead, recalled }: RecalledTail): Generator<void> {
    const marginalizer = this.#marginalizer!;
    this.#mixture.restartSchedule();
    let reading = marginalizer.begin();
    for (const token of lead) {
      reading = marginalizer.read(reading, token);
      yield;
    }
    for (const { token, decisions } of recalled) {
      this.#sum(reading);
      for (const { node, decision, z, ...sets } of decisions) {
        this.#mixture.mix(z, this.#estimateNetwork(node), sets);
        this.#mixture.learn(decision);
      }
      reading = marginalizer.read(reading, token);
      yield;
    }
  }

  #look(position: EnsemblePosition): void {
    this.#ngrams.look(position);
    this.#hasNetwork = position.reading !== null;
    if (position.reading) this.#sum(position.reading);
  }

  /** Sums the network's probabilities, so that those of any range of leaves are a difference. */
  #sum({ logs }: MarginalPosition): void {
    const { leaves } = this.#ngrams.tree;
    for (let at = 0; at < leaves.length; at++)
      this.#sums[at + 1] = this.#sums[at] + Math.exp(logs[leaves[at]]);
  }

  /** Returns the log-odds that the decision at a node is 1. */
  #estimate(node: number): number {
    const z = this.#ngrams.estimate(node);
    return this.#mixture.mix(z, this.#hasNetwork ? this.#estimateNetwork(node) : 0, this.#ngrams);
  }

  /** Returns the log-odds that the network gives to the decision 1 at a node. */
  #estimateNetwork(node: number): number {
    const { ranges } = this.#ngrams.tree;
    const from = this.#sums[ranges[3 * node]];
    const middle = this.#sums[ranges[3 * node + 1]];
    const to = this.#sums[ranges[3 * node + 2]];
    const one = (to - middle) / (to - from);
    return logit(Math.max(least, Math.min(1 - least, one)));
  }
}
