// A network that reads tokens → what it says of the next character, wherever in a token that is.
//
// The text so far does not tell where its last token ends: after `th` there may come more of `the`, or `th` was all.
// So every way to end is followed, each as probable as the network finds it: an open token is the range of all symbols
// that begin as it does, and what they agree on is summed. The distribution is proper whatever the tokens are, and a
// character that is typed costs one step of the network, as with tokens that are characters.
import type { Predictor } from '../../backend/engine.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { softmax } from './mixture.ts';
import { readToken } from './readToken.ts';

/** Ways to end that are less probable than this are not followed. */
const negligible = 1e-4;

/** What the network says is mixed with so much of blind guessing, so that no character is impossible. */
const blind = 1e-5;

/** A place between two tokens. */
interface Boundary {
  readonly state: Float32Array;
  /** Of every symbol as the next token, in the order of `#symbols`. */
  readonly p: Float32Array;
}

/** A token of which the first characters are known. */
interface Open {
  readonly before: Boundary;
  /** Of the tokens before, in proportion: times the p of each symbol that this one may still become, their sum is 1. */
  readonly weight: number;
  /** Of `#symbols`: those that begin so. */
  readonly from: number;
  readonly to: number;
  /** Characters that are known. */
  readonly depth: number;
}

/** Where the reading stands. */
export interface MarginalPosition {
  readonly open: readonly Open[];
  /** Logarithms of the probabilities of the next character [alphabet]. */
  readonly logs: Float64Array;
}

export class TokenMarginalizer {
  readonly #predictor: Predictor;
  readonly #characters: number;
  /** What each symbol is spelt by, sorted: what begins alike stands together, and the shortest first. */
  readonly #symbols: readonly Int32Array[];
  /** Of each of `#symbols`. */
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

  begin(): MarginalPosition {
    const p = new Float32Array(this.#symbols.length).fill(1 / this.#symbols.length);
    return this.#standing([this.#opened({ state: this.#predictor.initial(), p }, 1)]);
  }

  /** Where a character leads. */
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

  /** The text is none that the network expects: what is open is taken to have been spelt. */
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
    readToken(this.#predictor, before, this.#tokens[symbol], state, logits);
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

  /** The first of the symbols whose character at `depth` is not before `character`. */
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
