// Counts which tokens followed each context, in hash tables of typed arrays.

/** The largest share of a table's slots that is filled; beyond it, a look-up takes many steps. */
const maximumLoad = 0.7;

const leastSize = 1024;

/** The number of tokens that follow a context in most texts, on average. */
const countsPerContext = 1.3;

/** The room that is left for more when tables are fitted to what they hold, and the share that must be gained by it. */
const room = 1.15;
const worthwhile = 0.8;

/**
 * Counts of tokens by context. A context is a number, the hash of the text before (see ngramContexts.ts); two
 * contexts with the same hash, which occur once in many millions, share their counts.
 */
export class NgramCounts {
  /** The number of contexts at which the tables are full and take in no more. */
  readonly #maximumContexts: number;
  readonly #largest: number;
  #contexts = 0;
  /** The context in each slot, which is 0 where the slot is free, and the index of its first count. */
  #keys: Uint32Array;
  #firsts: Uint32Array;
  /** The linked lists of each context's counts, by index, the token that came last first; index 0 ends a list. */
  #tokens: Uint16Array;
  #counts: Uint16Array;
  #nexts: Uint32Array;
  #end = 1;

  /**
   * @param expected the number of contexts for which to reserve space: growing to it would leave as much
   * unused memory behind
   * @param largest the count at which those of a context are halved, so that older ones weigh less; it fits 16 bits
   */
  constructor(maximumContexts: number, expected = 0, largest = 0xffff) {
    this.#maximumContexts = maximumContexts;
    this.#largest = largest;
    const contexts = Math.min(expected, maximumContexts);
    const lists = Math.max(leastSize, Math.ceil(countsPerContext * contexts));
    this.#tokens = new Uint16Array(lists);
    this.#counts = new Uint16Array(lists);
    this.#nexts = new Uint32Array(lists);
    const size = Math.max(leastSize, Math.ceil(contexts / maximumLoad));
    this.#keys = new Uint32Array(size);
    this.#firsts = new Uint32Array(size);
  }

  /** The bytes of the tables. */
  get memoryBytes(): number {
    const tables = [this.#keys, this.#firsts, this.#tokens, this.#counts, this.#nexts];
    return tables.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Counts `token` after `context`. @returns whether it had followed that context before */
  count(context: number, token: number): boolean {
    const slot = this.#slot(context);
    if (slot === null) return true;
    for (let at = this.#firsts[slot], before = 0; at !== 0; before = at, at = this.#nexts[at])
      if (this.#tokens[at] === token) {
        if (++this.#counts[at] >= this.#largest) this.#halve(slot);
        // The token that came last stands first.
        if (before !== 0) {
          this.#nexts[before] = this.#nexts[at];
          this.#nexts[at] = this.#firsts[slot];
          this.#firsts[slot] = at;
        }
        return true;
      }
    if (this.#end === this.#tokens.length) this.#resizeLists(Math.ceil(1.5 * this.#tokens.length));
    this.#tokens[this.#end] = token;
    this.#counts[this.#end] = 1;
    this.#nexts[this.#end] = this.#firsts[slot];
    this.#firsts[slot] = this.#end++;
    return false;
  }

  /**
   * Writes which tokens followed a context, the one that came last first, and how often, from `at` on.
   * @param most the number of tokens that are written at most
   * @returns where they end; `at` where the context is unknown
   */
  list(context: number, tokens: Uint16Array, counts: Uint16Array, at: number, most: number): number {
    const nexts = this.#nexts;
    const ownTokens = this.#tokens;
    const ownCounts = this.#counts;
    let end = at;
    for (
      let entry = this.#firsts[this.#find(context)];
      entry !== 0 && end < at + most;
      entry = nexts[entry]
    ) {
      tokens[end] = ownTokens[entry];
      counts[end++] = ownCounts[entry];
    }
    return end;
  }

  /**
   * Returns the probability of one token given `context`, by interpolated absolute discounting (Ney, Essen & Kneser
   * 1994): a discount of each count is given to the prediction of a shorter context. Null where the context is unknown.
   * @param shorter the token's probability given a shorter context
   */
  probability(context: number, token: number, shorter: number): number | null {
    const slot = this.#find(context);
    if (this.#keys[slot] === 0) return null;
    let given = 0;
    let total = 0;
    let own = 0;
    for (let at = this.#firsts[slot]; at !== 0; at = this.#nexts[at]) {
      const discounted = discount(this.#counts[at]);
      given += discounted;
      total += this.#counts[at];
      if (this.#tokens[at] === token) own = this.#counts[at] - discounted;
    }
    return (own + given * shorter) / total;
  }

  /** Returns the slot of the context, or the free one that it would take. */
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
      this.#resizeTable(2 * this.#keys.length);
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

  /** Makes the tables smaller where much of them is unused. */
  fit(): void {
    const lists = Math.max(leastSize, Math.ceil(room * this.#end));
    if (lists < worthwhile * this.#tokens.length) this.#resizeLists(lists);
    const size = Math.max(leastSize, Math.ceil((room * this.#contexts) / maximumLoad));
    if (size < worthwhile * this.#keys.length) this.#resizeTable(size);
  }

  #resizeTable(size: number): void {
    const [keys, firsts] = [this.#keys, this.#firsts];
    this.#keys = new Uint32Array(size);
    this.#firsts = new Uint32Array(size);
    for (let old = 0; old < keys.length; old++)
      if (keys[old] !== 0) this.#firsts[this.#slotAnew(keys[old])] = firsts[old];
  }

  #resizeLists(length: number): void {
    const [tokens, counts, nexts] = [this.#tokens, this.#counts, this.#nexts];
    this.#tokens = new Uint16Array(length);
    this.#counts = new Uint16Array(length);
    this.#nexts = new Uint32Array(length);
    this.#tokens.set(tokens.subarray(0, this.#end));
    this.#counts.set(counts.subarray(0, this.#end));
    this.#nexts.set(nexts.subarray(0, this.#end));
  }

  /** Halves the counts of a context when one of them reaches the largest. */
  #halve(slot: number): void {
    for (let at = this.#firsts[slot]; at !== 0; at = this.#nexts[at])
      this.#counts[at] = (this.#counts[at] + 1) >>> 1;
  }
}

/** Returns the discount of a count, which is larger for larger counts (Chen & Goodman 1999). */
function discount(count: number): number {
  return count === 1 ? 0.7 : count === 2 ? 0.8 : 0.9;
}
