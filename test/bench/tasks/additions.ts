// Sums of two numbers of at most three digits, as in Keras's example `addition_rnn` (Zaremba & Sutskever 2014).
import { random } from '../../../src/tape/random.ts';

export interface Addition {
  readonly sum: string;
  readonly result: string;
}

/** Returns additions that differ from one another, none of `without`, the same ones for the same seed. */
export function additions(count: number, seed: number, without: readonly Addition[] = []): Addition[] {
  const next = random(seed);
  const number = () => {
    const digits = 1 + Math.floor(3 * next());
    return Number(Array.from({ length: digits }, () => Math.floor(10 * next())).join(''));
  };
  const seen = new Set(without.map(({ sum }) => sum));
  const found: Addition[] = [];
  while (found.length < count) {
    const [a, b] = [number(), number()];
    const sum = `${a}+${b}`;
    // The sum is the same in either order, and neither order is to give the other one away.
    if (seen.has(sum) || seen.has(`${b}+${a}`)) continue;
    seen.add(sum);
    found.push({ sum, result: `${a + b}` });
  }
  return found;
}
