// Sequences are drawn as often as the decoder gives them probability.
import { expect, test } from 'vitest';
import type { SequenceDecoder } from '../../../src/completion/decoding/beamSearch.ts';
import { drawSequence } from '../../../src/completion/decoding/drawSequence.ts';
import { random } from '../../../src/tape/random.ts';

const end = 2;
/** After a 0 it ends with three quarters, after a 1 never; it begins with either, and never with the end. */
const decoder: SequenceDecoder<number> = {
  end,
  start: () => ({ state: -1, logProbabilities: [0.25, 0.75, 0].map(Math.log) }),
  next: (_, token) => ({
    state: token,
    logProbabilities: (token === 0 ? [0.25, 0, 0.75] : [0.5, 0.5, 0]).map(Math.log),
  }),
};

test('each sequence comes as often as its probability says', () => {
  const next = random(1);
  const runs = 20_000;
  const counts = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const { tokens, logProbabilities, logProbability } = drawSequence(decoder, {
      longest: 50,
      temperature: 1,
      random: next,
    });
    expect(logProbabilities).toHaveLength(tokens.length + 1);
    const key = tokens.join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (key === '0') expect(logProbability).toBeCloseTo(Math.log(0.25 * 0.75), 10);
    if (key === '10') expect(logProbability).toBeCloseTo(Math.log(0.75 * 0.5 * 0.75), 10);
  }
  expect(counts.get('0')! / runs).toBeCloseTo(0.25 * 0.75, 1);
  expect(counts.get('10')! / runs).toBeCloseTo(0.75 * 0.5 * 0.75, 1);
  expect(counts.has('')).toBe(false);
});

test('at temperature 0 it is greedy decoding, and no sequence is longer than is asked for', () => {
  const greedy = drawSequence(decoder, { longest: 4, temperature: 0, random: () => 0.5 });
  // The first of two equally likely tokens is taken.
  expect(greedy.tokens).toEqual([1, 0]);
  const never = { ...decoder, next: () => decoder.start() };
  expect(drawSequence(never, { longest: 4, temperature: 1, random: random(3) }).tokens).toHaveLength(4);
});
