import { expect, test } from 'vitest';
import type { Continuation } from '../../../src/completion/decoding/bestFirstSearch.ts';
import { type GapPrior, gapPrior } from '../../../src/completion/decoding/gapPosterior.ts';
import { exploreGap, type GapModel } from '../../../src/completion/decoding/gapSearch.ts';
import { extendHash } from '../../../src/completion/ensemble/hash.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';
import { knowing } from '../knowing.ts';

const vocabulary = new Vocabulary(['', 'a', 'b', ' '], 1);
const tokens = [1, 2, 3];
const pause = async () => {};
const isOver = () => false;

/** A model in which a token depends on the two before it, with probabilities drawn from the seed; none is rare. */
function markov(seed: number) {
  const distribution = (last: readonly number[]) => {
    const next = random(extendHash(extendHash(seed, last.at(-1) ?? 9), last.at(-2) ?? 9) >>> 0);
    const odds = tokens.map(() => next() ** 3 + 0.01);
    const sum = odds.reduce((a, b) => a + b);
    return [0, ...odds.map((each) => each / sum)];
  };
  const model = {
    vocabulary,
    begin: () => [],
    read: (position: readonly number[], token: number) => [...position, token],
    predict: (position: readonly number[]) => Float64Array.from(distribution(position)),
  } as unknown as GapModel;
  /** The probability of a text after another one. */
  const probability = (after: readonly number[], text: readonly number[]) =>
    text.reduce((p, token, at) => p * distribution([...after, ...text.slice(0, at)])[token], 1);
  return { model, probability };
}

/** Returns all sequences of tokens up to a length. */
const sequences = (longest: number): number[][] =>
  longest === 0
    ? [[]]
    : [[], ...tokens.flatMap((first) => sequences(longest - 1).map((rest) => [first, ...rest]))];

const textOf = (sequence: readonly number[]) =>
  sequence.map((token) => vocabulary.characters[token]).join('');

/** Returns the probabilities that the gap begins with each text and that it is that text, by listing all gaps up to a length. */
function posteriorByListing(
  { probability }: ReturnType<typeof markov>,
  left: readonly number[],
  suffix: readonly number[],
  longest: number,
  { ending, endingHere, unrelated, temper }: GapPrior,
): Map<string, { joint: number; ends: number }> {
  const weights = sequences(longest).map((gap) => {
    const ends = ending * (gap.length === 0 ? endingHere : 1);
    const ratio = probability([...left, ...gap], suffix) / probability([], suffix);
    const fits = unrelated + (1 - unrelated) * ratio ** temper;
    return { text: textOf(gap), weight: probability(left, gap) * (1 - ending) ** gap.length * ends * fits };
  });
  const whole = weights.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(
    weights.map(({ text, weight }) => [
      text,
      {
        joint: weights.reduce((sum, each) => sum + (each.text.startsWith(text) ? each.weight : 0), 0) / whole,
        ends: weight / whole,
      },
    ]),
  );
}

const below = (each: Continuation): Continuation[] => [each, ...each.next.flatMap(below)];

test('a posterior is what all gaps together give', async () => {
  const next = random(5);
  const draw = (length: number) => Array.from({ length }, () => tokens[Math.floor(3 * next())]);
  for (let seed = 1; seed <= 12; seed++) {
    const toy = markov(seed);
    const [left, suffix, longest] = [draw(2), draw(1 + (seed % 4)), (seed % 3) + 1];
    const prior = { ...gapPrior, ending: 0.05 + next() / 2, temper: 0.5 + next() / 2, unrelated: next() / 4 };
    const bounds = { isOver, allows: (text: string) => text.length <= longest };
    const root = await exploreGap(toy.model, left as never, Int32Array.from(suffix), bounds, pause, prior, 0);
    const expected = posteriorByListing(toy, left, suffix, longest, prior);
    const found = below(root);
    expect(found.length).toBe(expected.size);
    for (const { text, joint, ends } of found) {
      expect(joint).toBeCloseTo(expected.get(text)!.joint, 9);
      expect(ends).toBeCloseTo(expected.get(text)!.ends, 9);
    }
  }
});

test('what was not explored has its share', async () => {
  const bounds = { isOver, allows: () => true };
  for (let seed = 1; seed <= 12; seed++) {
    const { model } = markov(seed);
    const root = await exploreGap(model, [1] as never, Int32Array.of(2, 3), bounds, pause);
    expect(root.joint).toBeCloseTo(1, 9);
    for (const { joint, next } of below(root)) {
      expect(joint).toBeGreaterThan(0);
      expect(next.reduce((sum, each) => sum + each.joint, 0)).toBeLessThan(joint);
    }
  }
});

test('a text that the suffix follows gains, and one that it does not follow loses', async () => {
  const line = 'return this.options;\n';
  const alphabet = Vocabulary.of(line);
  const model = knowing(line, alphabet, 0.9);
  let position = model.begin();
  for (const token of alphabet.encode('return ')) position = model.read(position, token);
  const suffix = alphabet.encode('options;');
  const bounds = { isOver, allows: (text: string) => !text.includes('\n') };
  const prior: GapPrior = { ending: 0.1, endingHere: 0.3, unrelated: 0.01, temper: 1, unexplored: 1 };
  const found = below(await exploreGap(model, position, suffix, bounds, pause, prior));
  const jointOf = (text: string) => found.find((each) => each.text === text)?.joint ?? 0;
  const priorOf = (text: string) => (0.9 * (1 - prior.ending)) ** text.length;
  expect(jointOf('this.')).toBeGreaterThan(1.3 * priorOf('this.'));
  expect(jointOf('this.o')).toBeLessThan(0.7 * priorOf('this.o'));
});

test('a search ends when its time is over, with a distribution', async () => {
  const { model } = markov(1);
  let asked = 0;
  const bounds = { isOver: () => ++asked > 3, allows: () => true };
  const root = await exploreGap(model, [1] as never, Int32Array.of(2), bounds, pause);
  expect(asked).toBe(4);
  expect(root.joint).toBeCloseTo(1, 9);
});
