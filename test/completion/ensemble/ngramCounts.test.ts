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
    counts.set(token, (counts.get(token) ?? 0) + 1);
    return known;
  }

  refine(context: number, p: Float64Array): boolean {
    const counts = this.#counts.get(context);
    if (!counts) return false;
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const discount = (count: number) => (count === 1 ? 0.7 : count === 2 ? 0.8 : 0.9);
    const given = [...counts.values()].reduce((sum, count) => sum + discount(count), 0);
    const shorter = p.slice();
    for (const [token, below] of shorter.entries()) {
      const count = counts.get(token) ?? 0;
      p[token] = (Math.max(0, count - (count > 0 ? discount(count) : 0)) + given * below) / total;
    }
    return true;
  }
}

const uniform = (size: number) => new Float64Array(size).fill(1 / size);

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
    const [p, q] = [uniform(40), uniform(40)];
    expect(memory.refine(context, p)).toBe(slow.refine(context >>> 0, q));
    expect(Math.max(...p.map((each, token) => Math.abs(each - q[token])))).toBeLessThan(1e-12);
    const token = Math.abs(context) % 40;
    const one = memory.probability(context, token, 1 / 40);
    if (slow.refine(context >>> 0, uniform(40))) expect(one).toBeCloseTo(p[token], 12);
    else expect(one).toBeNull();
    expect(p.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
  }
});

test('a context that was never seen changes nothing', () => {
  const p = uniform(5);
  expect(new NgramCounts(10).refine(77, p)).toBe(false);
  expect(p).toEqual(uniform(5));
});

test('a memory that is full takes in no new contexts, and goes on counting those that it has', () => {
  const memory = new NgramCounts(2);
  for (const context of [1, 2, 3, 1]) memory.count(context, 4);
  const [known, unknown] = [uniform(5), uniform(5)];
  expect(memory.refine(1, known)).toBe(true);
  expect(memory.refine(3, unknown)).toBe(false);
  expect(known[4]).toBeCloseTo((2 - 0.8 + 0.8 / 5) / 2, 12);
});

test('counts that grow beyond their place are halved, and stay in proportion', () => {
  const memory = new NgramCounts(10);
  for (let i = 0; i < 80_000; i++) memory.count(1, i % 4 === 0 ? 0 : 1);
  const p = uniform(3);
  memory.refine(1, p);
  expect(p[0]).toBeGreaterThan(0.15);
  expect(p[0] + p[1] + p[2]).toBeCloseTo(1, 12);
});
