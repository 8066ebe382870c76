import { expect, test } from 'vitest';
import { stateOf, stateProbabilities, statesFrom } from '../../../src/completion/ensemble/stateMap.ts';
import { random } from '../../../src/tape/random.ts';

test('at first a state means what its counts say', () => {
  const { p } = stateProbabilities(1);
  expect(p[stateOf(3, 1, 0)]).toBeCloseTo(1.4 / 4.8, 6);
  expect(p[stateOf(0, 1, 1)]).toBeGreaterThan(0.7);
  expect(p[stateOf(5, 0, 0)]).toBeLessThan(0.1);
  expect(p[stateOf(4, 4, 0)]).toBeCloseTo(0.5, 6);
});

test('a state learns how often its decisions are 1, apart from all others and from other contexts', () => {
  const next = random(1);
  const states = stateProbabilities(2);
  const before = states.p.slice();
  const at = statesFrom(1) + stateOf(0, 1, 1);
  for (let i = 0; i < 2000; i++) states.learn(at, next() < 0.3 ? 1 : 0);
  expect(states.p[at]).toBeGreaterThan(0.2);
  expect(states.p[at]).toBeLessThan(0.4);
  expect(states.z[at]).toBeCloseTo(Math.log(states.p[at] / (1 - states.p[at])), 5);
  for (const [other, p] of before.entries()) if (other !== at) expect(states.p[other]).toBe(p);
});

test('states of different counts are different up to five, and which decision came last counts', () => {
  const kinds = new Set<number>();
  for (let zeros = 0; zeros <= 5; zeros++)
    for (let ones = 0; ones <= 5; ones++) for (const last of [0, 1]) kinds.add(stateOf(zeros, ones, last));
  expect(kinds.size).toBe(72);
  expect(stateOf(1e6, 1e6, 1)).toBeLessThan(statesFrom(1));
});

test('nothing is ever certain', () => {
  const states = stateProbabilities(1);
  for (let i = 0; i < 100_000; i++) states.learn(0, 1);
  expect(states.p[0]).toBeLessThan(1);
  expect(Number.isFinite(states.z[0])).toBe(true);
});
