import { expect, test } from 'vitest';
import { bestLength, Price } from '../../src/completion/worth.ts';
import { random } from '../../src/tape/random.ts';

/** Keys saved from `from` on by a policy: how many characters it shows at each place, 0 for none. */
function worthOf(
  policy: readonly number[],
  p: readonly number[],
  confidence: number,
  price: number,
  from = 0,
): number {
  if (from === p.length) return 0;
  const length = policy[from];
  if (length === 0) return p[from] * worthOf(policy, p, confidence, price, from + 1);
  let worth = 0;
  let right = 1;
  for (let to = from; to < from + length; to++) {
    worth -= right * (1 - p[to]) * (to - from + 1) * price * confidence;
    right *= p[to];
  }
  const accepted = length - 1 + price * (1 - confidence);
  return worth + right * (accepted + worthOf(policy, p, confidence, price, from + length));
}

/** Every policy there is. */
function* policies(length: number, from = 0): Generator<number[]> {
  if (from === length) {
    yield [];
    return;
  }
  for (const rest of policies(length, from + 1))
    for (let shown = 0; shown <= length - from; shown++) if (shown !== 1) yield [shown, ...rest];
}

test('of all ways to show a continuation, the one that is worth most', () => {
  const next = random(1);
  for (let i = 0; i < 100; i++) {
    const p = Array.from({ length: 1 + Math.floor(next() * 6) }, () => next() ** 0.3);
    const [confidence, price] = [next(), 3 * next()];
    const all = [...policies(p.length)];
    const worths = all.map((policy) => worthOf(policy, p, confidence, price));
    const most = Math.max(...worths);
    const shown = bestLength(p, confidence, price);
    const withIt = Math.max(...worths.filter((_, index) => all[index][0] === shown));
    expect(withIt).toBeCloseTo(most, 9);
  }
});

test.each([
  ['ends where the text becomes uncertain', [0.99, 0.99, 0.99, 0.99, 0.3, 0.9], 4],
  ['shows nothing where the first character is uncertain', [0.2, 0.99, 0.99], 0],
  ['does not show what one key would type as well', [0.99, 0.1], 0],
  ['goes over a character that is likely enough', [0.99, 0.99, 0.9, 0.99, 0.99], 5],
  ['knows nothing of nothing', [], 0],
])('%s', (_, p, length) => {
  expect(bestLength(p, 0.5, 0.7)).toBe(length);
});

test('the price rises with what is wrong and falls with what is right, once for each suggestion', () => {
  const price = new Price();
  const first = price.value;
  price.made(3, 'red');
  price.judge(0, 'abcre', 0.5);
  expect(price.value).toBe(first);
  price.judge(0, 'abcred', 0.5);
  expect(price.value).toBeLessThan(first);
  price.judge(0, 'abcred', 0.5);
  price.made(6, 'green');
  price.judge(0, 'abcredx', 0.5);
  expect(price.value).toBeCloseTo(first, 12);
});

test('it settles where as much is right as is asked for', () => {
  const next = random(2);
  const price = new Price();
  const shown: boolean[] = [];
  // The more a suggestion has to be worth, the surer are those that are shown.
  for (let i = 0; i < 20_000; i++) {
    const sure = next();
    if (bestLength([sure, 1], 0.8, price.value) === 0) continue;
    const right = next() < sure;
    price.made(0, 'ab');
    price.judge(0, right ? 'ab' : 'x', 0.8);
    shown.push(right);
  }
  const late = shown.slice(-5000);
  expect(late.filter(Boolean).length / late.length).toBeCloseTo(0.8, 1);
});
