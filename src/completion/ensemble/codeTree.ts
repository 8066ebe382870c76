// A binary code of the tokens: the next token is predicted by one binary decision after another, as in PAQ
// (Mahoney 2005). So any number of predictions can be mixed, decision by decision, and the tokens still have one proper
// distribution, the product of the decisions.
import type { Vocabulary } from '../../data/text/vocabulary.ts';

/** Added to the frequency of every token, so that no code is longer than 32 bits. */
const leastWeight = 0.5;
const leastShare = 1 / 65_536;

/**
 * A binary tree whose leaves are the tokens. Tokens of the same kind (spaces, signs, digits, letters of either case) stand
 * side by side in it, and every inner node parts the frequencies of its tokens as evenly as that order allows.
 */
export class CodeTree {
  /** The code of each token, its first decision in the highest bit. */
  readonly codes: Int32Array;
  /** The number of decisions of each token. */
  readonly lengths: Uint8Array;
  /** The tokens in the order of their codes. */
  readonly leaves: Int32Array;
  /** The children of each inner node for the decisions 0 and 1: an inner node, or ~token. Node 0 is the root. */
  readonly children: Int32Array;
  /** The first decisions that lead to each inner node, and their number. */
  readonly prefixes: Int32Array;
  readonly depths: Uint8Array;
  /** The ranges of `leaves` on either side of each inner node: [from, middle), [middle, to). */
  readonly ranges: Int32Array;
  #nodes = 0;

  /** @param tokens the text whose frequencies the codes fit */
  constructor({ characters }: Pick<Vocabulary, 'characters'>, tokens: Int32Array) {
    const size = characters.length;
    const weights = new Float64Array(size).fill(leastWeight + leastShare * tokens.length);
    for (const token of tokens) weights[token]++;
    const kinds = characters.map(kindOf);
    this.leaves = Int32Array.from(characters.keys()).sort(
      (a, b) => kinds[a] - kinds[b] || (characters[a] < characters[b] ? -1 : 1),
    );
    this.codes = new Int32Array(size);
    this.lengths = new Uint8Array(size);
    this.children = new Int32Array(2 * size);
    this.prefixes = new Int32Array(size);
    this.depths = new Uint8Array(size);
    this.ranges = new Int32Array(3 * size);
    this.#grow(0, size, 0, 0, weights);
  }

  /** The number of inner nodes. */
  get nodes(): number {
    return this.#nodes;
  }

  /** Visits the inner nodes on the way to a token, and the decision at each. */
  walk(token: number, visit: (node: number, decision: number) => void): void {
    const code = this.codes[token];
    for (let depth = 0, node = 0; depth < this.lengths[token]; depth++) {
      const decision = (code >>> (31 - depth)) & 1;
      visit(node, decision);
      node = this.children[2 * node + decision];
    }
  }

  /** Returns whether a node, which is an inner node or ~token, is a token's leaf or on the way to it. */
  leadsTo(node: number, token: number): boolean {
    if (node < 0) return ~node === token;
    const depth = this.depths[node];
    return depth === 0 || (this.codes[token] ^ this.prefixes[node]) >>> (32 - depth) === 0;
  }

  /** Makes the subtree of the leaves from `from` to `to`. @returns its node, or ~token */
  #grow(from: number, to: number, code: number, depth: number, weights: Float64Array): number {
    if (to - from === 1) {
      const token = this.leaves[from];
      this.codes[token] = code;
      this.lengths[token] = depth;
      return ~token;
    }
    const node = this.#nodes++;
    const middle = this.#middle(from, to, weights);
    this.prefixes[node] = code;
    this.depths[node] = depth;
    this.ranges.set([from, middle, to], 3 * node);
    this.children[2 * node] = this.#grow(from, middle, code, depth + 1, weights);
    this.children[2 * node + 1] = this.#grow(middle, to, code | (1 << (31 - depth)), depth + 1, weights);
    return node;
  }

  /** Returns the place at which the leaves are parted most evenly. */
  #middle(from: number, to: number, weights: Float64Array): number {
    let all = 0;
    for (let at = from; at < to; at++) all += weights[this.leaves[at]];
    let best = from + 1;
    let least = Number.POSITIVE_INFINITY;
    let left = 0;
    for (let at = from + 1; at < to; at++) {
      left += weights[this.leaves[at - 1]];
      const difference = Math.abs(2 * left - all);
      if (difference < least) [least, best] = [difference, at];
    }
    return best;
  }
}

const kinds = [/^\n/, /^\s/, /^[^\p{L}\p{N}\s]/u, /^\p{N}/u, /^\p{Lu}/u, /^\p{L}/u];

/** Returns the number of a character's kind; what the vocabulary lacks is one of its own. */
const kindOf = (character: string) => kinds.findIndex((kind) => kind.test(character)) >>> 0;
