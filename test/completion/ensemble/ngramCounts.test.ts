import { expect, test } from 'vitest';
import { NgramCounts } from '../../../src/completion/ensemble/ngramCounts.ts';
import { random } from '../../../src/tape/random.ts';

/** A slow reference for the n-gram counts, in a few lines. */
class SlowMemory {
  readonly #counts = new Map<number, Map<number, number>>();

  count(context: number, token: number): boolean {
    const counts = this.#counts.get(context) ?? new Map<number, number>();
    this.#counts.set(context, counts);
    const known = counts.has(token);
    const count = (counts.get(token) ?? 0) + 1;
    counts.delete(token);
    counts.set(token, count);
    return known;
  }

  /** The tokens of a context with their counts, the one that came last first. */
  list(context: number): [token: number, count: number][] {
    return [...(this.#counts.get(context) ?? [])].reverse();
  }

  probability(context: number, token: number, shorter: number): number | null {
    const counts = this.#counts.get(context);
    if (!counts) return null;
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const discount = (count: number) => (count === 1 ? 0.7 : count === 2 ? 0.8 : 0.9);
    const given = [...counts.values()].reduce((sum, count) => sum + discount(count), 0);
    const count = counts.get(token) ?? 0;
    return (Math.max(0, count - (count > 0 ? discount(count) : 0)) + given * shorter) / total;
  }
}

/** Returns the tokens of a context with their counts. */
function list(memory: NgramCounts, context: number): [token: number, count: number][] {
  const [tokens, counts] = [new Uint16Array(100), new Uint16Array(100)];
  const end = memory.list(context, tokens, counts, 3, 97);
  return Array.from({ length: end - 3 }, (_, at) => [tokens[3 + at], counts[3 + at]]);
}

test('agrees with a slow memory on random texts, and what it says sums to one', () => {
  const next = random(1);
  const memory = new NgramCounts(1e6);
  const slow = new SlowMemory();
  const contexts = Array.from({ length: 3000 }, () => Math.floor(next() * 2 ** 32) | 0);
  for (let i = 0; i < 20_000; i++) {
    const context = contexts[Math.floor(next() ** 2 * contexts.length)];
    const token = Math.floor(next() ** 3 * 40);
    if (memory.count(context, token) !== slow.count(context >>> 0, token)) expect.fail(`at ${i}`);
  }
  for (const context of contexts) {
    expect(list(memory, context)).toEqual(slow.list(context >>> 0));
    let sum = 0;
    for (let token = 0; token < 40; token++) {
      const p = memory.probability(context, token, 1 / 40);
      const wanted = slow.probability(context >>> 0, token, 1 / 40);
      if (wanted === null) expect(p).toBeNull();
      else expect(p).toBeCloseTo(wanted, 12);
      sum += wanted ?? 1 / 40;
    }
    expect(sum).toBeCloseTo(1, 12);
  }
});

test('a context that was never seen has no tokens and no probabilities', () => {
  const memory = new NgramCounts(10);
  expect(list(memory, 77)).toEqual([]);
  expect(memory.probability(77, 0, 0.2)).toBeNull();
});

test('a list is no longer than asked for', () => {
  const memory = new NgramCounts(10);
  for (const token of [1, 2, 3]) memory.count(7, token);
  const room = [new Uint16Array(2), new Uint16Array(2)] as const;
  expect(memory.list(7, ...room, 0, 2)).toBe(2);
  expect([...room[0]]).toEqual([3, 2]);
});

test('a memory that is full takes in no new contexts, and goes on counting those that it has', () => {
  const memory = new NgramCounts(2);
  for (const context of [1, 2, 3, 1]) memory.count(context, 4);
  expect(list(memory, 1)).toEqual([[4, 2]]);
  expect(list(memory, 3)).toEqual([]);
});

test.each([
  ['16 bits', 0xffff, 80_000],
  ['a limit', 255, 1000],
])('counts that grow beyond %s are halved, and stay in proportion', (_, largest, times) => {
  const memory = new NgramCounts(10, 0, largest);
  for (let i = 0; i < times; i++) memory.count(1, i % 4 === 0 ? 0 : 1);
  const counts = new Map(list(memory, 1));
  expect(Math.max(...counts.values())).toBeLessThan(largest);
  const share = counts.get(0)! / (counts.get(0)! + counts.get(1)!);
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.3);
});

test('tables that were reserved for more are fitted to what they hold, and grow again', () => {
  const next = random(3);
  const [memory, slow] = [new NgramCounts(1e6, 500_000), new SlowMemory()];
  const contexts = Array.from({ length: 4000 }, () => Math.floor(next() * 2 ** 32) | 0);
  const count = (from: number, to: number) => {
    for (let i = 0; i < 10_000; i++) {
      const context = contexts[from + Math.floor(next() * (to - from))];
      const token = Math.floor(next() * 10);
      if (memory.count(context, token) !== slow.count(context >>> 0, token)) expect.fail(`at ${i}`);
    }
  };
  const reserved = memory.memoryBytes;
  count(0, 2000);
  memory.fit();
  expect(memory.memoryBytes).toBeLessThan(reserved / 20);
  const fitted = memory.memoryBytes;
  memory.fit();
  expect(memory.memoryBytes).toBe(fitted);
  count(1000, 4000);
  for (const context of contexts) expect(list(memory, context)).toEqual(slow.list(context >>> 0));
});
