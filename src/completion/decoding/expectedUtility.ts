// How much of a likely continuation is worth being shown: by the keys that it saves on average, less a price for
// being wrong. A suggestion that goes wrong at its tenth character is wrong ten times: at every character until
// then it stands there. So a suggestion ends where the text becomes uncertain, as at the end of a word, of a line,
// of a statement, and the next one goes on from there.
import type { Continuation } from './bestFirstSearch.ts';

/** One character is typed as fast as accepted. */
export const shortest = 2;

/** How dear it is to be wrong. */
export interface Terms {
  /** Share of what is shown that is to be right. */
  readonly confidence: number;
  /** In keys, of a share of one below that: a multiplier of Lagrange's. 0 where being wrong costs nothing. */
  readonly price: number;
  /** Whether what is shown may end with a continuation. */
  canEnd(to: Continuation): boolean;
}

/** A continuation, and what it is worth to be there. */
export interface Weighed extends Continuation {
  readonly next: readonly Weighed[];
  /** Keys saved from here on, on average. */
  readonly saved: number;
  /** To be shown here up to its end; null where that is worth nothing. */
  readonly show: Weighed | null;
}

/**
 * Dynamic programming over the tree of continuations: at each, nothing may be shown, or what goes on to a later one,
 * which is either accepted as a whole or typed until it goes wrong; and from there it goes on.
 */
export function weigh(from: Continuation, terms: Terms): Weighed {
  const { text, joint } = from;
  const { confidence, price, canEnd } = terms;
  const next = from.next.map((to) => weigh(to, terms));
  let most = savedAfter(next);
  let show: Weighed | null = null;
  /** Goes on from `at`; sums are of what has been typed by then, with probabilities as they are at the root. */
  const extend = (at: Continuation, to: Weighed, timesWrong: number, savedElsewhere: number) => {
    const wrong = timesWrong + (at.joint - to.joint) * (at.text.length - text.length + 1);
    const accepted = to.text.length - text.length - 1 + price * (1 - confidence) + to.saved;
    const value = to.joint * accepted + savedElsewhere - wrong * price * confidence;
    if (value > most && isVisible(to.text.slice(text.length)) && canEnd(to)) [most, show] = [value, to];
    const elsewhere = savedElsewhere + savedAfter(to.next);
    for (const further of to.next) extend(to, further, wrong, elsewhere - further.joint * further.saved);
  };
  const elsewhere = most;
  for (const to of next) extend(from, to, 0, elsewhere - to.joint * to.saved);
  return { text, joint, next, saved: most / joint, show };
}

function savedAfter(next: readonly Weighed[]): number {
  let sum = 0;
  for (const { joint, saved } of next) sum += joint * saved;
  return sum;
}

/** An empty line cannot be seen; an indentation cannot either, but Tab is the key for it. */
export function isVisible(text: string): boolean {
  return text.length >= shortest && (text.trim() !== '' || !text.includes('\n'));
}

/** Of the first suggestions, and how far it moves with each. */
const firstPrice = 0.9;
const step = 0.02;
const range = [0.05, 5] as const;

/** A suggestion that was made, at a place of the text. */
interface Made {
  readonly at: number;
  readonly text: string;
}

/**
 * The price that makes what is shown right as often as is asked for, found while typing goes on: a wrong suggestion
 * raises it, a right one lowers it (dual ascent, Arrow & Hurwicz 1958).
 */
export class Price {
  #value: number;
  #undecided: Made[] = [];

  constructor(value: number = firstPrice) {
    this.#value = value;
  }

  get value(): number {
    return this.#value;
  }

  /** `text` is shown at place `at`. */
  made(at: number, text: string): void {
    this.#undecided.push({ at, text });
  }

  /** The text `read`, which begins at `from`, stands there now. */
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
    this.#value = Math.min(range[1], Math.max(range[0], this.#value + step * by));
  }
}
