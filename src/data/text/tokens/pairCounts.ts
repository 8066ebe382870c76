// Counts how often each pair of symbols is adjacent in the units of a text, and keeps the counts up to date
// while pairs are merged (Sennrich et al. 2016). A merge touches only the units that hold its pair, and the
// next one comes from a heap.
import TinyQueue from 'tinyqueue';

interface Pair {
  readonly left: number;
  readonly right: number;
  /** The number of pairs that were found before this one. */
  readonly serial: number;
  count: number;
  merged: boolean;
  /** The numbers of the units that hold the pair or once did; one may occur twice. */
  readonly units: number[];
}

/** A pair with its count when it was enqueued, which may have changed since. */
interface Candidate {
  readonly pair: Pair;
  readonly count: number;
}

/** An upper bound of the symbols' numbers: there is one symbol for each character and each merge. */
const mostSymbols = 2 ** 24;

/** The counts of adjacent symbols, of which the most frequent pair is merged again and again. */
export class PairCounts {
  /** The text of each symbol, by its number. */
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** The symbols of all units, one unit after the other; each keeps the space that its characters had. */
  readonly #symbols: Int32Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  /** The number of times that each unit occurs in the text. */
  readonly #times: Float64Array;
  readonly #pairs = new Map<number, Pair>();
  #serial = 0;
  readonly #queue = new TinyQueue<Candidate>(
    [],
    (a, b) => b.count - a.count || a.pair.serial - b.pair.serial,
  );

  readonly #leastOften: number;

  /** @param leastOften the smallest count of a pair that is merged */
  constructor(units: ReadonlyMap<string, number>, leastOften: number) {
    this.#leastOften = leastOften;
    let room = 0;
    for (const unit of units.keys()) room += unit.length;
    this.#symbols = new Int32Array(room);
    this.#starts = new Int32Array(units.size);
    this.#lengths = new Int32Array(units.size);
    this.#times = new Float64Array(units.size);
    let at = 0;
    let number = 0;
    for (const [unit, times] of units) {
      this.#starts[number] = at;
      for (const character of unit) this.#symbols[at++] = this.#number(character);
      const length = at - this.#starts[number];
      this.#lengths[number] = length;
      this.#times[number] = times;
      for (let i = at - length + 1; i < at; i++) {
        const { units } = this.#add(this.#symbols[i - 1], this.#symbols[i], times);
        if (units.at(-1) !== number) units.push(number);
      }
      number++;
    }
    this.#enqueue(this.#pairs.values());
  }

  /**
   * Merges the most frequent pair into one symbol. @returns its text, or null where no pair is frequent
   * enough
   */
  merge(): string | null {
    const pair = this.#commonest();
    if (!pair) return null;
    const text = this.#texts[pair.left] + this.#texts[pair.right];
    const symbol = this.#number(text);
    const changed = new Set<Pair>();
    for (const unit of new Set(pair.units)) this.#rewrite(unit, pair, symbol, changed);
    pair.merged = true;
    this.#pairs.delete(keyOf(pair.left, pair.right));
    this.#enqueue(changed);
    return text;
  }

  /**
   * Takes the most frequent pair from the queue. A candidate whose count has fallen is enqueued again; grown
   * counts are in the queue already.
   */
  #commonest(): Pair | null {
    for (let top = this.#queue.pop(); top; top = this.#queue.pop()) {
      const { pair, count } = top;
      if (pair.merged) continue;
      if (pair.count === count) return pair;
      if (pair.count < count) this.#enqueue([pair]);
    }
    return null;
  }

  #enqueue(pairs: Iterable<Pair>): void {
    for (const pair of pairs)
      if (pair.count >= this.#leastOften) this.#queue.push({ pair, count: pair.count });
  }

  /** Replaces the pair by the symbol wherever it occurs in the unit, from left to right. */
  #rewrite(unit: number, { left, right }: Pair, symbol: number, changed: Set<Pair>): void {
    const symbols = this.#symbols;
    const start = this.#starts[unit];
    const end = start + this.#lengths[unit];
    const times = this.#times[unit];
    /** The places of the new symbol. */
    const places: number[] = [];
    let to = start;
    /** The place of the last old symbol that was merged. */
    let used = -1;
    for (let at = start; at < end; at++, to++) {
      if (symbols[at] !== left || at + 1 === end || symbols[at + 1] !== right) {
        symbols[to] = symbols[at];
        continue;
      }
      if (at > start && at - 1 !== used) this.#take(symbols[at - 1], left, times);
      this.#take(left, right, times);
      used = at + 1;
      if (used + 1 < end) this.#take(right, symbols[used + 1], times);
      symbols[to] = symbol;
      places.push(to);
      at++;
    }
    this.#lengths[unit] = to - start;
    const add = (at: number) => {
      const pair = this.#add(symbols[at], symbols[at + 1], times);
      if (pair.units.at(-1) !== unit) pair.units.push(unit);
      changed.add(pair);
    };
    for (const [i, at] of places.entries()) {
      if (at > start && at - 1 !== places[i - 1]) add(at - 1);
      if (at + 1 < to) add(at);
    }
  }

  #add(left: number, right: number, times: number): Pair {
    const key = keyOf(left, right);
    let pair = this.#pairs.get(key);
    if (!pair) {
      pair = { left, right, serial: this.#serial++, count: 0, merged: false, units: [] };
      this.#pairs.set(key, pair);
    }
    pair.count += times;
    return pair;
  }

  #take(left: number, right: number, times: number): void {
    this.#pairs.get(keyOf(left, right))!.count -= times;
  }

  #number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}

const keyOf = (left: number, right: number): number => left * mostSymbols + right;
