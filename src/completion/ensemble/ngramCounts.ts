// What followed which context, and how often: counts in hash tables of plain numbers.

/** Of a table, filled with contexts; beyond it, looking one up takes many steps. */
const maximumLoad = 0.7;

const leastSize = 1024;

/**
 * Counts of tokens by context. A context is a number, the hash of what stands before (see contexts.ts); two that
 * share one, which is once in many millions, share their counts.
 *
 * A context's counts become a distribution by interpolated absolute discounting (Ney, Essen & Kneser 1994): each
 * count gives a part of itself to what a shorter context says.
 */
export class NgramCounts {
  /** Contexts beyond so many are not taken in: the memory is full. */
  readonly #maximumContexts: number;
  #contexts = 0;
  /** By slot: the context, 0 where the slot is free; the first of its counts. */
  #keys: Uint32Array;
  #firsts: Uint32Array;
  /** A list for each context, by place; 0 ends it. */
  #tokens: Uint16Array;
  #counts: Uint16Array;
  #nexts: Uint32Array;
  #end = 1;

  /** @param expected contexts: growing to so many would leave as much memory behind as they take */
  constructor(maximumContexts: number, expected = 0) {
    this.#maximumContexts = maximumContexts;
    const lists = Math.max(leastSize, expected);
    this.#tokens = new Uint16Array(lists);
    this.#counts = new Uint16Array(lists);
    this.#nexts = new Uint32Array(lists);
    const slots = Math.ceil(Math.min(expected, maximumContexts) / maximumLoad);
    const size = Math.max(leastSize, slots);
    this.#keys = new Uint32Array(size);
    this.#firsts = new Uint32Array(size);
  }

  /** Counts `token` after `context`. @returns whether it had followed that context before */
  count(context: number, token: number): boolean {
    const slot = this.#slot(context);
    if (slot === null) return true;
    for (let at = this.#firsts[slot]; at !== 0; at = this.#nexts[at])
      if (this.#tokens[at] === token) {
        if (++this.#counts[at] === 0xffff) this.#halve(slot);
        return true;
      }
    if (this.#end === this.#tokens.length) this.#growLists();
    this.#tokens[this.#end] = token;
    this.#counts[this.#end] = 1;
    this.#nexts[this.#end] = this.#firsts[slot];
    this.#firsts[slot] = this.#end++;
    return false;
  }

  /**
   * Turns `p`, what a shorter context says of the next token [V], into what `context` says.
   * @returns false where the context is unknown, and `p` as it was
   */
  refine(context: number, p: Float64Array): boolean {
    const slot = this.#find(context);
    if (this.#keys[slot] === 0) return false;
    let given = 0;
    let total = 0;
    for (let at = this.#firsts[slot]; at !== 0; at = this.#nexts[at]) {
      given += discount(this.#counts[at]);
      total += this.#counts[at];
    }
    const scale = 1 / total;
    for (let token = 0; token < p.length; token++) p[token] *= given * scale;
    for (let at = this.#firsts[slot]; at !== 0; at = this.#nexts[at])
      p[this.#tokens[at]] += (this.#counts[at] - discount(this.#counts[at])) * scale;
    return true;
  }

  /** Of the context, or the free one where it would be. */
  #find(context: number): number {
    const size = this.#keys.length;
    const key = context >>> 0 || 1;
    let slot = Math.floor(((Math.imul(key, 0x9e3779b1) >>> 0) / 2 ** 32) * size);
    while (this.#keys[slot] !== key && this.#keys[slot] !== 0) slot = slot + 1 === size ? 0 : slot + 1;
    return slot;
  }

  #slot(context: number): number | null {
    const slot = this.#find(context);
    if (this.#keys[slot] !== 0) return slot;
    if (this.#contexts >= this.#maximumContexts) return null;
    this.#contexts++;
    if (this.#contexts > maximumLoad * this.#keys.length) {
      this.#growTable();
      return this.#slotAnew(context);
    }
    this.#keys[slot] = context >>> 0 || 1;
    return slot;
  }

  #slotAnew(context: number): number {
    const slot = this.#find(context);
    this.#keys[slot] = context >>> 0 || 1;
    return slot;
  }

  #growTable(): void {
    const [keys, firsts] = [this.#keys, this.#firsts];
    this.#keys = new Uint32Array(2 * keys.length);
    this.#firsts = new Uint32Array(2 * keys.length);
    for (let old = 0; old < keys.length; old++)
      if (keys[old] !== 0) this.#firsts[this.#slotAnew(keys[old])] = firsts[old];
  }

  #growLists(): void {
    const length = 2 * this.#tokens.length;
    const [tokens, counts, nexts] = [this.#tokens, this.#counts, this.#nexts];
    this.#tokens = new Uint16Array(length);
    this.#counts = new Uint16Array(length);
    this.#nexts = new Uint32Array(length);
    this.#tokens.set(tokens);
    this.#counts.set(counts);
    this.#nexts.set(nexts);
  }

  /** Counts are 16 bits wide: at their end, the old weighs half. */
  #halve(slot: number): void {
    for (let at = this.#firsts[slot]; at !== 0; at = this.#nexts[at])
      this.#counts[at] = (this.#counts[at] + 1) >>> 1;
  }
}

/** What a count gives to the shorter context: more of it where the count is surer (Chen & Goodman 1999). */
function discount(count: number): number {
  return count === 1 ? 0.7 : count === 2 ? 0.8 : 0.9;
}
