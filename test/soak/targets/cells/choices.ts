/**
 * Reads whole numbers one after the other as choices. Fewer and smaller numbers make a simpler result, so
 * that it shrinks as they do; after the last one every choice is 0.
 */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** Returns the next choice as a number below `count`. */
  below(count: number): number {
    return (this.#numbers[this.#at++] ?? 0) % count;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }

  /** Returns true once in `times`. */
  once(times: number): boolean {
    return this.below(times) === times - 1;
  }

  get spent(): boolean {
    return this.#at >= this.#numbers.length;
  }
}
