import { expect, test } from 'vitest';
import { random } from '../../src/tape/random.ts';
import { resetStreams } from '../../src/training/resetStreams.ts';

const batch = 8;
const updates = 4000;
const drawn = (probability: number, seed: number) =>
  Array.from({ length: updates }, (_, update) => resetStreams(probability, batch, seed, update));

test('each stream is reset in the share of windows that was asked for', () => {
  const all = drawn(0.05, 1);
  for (let stream = 0; stream < batch; stream++) {
    const share = all.filter((streams) => streams.includes(stream)).length / updates;
    // The standard deviation of the share is 0.0034.
    expect(share).toBeGreaterThan(0.035);
    expect(share).toBeLessThan(0.065);
  }
});

test('no stream is reset with probability 0, and every stream with probability 1', () => {
  expect(drawn(0, 1).flat()).toEqual([]);
  expect(resetStreams(1, 3, 7, 5)).toEqual([0, 1, 2]);
});

test('streams are reset independently of one another', () => {
  const both = drawn(0.5, 2).filter((streams) => streams.includes(0) && streams.includes(1)).length;
  // The standard deviation of the share is 0.0068.
  expect(Math.abs(both / updates - 0.25)).toBeLessThan(0.03);
});

test('an update of a seed always resets the same streams, and one of another seed resets others', () => {
  expect(drawn(0.3, 3)).toEqual(drawn(0.3, 3));
  expect(drawn(0.3, 3)).not.toEqual(drawn(0.3, 4));
});

test('the draws are not those of the initial weights of the same seed', () => {
  const next = random(9);
  const same = Array.from({ length: updates }, () =>
    Array.from({ length: batch }, (_, stream) => stream).filter(() => next() < 0.3),
  );
  expect(drawn(0.3, 9)).not.toEqual(same);
});
