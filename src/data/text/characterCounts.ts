// Counts the characters of a text that comes in blocks.
import { codePointAt, isSurrogate } from './surrogates.ts';

/** The number of times that each character occurs; iterating yields the characters that do. */
export class CharacterCounts {
  /** The counts of the characters of one UTF-16 unit, by that. */
  readonly #units = new Float64Array(0x10000);
  /** The counts of the characters of two units, by their code points. */
  readonly #pairs = new Map<number, number>();
  #total = 0;

  /** The number of characters. */
  get total(): number {
    return this.#total;
  }

  /** @param text whole characters */
  add(text: string): void {
    const units = this.#units;
    let pairs = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const point = isSurrogate(unit) ? codePointAt(text, at) : unit;
      if (point <= 0xffff) units[unit]++;
      else {
        this.#pairs.set(point, (this.#pairs.get(point) ?? 0) + 1);
        pairs++;
        at++;
      }
    }
    this.#total += text.length - pairs;
  }

  *[Symbol.iterator](): Generator<[character: string, count: number]> {
    for (const [unit, count] of this.#units.entries())
      if (count > 0) yield [String.fromCharCode(unit), count];
    for (const [point, count] of this.#pairs) yield [String.fromCodePoint(point), count];
  }
}
