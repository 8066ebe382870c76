import { expect, test } from 'vitest';
import type { Continuation } from '../../../src/completion/decoding/bestFirstSearch.ts';
import { Price, priceRules, type Weighed, weigh } from '../../../src/completion/decoding/expectedUtility.ts';
import { random } from '../../../src/tape/random.ts';

interface Place extends Continuation {
  readonly next: Place[];
}

/** The suggestion that is shown at each place; null stands for none. */
type Policy = ReadonlyMap<Continuation, Continuation | null>;

interface Costs {
  readonly confidence: number;
  readonly price: number;
  readonly reading: number;
}

/** Returns the expected keys saved from `from` on, by playing out every continuation. */
function worthOf(policy: Policy, from: Continuation, costs: Costs): number {
  const { confidence, price, reading } = costs;
  const shown = policy.get(from)!;
  const play = (at: Continuation): number => {
    if (at === shown) {
      const length = at.text.length - from.text.length;
      return length - 1 + price * (1 - confidence) + worthOf(policy, at, costs);
    }
    const typed = at.text.length - from.text.length + 1;
    let [worth, left] = [0, 1];
    for (const to of at.next) {
      const p = to.joint / at.joint;
      left -= p;
      if (!shown) worth += p * worthOf(policy, to, costs);
      else if (shown.text.startsWith(to.text)) worth += p * play(to);
      else worth += p * (worthOf(policy, to, costs) - typed * price * confidence);
    }
    return shown ? worth - left * typed * price * confidence : worth;
  };
  return play(from) - (shown ? reading : 0);
}

const below = (place: Continuation): Continuation[] => place.next.flatMap((to) => [to, ...below(to)]);

/** Generates every possible policy. */
function* policies(places: readonly Continuation[]): Generator<Map<Continuation, Continuation | null>> {
  const [place, ...others] = places;
  if (!place) {
    yield new Map();
    return;
  }
  const showable = below(place).filter(({ text }) => text.length >= place.text.length + 2);
  for (const rest of policies(others))
    for (const shown of [null, ...showable]) yield new Map(rest).set(place, shown);
}

function tree(next: () => number, size: number): Place {
  const root: Place = { text: '', joint: 1, next: [] };
  const places = [root];
  const left = new Map([[root, 1]]);
  while (places.length < size) {
    const at = places[Math.floor(next() * places.length)];
    const p = left.get(at)! * next() ** 0.3;
    left.set(at, left.get(at)! - p);
    const text = `${at.text}${'abcdefgh'[at.next.length]}`;
    const to = { text, joint: at.joint * p, next: [] };
    at.next.push(to);
    left.set(to, 1);
    places.push(to);
  }
  return root;
}

test('of all ways to show what may come, the one that is worth most', () => {
  const next = random(1);
  for (let i = 0; i < 60; i++) {
    const root = tree(next, 2 + Math.floor(next() * 6));
    const costs = { confidence: next(), price: 3 * next(), reading: i % 2 === 0 ? 0 : next() };
    const worths = [...policies([root, ...below(root)])].map((policy) => worthOf(policy, root, costs));
    const found = weigh(root, { ...costs, canEnd: () => true });
    expect(found.saved).toBeCloseTo(Math.max(...worths), 9);
    const shown = new Map(([found, ...below(found)] as Weighed[]).map((place) => [place, place.show]));
    expect(worthOf(shown, found, costs)).toBeCloseTo(Math.max(...worths), 9);
  }
});

/** Returns single characters, one after the other, with these conditional probabilities. */
function line(p: readonly number[]): Continuation {
  let at: Place = { text: '', joint: 1, next: [] };
  const root = at;
  for (const each of p) {
    const to: Place = { text: `${at.text}a`, joint: at.joint * each, next: [] };
    at.next.push(to);
    at = to;
  }
  return root;
}

const shownLength = (root: Continuation, confidence: number, price: number) =>
  weigh(root, { confidence, price, reading: 0, canEnd: () => true }).show?.text.length ?? 0;

test.each([
  ['ends where the text becomes uncertain', [0.99, 0.99, 0.99, 0.99, 0.3, 0.9], 4],
  ['shows nothing where the first character is uncertain', [0.2, 0.99, 0.99], 0],
  ['does not show what one key would type as well', [0.99, 0.1], 0],
  ['goes over a character that is likely enough', [0.99, 0.99, 0.9, 0.99, 0.99], 5],
  ['knows nothing of nothing', [], 0],
])('%s', (_, p, length) => {
  expect(shownLength(line(p), 0.5, 0.7)).toBe(length);
});

test.each([
  [[0.9, 0.9], 2, 0],
  [Array(8).fill(0.99), 8, 8],
])('two letters are not worth reading, a word is: %j', (p, unread, read) => {
  const shown = (reading: number) =>
    weigh(line(p), { confidence: 0.5, price: 0.7, reading, canEnd: () => true }).show?.text.length ?? 0;
  expect(shown(0)).toBe(unread);
  expect(shown(1.5)).toBe(read);
});

test('what begins less likely and goes on surely is worth more than what is likeliest for one character', () => {
  const sure = Array.from('bcdefgh', (_, at, all = 'bcdefgh') => ({
    text: all.slice(0, at + 1),
    joint: 0.45,
  }));
  const next = sure.reduceRight<Continuation[]>((after, each) => [{ ...each, next: after }], []);
  const root = { text: '', joint: 1, next: [{ text: 'a', joint: 0.5, next: [] }, ...next] };
  expect(weigh(root, { confidence: 0.5, price: 0.7, reading: 0, canEnd: () => true }).show?.text).toBe(
    'bcdefgh',
  );
});

test('the price rises with what is wrong and falls with what is right, once for each suggestion', () => {
  const price = new Price(priceRules.end);
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
  const price = new Price(priceRules.end);
  const shown: boolean[] = [];
  // The more a suggestion has to be worth, the surer are those that are shown.
  for (let i = 0; i < 20_000; i++) {
    const sure = next();
    if (shownLength(line([sure, 1]), 0.8, price.value) === 0) continue;
    const right = next() < sure;
    price.made(0, 'ab');
    price.judge(0, right ? 'ab' : 'x', 0.8);
    shown.push(right);
  }
  const late = shown.slice(-5000);
  expect(late.filter(Boolean).length / late.length).toBeCloseTo(0.8, 1);
});
