// Computes the distribution of the next character from a network that reads tokens, by marginalising over
// tokenisations.
//
// The text so far does not tell where its last token ends: after `th`, the rest of `the` may follow, or `th`
// may be a whole token. So every possible end is followed with the probability that the network gives it. An
// open token is the range of all symbols that begin with its known characters, and the probabilities of those
// that agree on the next character are summed. The distribution is proper whatever the tokens are, and a
// typed character costs one step of the network, as with tokens that are characters.
import type { Predictor } from '../../backend/engine.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { readToken } from './readToken.ts';
import { softmax } from './softmax.ts';

/** The probability below which a possible end is not followed. */
const negligible = 1e-4;

/** The weight of the uniform distribution that is mixed in, so that no character is impossible. */
const blind = 1e-5;

/** The token that stands for what the vocabulary lacks. */
const unknownToken = 0;

/** A position between two tokens. */
interface Boundary {
  readonly state: Float32Array;
  /** The probability of every symbol as the next token, in the order of `#symbols`. */
  readonly p: Float32Array;
}

/** A token whose first characters are known. */
interface Open {
  readonly before: Boundary;
  /**
   * The relative probability of the tokens before. Multiplied by the p of each symbol that the open token may
   * still become, the weights sum to 1.
   */
  readonly weight: number;
  /** The range of `#symbols` that begin with the known characters. */
  readonly from: number;
  readonly to: number;
  /** The number of known characters. */
  readonly depth: number;
}

/** A position in the text, which may be inside a token. */
export interface MarginalPosition {
  readonly open: readonly Open[];
  /** The logarithms of the next character's probabilities, [alphabet]. */
  readonly logs: Float64Array;
}

/**
 * Predicts the next character with a network whose tokens may have several, by the tokens that may be open at a position.
 */
export class TokenMarginalizer {
  readonly #predictor: Predictor;
  readonly #characters: number;
  /**
   * The characters of each symbol, sorted, so that symbols with a common beginning are adjacent, the shortest
   * first.
   */
  readonly #symbols: readonly Int32Array[];
  /** The token of each of `#symbols`. */
  readonly #tokens: Int32Array;

  constructor(predictor: Predictor, { alphabet, symbols }: Tokenizer) {
    this.#predictor = predictor;
    this.#characters = alphabet.size;
    const spelt = symbols.map((symbol, token) => ({
      token,
      spelling: token < alphabet.size ? Int32Array.of(token) : alphabet.encode(symbol),
    }));
    spelt.sort((a, b) => compare(a.spelling, b.spelling));
    this.#symbols = spelt.map(({ spelling }) => spelling);
    this.#tokens = Int32Array.from(spelt, ({ token }) => token);
  }

  /** The bytes of a position, where the last token is the only one that may have ended. */
  get positionBytes(): number {
    return 4 * (this.#predictor.stateSize + this.#symbols.length) + 8 * this.#characters;
  }

  /** Returns the position before the first character, at which all symbols are equally probable. */
  begin(): MarginalPosition {
    const p = new Float32Array(this.#symbols.length).fill(1 / this.#symbols.length);
    return this.#standing([this.#opened({ state: this.#predictor.initial(), p }, 1)]);
  }

  /** Returns the position after a character. */
  read({ open }: MarginalPosition, character: number): MarginalPosition {
    const still: Open[] = [];
    let ended = 0;
    let likeliest: { before: Boundary; symbol: number; p: number } | null = null;
    for (const { before, weight, from, to, depth } of open) {
      const first = this.#firstFrom(from, to, depth, character);
      const end = this.#firstFrom(first, to, depth, character + 1);
      if (first === end) continue;
      const whole = this.#symbols[first].length === depth + 1;
      if (end > first + (whole ? 1 : 0))
        still.push({ before, weight, from: whole ? first + 1 : first, to: end, depth: depth + 1 });
      if (!whole) continue;
      const p = weight * before.p[first];
      ended += p;
      if (!likeliest || p > likeliest.p) likeliest = { before, symbol: first, p };
    }
    const masses = still.map(massOf);
    const sum = masses.reduce((a, b) => a + b, ended);
    if (!(sum > 0)) return this.#standing([this.#opened(this.#spelt(open, character), 1)]);
    const kept = still.filter((_, at) => masses[at] > negligible * sum);
    if (likeliest && ended > negligible * sum)
      kept.push(this.#opened(this.#after(likeliest.before, likeliest.symbol), ended));
    return this.#standing(kept);
  }

  /**
   * Handles text that the network does not expect: the likeliest open token is taken to have been spelt in
   * characters.
   */
  #spelt(open: readonly Open[], character: number): Boundary {
    const { before, from, depth } = open.reduce((a, b) => (massOf(b) > massOf(a) ? b : a));
    return [...this.#symbols[from].subarray(0, depth), character].reduce(
      (boundary, each) => this.#after(boundary, this.#firstFrom(0, this.#symbols.length, 0, each)),
      before,
    );
  }

  #opened(before: Boundary, weight: number): Open {
    return { before, weight, from: 0, to: this.#symbols.length, depth: 0 };
  }

  #after({ state: before }: Boundary, symbol: number): Boundary {
    const state = new Float32Array(before.length);
    const logits = new Float32Array(this.#symbols.length);
    // A character that no symbol begins with is read as what is unknown.
    readToken(this.#predictor, before, this.#tokens[symbol] ?? unknownToken, state, logits);
    softmax(logits);
    const p = new Float32Array(logits.length);
    for (let at = 0; at < p.length; at++) p[at] = logits[this.#tokens[at]];
    return { state, p };
  }

  #standing(open: readonly Open[]): MarginalPosition {
    const logs = new Float64Array(this.#characters);
    for (const { before, weight, from, to, depth } of open)
      for (let at = from; at < to; at++) logs[this.#symbols[at][depth]] += weight * before.p[at];
    let sum = 0;
    for (const each of logs) sum += each;
    for (let at = 0; at < logs.length; at++)
      logs[at] = Math.log(((1 - blind) * logs[at]) / sum + blind / logs.length);
    return { open: open.map((each) => ({ ...each, weight: each.weight / sum })), logs };
  }

  /** Returns the first of the symbols whose character at `depth` is not less than `character`. */
  #firstFrom(from: number, to: number, depth: number, character: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#symbols[middle][depth] < character) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function massOf({ before, weight, from, to }: Open): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += before.p[at];
  return weight * sum;
}

function compare(a: Int32Array, b: Int32Array): number {
  for (let at = 0; at < a.length && at < b.length; at++) if (a[at] !== b[at]) return a[at] - b[at];
  return a.length - b.length;
}
