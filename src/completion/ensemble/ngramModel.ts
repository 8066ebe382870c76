// The n-gram model holds what is known exactly: which characters followed the contexts of the text, and where
// the text has matched before. It depends on no network, so the next weights of a training run use the same
// one. What its contexts say of a decision is mixed by weights that are learned as the text is read (context mixing:
// Mahoney 2005).
import type { Vocabulary } from '../../data/text/vocabulary.ts';
import { CodeTree } from './codeTree.ts';
import { extendHash } from './hash.ts';
import { logit, sigmoid } from './logisticMixer.ts';
import { type Match, MatchModel, matchStates } from './matchModel.ts';
import { MixerNetwork } from './mixerNetwork.ts';
import { beginning, contextKinds, type NgramContext, NgramContexts, orders } from './ngramContexts.ts';
import { NgramCounts } from './ngramCounts.ts';
import { SecondaryEstimation } from './secondaryEstimation.ts';
import { AdaptiveProbabilities, stateOf, stateProbabilities, statesFrom } from './stateMap.ts';

/** The number of contexts, which bounds memory to about 65 MB. */
const maximumContexts = 3_000_000;

/** The number of tokens, at a text's end, whose contexts are counted. */
export const mostCounted = 600_000;

/**
 * Returns the number of contexts of most texts: the number of different ones grows as a power of the length (Heaps 1978). In
 * prose and code it is 6.6 for each of 20,000 tokens and 3.9 for each of 600,000; where lines repeat it is less.
 */
const contextsOf = (tokens: number): number => Math.ceil(30.6 * Math.min(tokens, mostCounted) ** 0.845);

/** The most tokens of a context that are looked at, those that came last: the rest hardly counts, and takes time. */
const mostListed = 64;

/** The count at which those of a context are halved. */
const largestCount = 255;

/** The bytes of the tables for each context, about. */
const contextBytes = 22;

/** Returns the bytes that are reserved for the counts of a text, about. */
export const reservedBytes = (tokens: number): number => contextBytes * contextsOf(tokens);

/** The number of inputs of the mixture from each context: by its state, and by its counts with two priors. */
const perContext = 3;
const priors = [0.3, 0.02] as const;

/** The logarithms of counts, each with its prior added, up to where they are computed anew: [priors][count]. */
const logarithms = priors.map((prior) =>
  Float64Array.from({ length: 2048 }, (_, count) => Math.log(count + prior)),
);
const logOf = (count: number, prior: number): number =>
  count < 2048 ? logarithms[prior][count] : Math.log(count + priors[prior]);

/** The inputs from a match: its log-odds, and its distance from a half. */
const fromMatch = 2;
const inputs = perContext * contextKinds + fromMatch + 1;

/** The constant input. */
const bias = 0.4;

/** The number of contexts of the second estimation by two tokens, which share them by their hash. */
const estimations = 4096;

/** The range of a decision's probability. */
const least = 1e-6;

/** The position of the n-gram model in a text. */
export class NgramPosition {
  readonly context: NgramContext;
  readonly match: Match | null;

  constructor(context: NgramContext, match: Match | null) {
    this.context = context;
    this.match = match;
  }
}

/**
 * Says how much is learned while a text is read. `matched` stores the text for the match model alone; `counted` counts what
 * followed its contexts, too; `mixed` also learns how the contexts are mixed, which takes most of the time.
 */
export type Reading = 'matched' | 'counted' | 'mixed';

/** Predicts the decisions of the code tree from counted contexts and the match, and learns as it reads. */
export class NgramModel {
  readonly tree: CodeTree;
  readonly #contexts: NgramContexts;
  readonly #counts: NgramCounts;
  readonly #matches: MatchModel;
  readonly #states = stateProbabilities(contextKinds);
  readonly #matchStates = new AdaptiveProbabilities(new Float32Array(matchStates).fill(0.5));
  readonly #mixers: MixerNetwork;
  readonly #byNode: SecondaryEstimation;
  readonly #byToken = new SecondaryEstimation(estimations);
  // `look` writes these for a position.
  readonly #keys = new Int32Array(contextKinds);
  /** The codes and counts of the tokens that followed each context, which begin at `#starts`. */
  readonly #codes: Int32Array;
  readonly #tokens: Uint16Array;
  readonly #numbers: Uint16Array;
  readonly #starts = new Int32Array(contextKinds + 1);
  #newest = 0;
  #known = 0;
  #expected: { readonly code: number; readonly state: number; readonly rank: number } | null = null;
  // `estimate` writes these for a node.
  readonly #x = new Float64Array(inputs);
  readonly #stateAt = new Int32Array(contextKinds);
  #matchAt = -1;
  #matchDecision = 0;

  /** @param tokens the text that will be read at first, whose frequencies the codes of the tokens fit */
  constructor(vocabulary: Vocabulary, tokens: Int32Array = new Int32Array(0)) {
    this.tree = new CodeTree(vocabulary, tokens);
    const most = contextKinds * mostListed;
    this.#codes = new Int32Array(most);
    this.#tokens = new Uint16Array(most);
    this.#numbers = new Uint16Array(most);
    this.#counts = new NgramCounts(maximumContexts, contextsOf(tokens.length), largestCount);
    this.#matches = new MatchModel(tokens.length);
    this.#contexts = new NgramContexts(vocabulary);
    this.#mixers = new MixerNetwork(inputs, this.tree.nodes, vocabulary.size);
    this.#byNode = new SecondaryEstimation(this.tree.nodes);
  }

  /** The bytes of what has been learned. */
  get memoryBytes(): number {
    return (
      this.#counts.memoryBytes +
      this.#matches.memoryBytes +
      this.#mixers.memoryBytes +
      this.#byNode.memoryBytes +
      this.#byToken.memoryBytes
    );
  }

  /** Gives back what has been reserved for more contexts than there are. */
  fit(): void {
    this.#counts.fit();
  }

  begin(): NgramPosition {
    return new NgramPosition(beginning, null);
  }

  /** Returns the position after `token`; nothing is learned. */
  follow({ context, match }: NgramPosition, token: number): NgramPosition {
    const after = this.#contexts.follow(context, token);
    return new NgramPosition(after, this.#matches.follow(match, after));
  }

  /** Looks up all that is known at a position, for `estimate`. */
  look({ context, match }: NgramPosition): void {
    this.#contexts.keys(context, this.#keys);
    this.#newest = context.recent.length > 0 ? context.recent[0] : 0;
    this.#known = 0;
    let end = 0;
    for (let kind = 0; kind < contextKinds; kind++) {
      this.#starts[kind] = end;
      const key = this.#keys[kind];
      if (key === 0) continue;
      end = this.#counts.list(key, this.#tokens, this.#numbers, end, mostListed);
      if (end > this.#starts[kind] && kind < orders.length) this.#known = kind + 1;
    }
    this.#starts[contextKinds] = end;
    const { codes } = this.tree;
    for (let at = 0; at < end; at++) this.#codes[at] = codes[this.#tokens[at]];
    const expected = this.#matches.expect(match);
    this.#expected = expected && { ...expected, code: this.tree.codes[expected.token] };
  }

  /** The number of `orders` up to the longest that is known where `look` was called. */
  get known(): number {
    return this.#known;
  }

  /** The rank of the match where `estimate` was called, plus 1; 0 where there is none, or it expects none of these tokens. */
  get matchRank(): number {
    return this.#matchAt < 0 ? 0 : 1 + this.#expected!.rank;
  }

  /** Returns the log-odds that the decision at a node of `tree` is 1, where `look` was called. */
  estimate(node: number): number {
    const x = this.#x;
    const codes = this.#codes;
    const numbers = this.#numbers;
    const starts = this.#starts;
    const depth = this.tree.depths[node];
    const prefix = this.tree.prefixes[node];
    const mask = depth === 0 ? 0 : -1 << (32 - depth);
    const place = 31 - depth;
    let input = 0;
    for (let kind = 0; kind < contextKinds; kind++) {
      let zeros = 0;
      let ones = 0;
      let last = -1;
      for (let at = starts[kind], end = starts[kind + 1]; at < end; at++) {
        const code = codes[at];
        if (((code ^ prefix) & mask) !== 0) continue;
        const decision = (code >>> place) & 1;
        if (decision === 1) ones += numbers[at];
        else zeros += numbers[at];
        if (last < 0) last = decision;
      }
      if (last < 0) {
        this.#stateAt[kind] = -1;
        x[input++] = 0;
        x[input++] = 0;
        x[input++] = 0;
        continue;
      }
      const state = statesFrom(kind) + stateOf(zeros, ones, last);
      this.#stateAt[kind] = state;
      x[input++] = this.#states.z[state];
      x[input++] = logOf(ones, 0) - logOf(zeros, 0);
      x[input++] = logOf(ones, 1) - logOf(zeros, 1);
    }
    this.#estimateMatch(prefix, mask, place, input);
    x[inputs - 1] = bias;
    const z = this.#mixers.mix(x, node, this.#newest, this.matchRank, this.#known);
    const pair = extendHash(node, this.#newest) >>> 20;
    const mixed = sigmoid(z);
    const p = (2 * mixed + this.#byNode.refine(z, node) + this.#byToken.refine(z, pair)) / 4;
    return logit(Math.max(least, Math.min(1 - least, p)));
  }

  #estimateMatch(prefix: number, mask: number, place: number, input: number): void {
    this.#matchAt = -1;
    this.#x[input] = 0;
    this.#x[input + 1] = 0;
    if (!this.#expected || ((this.#expected.code ^ prefix) & mask) !== 0) return;
    this.#matchAt = this.#expected.state;
    this.#matchDecision = (this.#expected.code >>> place) & 1;
    const sign = 2 * this.#matchDecision - 1;
    const p = this.#matchStates.p[this.#matchAt];
    this.#x[input] = sign * this.#matchStates.z[this.#matchAt];
    this.#x[input + 1] = sign * 4 * (p - 0.5);
  }

  /** Learns the decision at the node that was estimated last: what the counts there mean, and how they are mixed. */
  decide(decision: number): void {
    this.#byNode.learn(decision);
    this.#byToken.learn(decision);
    this.#mixers.learn(this.#x, decision);
    for (const state of this.#stateAt) if (state >= 0) this.#states.learn(state, decision);
    if (this.#matchAt >= 0) this.#matchStates.learn(this.#matchAt, decision === this.#matchDecision ? 1 : 0);
  }

  /** Counts that the newest token of `after` came at `before`. */
  count(before: NgramPosition, after: NgramPosition): void {
    const token = after.context.recent[0];
    this.#contexts.keys(before.context, this.#keys);
    for (const key of this.#keys) if (key !== 0) this.#counts.count(key, token);
    this.#matches.learn(before.context, token);
  }

  /**
   * Learns a text that begins at `from`.
   * @returns the position at its end
   */
  read(tokens: Iterable<number>, from = this.begin(), reading: Reading = 'counted'): NgramPosition {
    let position = from;
    for (const token of tokens) {
      const after = this.follow(position, token);
      if (reading === 'mixed') {
        this.look(position);
        this.tree.walk(token, this.#learnNode);
      }
      if (reading === 'matched') this.#matches.learn(position.context, token);
      else this.count(position, after);
      position = after;
    }
    return position;
  }

  readonly #learnNode = (node: number, decision: number): void => {
    this.estimate(node);
    this.decide(decision);
  };
}
