// Metrics against their definitions.
import { expect, test } from 'vitest';
import { macroF1 } from '../../../src/data/table/classMetrics.ts';
import { random } from '../../../src/tape/random.ts';

/** The mean of 2·precision·recall / (precision + recall), class by class. */
function slowMacroF1(outcomes: readonly { predicted: number; target: number }[]): number {
  const classes = new Set(outcomes.flatMap(({ predicted, target }) => [predicted, target]));
  const scores = [...classes].map((one) => {
    const right = outcomes.filter(({ predicted, target }) => predicted === one && target === one).length;
    if (right === 0) return 0;
    const precision = right / outcomes.filter(({ predicted }) => predicted === one).length;
    const recall = right / outcomes.filter(({ target }) => target === one).length;
    return (2 * precision * recall) / (precision + recall);
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

test.each([1, 2, 3])('the macro F1 is the mean of the classes’ F1 (seed %i)', (seed) => {
  const next = random(seed);
  const outcomes = Array.from({ length: 40 }, () => ({
    predicted: Math.floor(next() * 4),
    target: Math.floor(next() * next() * 6),
  }));
  expect(macroF1(outcomes)).toBeCloseTo(slowMacroF1(outcomes), 12);
});

test('always naming the commonest class has a high accuracy and a low macro F1', () => {
  const outcomes = Array.from({ length: 10 }, (_, index) => ({ predicted: 0, target: index === 0 ? 1 : 0 }));
  expect(macroF1(outcomes)).toBeCloseTo((2 * 9) / 19 / 2, 12);
});
