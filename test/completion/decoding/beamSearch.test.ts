// Beam search beside an exhaustive search of all sequences, on decoders of random probabilities.
import { expect, test } from 'vitest';
import {
  beamSearch,
  type DecoderStep,
  lengthPenalty,
  type SequenceDecoder,
} from '../../../src/completion/decoding/beamSearch.ts';
import { hash } from '../../../src/data/table/hash.ts';
import { random } from '../../../src/tape/random.ts';

const vocabulary = 3;
const end = 2;
const longest = 5;

/** A decoder whose probabilities depend on all tokens before, as those of a recurrent network do. */
function randomDecoder(seed: number): SequenceDecoder<readonly number[]> {
  const step = (state: readonly number[]): DecoderStep<readonly number[]> => {
    const next = random(hash(`${seed} ${state}`));
    const weights = Array.from({ length: vocabulary }, () => Math.exp(3 * next()));
    const sum = weights.reduce((total, each) => total + each, 0);
    return { state, logProbabilities: weights.map((each) => Math.log(each / sum)) };
  };
  return { end, start: () => step([]), next: (state, token) => step([...state, token]) };
}

/** Returns every sequence with its score, the best first. */
function exhaustive(decoder: SequenceDecoder<readonly number[]>, lengthExponent: number) {
  const found: { tokens: readonly number[]; logProbability: number; score: number }[] = [];
  const visit = (step: DecoderStep<readonly number[]>, logProbability: number) => {
    const ended = logProbability + step.logProbabilities[end];
    found.push({
      tokens: step.state,
      logProbability: ended,
      score: ended / lengthPenalty(step.state.length + 1, lengthExponent),
    });
    if (step.state.length === longest) return;
    for (let token = 0; token < end; token++)
      visit(decoder.next(step.state, token), logProbability + step.logProbabilities[token]);
  };
  visit(decoder.start(), 0);
  return found.sort((a, b) => b.score - a.score);
}

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

test.each([0, 0.6, 1])(
  'a beam as wide as all sequences finds what an exhaustive search does (α = %d)',
  (exponent) => {
    for (const seed of seeds) {
      const all = exhaustive(randomDecoder(seed), exponent);
      const found = beamSearch(randomDecoder(seed), { width: all.length, longest, lengthExponent: exponent });
      expect(found.map(({ tokens }) => tokens)).toEqual(all.map(({ tokens }) => tokens));
      for (const [index, { logProbability, score, logProbabilities }] of found.entries()) {
        expect(logProbability).toBeCloseTo(all[index].logProbability, 10);
        expect(score).toBeCloseTo(all[index].score, 10);
        expect(logProbabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(logProbability, 10);
      }
    }
  },
);

test('a narrow beam finds sequences with their true scores, and nearly always the best one', () => {
  let best = 0;
  for (const seed of seeds) {
    const all = exhaustive(randomDecoder(seed), 0);
    const found = beamSearch(randomDecoder(seed), { width: 4, longest, lengthExponent: 0 });
    expect(found.length).toBe(4);
    for (const { tokens, score } of found)
      expect(all.find((each) => `${each.tokens}` === `${tokens}`)!.score).toBeCloseTo(score, 10);
    if (`${found[0].tokens}` === `${all[0].tokens}`) best++;
  }
  expect(best).toBeGreaterThanOrEqual(38);
});

test('a beam of one is greedy decoding', () => {
  for (const seed of seeds) {
    const decoder = randomDecoder(seed);
    const tokens: number[] = [];
    for (
      let step = decoder.start();
      tokens.length < longest;
      step = decoder.next(step.state, tokens.at(-1)!)
    ) {
      const values = Array.from(step.logProbabilities);
      const token = values.indexOf(Math.max(...values));
      if (token === end) break;
      tokens.push(token);
    }
    const [found] = beamSearch(randomDecoder(seed), { width: 1, longest, lengthExponent: 0 });
    expect(found.tokens).toEqual(tokens);
  }
});

test('a token without a probability is never written', () => {
  const log = Math.log(0.5);
  const decoder: SequenceDecoder<number> = {
    end,
    start: () => ({ state: 0, logProbabilities: [Number.NEGATIVE_INFINITY, log, log] }),
    next: (state) => ({ state: state + 1, logProbabilities: [Number.NEGATIVE_INFINITY, log, log] }),
  };
  const found = beamSearch(decoder, { width: 8, longest: 3, lengthExponent: 0 });
  expect(found.map(({ tokens }) => tokens)).toEqual([[], [1], [1, 1], [1, 1, 1]]);
});
