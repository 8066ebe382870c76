// How much of a likely continuation is worth being shown: by the keys that it saves on average, less a price for
// being wrong. A suggestion that goes wrong at its tenth character is wrong ten times: at every character until
// then it stands there. So a suggestion ends where the text becomes uncertain, as at the end of a word, of a line,
// of a statement, and the next one goes on from there.

/** One character is typed as fast as accepted. */
export const shortest = 2;

/**
 * Dynamic programming over the continuation: from each place on, nothing may be shown until the next one, or the
 * text up to some later place, which is either accepted as a whole or typed until it goes wrong.
 * @param p of each character, given those before it
 * @param confidence share of what is shown that is to be right
 * @param price in keys, of a share of one below that: a multiplier of Lagrange's
 * @returns characters to show, 0 for none
 */
export function bestLength(p: readonly number[], confidence: number, price: number): number {
  /** Keys saved from each place on. */
  const saved = new Float64Array(p.length + 1);
  let length = 0;
  for (let from = p.length - 1; from >= 0; from--) {
    length = 0;
    saved[from] = p[from] * saved[from + 1];
    let right = 1;
    let timesWrong = 0;
    for (let to = from + 1; to <= p.length; to++) {
      timesWrong += right * (1 - p[to - 1]) * (to - from);
      right *= p[to - 1];
      if (to - from < shortest) continue;
      const accepted = to - from - 1 + price * (1 - confidence) + saved[to];
      const value = right * accepted - timesWrong * price * confidence;
      if (value <= saved[from]) continue;
      saved[from] = value;
      length = to - from;
    }
  }
  return length;
}

/** Of the first suggestions, and how far it moves with each. */
const firstPrice = 0.7;
const step = 0.01;
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
  #value = firstPrice;
  #undecided: Made[] = [];

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
