/**
 * Whole numbers, read one after the other as choices. Fewer and smaller ones make a simpler thing, so that what is made
 * of them shrinks as they do; behind the last one everything is 0.
 */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A number below `count`. */
  below(count: number): number {
    return (this.#numbers[this.#at++] ?? 0) % count;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === times - 1;
  }

  get spent(): boolean {
    return this.#at >= this.#numbers.length;
  }
}
