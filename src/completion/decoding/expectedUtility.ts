// Decides how much of a likely continuation is worth showing, by its expected utility: the keys that it saves
// on average, less a price for being wrong. A suggestion that fails at its tenth character is wrong ten
// times, since it is on display at every character until then. So a suggestion ends where the text becomes
// uncertain, as at the end of a word, of a line or of a statement, and the next one goes on from there.
import type { Continuation } from './bestFirstSearch.ts';

/** The length of the shortest suggestion: one character is typed as fast as it is accepted. */
export const shortest = 2;

/** The conditions on what is shown, and the price of being wrong. */
export interface Terms {
  /** The share of the shown suggestions that is to be right. */
  readonly confidence: number;
  /**
   * The price, in keys, of falling short of that share by one suggestion: a Lagrange multiplier. It is 0
   * where being wrong costs nothing.
   */
  readonly price: number;
  /** The cost of reading a suggestion, in keys, whether it is right or wrong. */
  readonly reading: number;
  /** Returns whether a suggestion may end with this continuation. */
  canEnd(to: Continuation): boolean;
}

/** A continuation with its expected utility. */
export interface Weighed extends Continuation {
  readonly next: readonly Weighed[];
  /** The average number of keys that are saved from here on. */
  readonly saved: number;
  /** The continuation that is best shown here, up to its end; null where none is worth showing. */
  readonly show: Weighed | null;
}

/**
 * Computes the expected utilities by dynamic programming over the tree of continuations. At each of them,
 * either nothing is shown, or the text up to a later one, which is accepted as a whole or typed until it goes
 * wrong; from there it goes on in the same way.
 */
export function weigh(from: Continuation, terms: Terms): Weighed {
  const { text, joint } = from;
  const { confidence, price, reading, canEnd } = terms;
  const next = from.next.map((to) => weigh(to, terms));
  let most = savedAfter(next);
  let show: Weighed | null = null;
  /**
   * Tries to extend the suggestion from `at`. The sums are over what has been typed by then, with the
   * probabilities at the root.
   */
  const extend = (at: Continuation, to: Weighed, timesWrong: number, savedElsewhere: number) => {
    const wrong = timesWrong + (at.joint - to.joint) * (at.text.length - text.length + 1);
    const accepted = to.text.length - text.length - 1 + price * (1 - confidence) + to.saved;
    const value = to.joint * accepted + savedElsewhere - wrong * price * confidence - joint * reading;
    if (value > most && isVisible(to.text.slice(text.length)) && canEnd(to)) [most, show] = [value, to];
    const elsewhere = savedElsewhere + savedAfter(to.next);
    for (const further of to.next) extend(to, further, wrong, elsewhere - further.joint * further.saved);
  };
  const elsewhere = most;
  for (const to of next) extend(from, to, 0, elsewhere - to.joint * to.saved);
  return { ...from, next, saved: most / joint, show };
}

function savedAfter(next: readonly Weighed[]): number {
  let sum = 0;
  for (const { joint, saved } of next) sum += joint * saved;
  return sum;
}

/**
 * Returns whether a suggestion can be seen. An empty line cannot; an indentation cannot either, but Tab is
 * the key for it.
 */
export function isVisible(text: string): boolean {
  return text.length >= shortest && (text.trim() !== '' || !text.includes('\n'));
}

/** The range of a price. */
const range = [0.05, 5] as const;

/** The price of the first suggestions, and the step by which it moves. */
export interface PriceRule {
  readonly first: number;
  readonly step: number;
}

/** The rules at the end of a line and in a gap, where there are fewer suggestions, each of which tells more. */
export const priceRules = { end: { first: 0.9, step: 0.02 }, gap: { first: 0.1, step: 0.05 } } as const;

/** A suggestion that was shown at a place of the text. */
interface Made {
  readonly at: number;
  readonly text: string;
}

/**
 * The price at which the wanted share of suggestions is right, found while typing goes on: a wrong suggestion
 * raises it, a right one lowers it (dual ascent, Arrow & Hurwicz 1958).
 */
export class Price {
  readonly #step: number;
  #value: number;
  #undecided: Made[] = [];

  constructor({ first, step }: PriceRule, value = first) {
    this.#value = value;
    this.#step = step;
  }

  get value(): number {
    return this.#value;
  }

  /** Records that `text` is shown at place `at`. */
  made(at: number, text: string): void {
    this.#undecided.push({ at, text });
  }

  /** Judges the suggestions by the text `read` from `from` on, which is there now. */
  judge(from: number, read: string, confidence: number): void {
    this.#undecided = this.#undecided.filter(({ at, text }) => {
      if (at < from || at > from + read.length) return false;
      const typed = read.slice(at - from);
      if (typed.length < text.length && text.startsWith(typed)) return true;
      this.#move(typed.startsWith(text) ? confidence - 1 : confidence);
      return false;
    });
  }

  #move(by: number): void {
    this.#value = Math.min(range[1], Math.max(range[0], this.#value + this.#step * by));
  }
}
