import { expect, test } from 'vitest';
import { featuresOf } from '../../src/inspection/features.ts';
import { correlations, rankUnits } from '../../src/inspection/units.ts';
import type { Feature } from '../../src/protocol/inspector.ts';
import { random } from '../../src/tape/random.ts';

const text = 'if (a > 10) {\n  say("Hello, you");\n} // done\n'.repeat(8);
const features = featuresOf(text);

/** Returns the correlation coefficient of one unit and one feature, by the textbook's formula. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (of: readonly number[]) => of.reduce((sum, each) => sum + each, 0) / of.length;
  const [ma, mb] = [mean(a), mean(b)];
  const covariance = mean(a.map((each, i) => (each - ma) * (b[i] - mb)));
  const [va, vb] = [mean(a.map((each) => (each - ma) ** 2)), mean(b.map((each) => (each - mb) ** 2))];
  return va * vb === 0 ? 0 : covariance / Math.sqrt(va * vb);
}

test('correlations are those of the textbook', () => {
  const next = random(1);
  const states = Array.from(text, (_, t) =>
    Float32Array.from([next(), next() - features.column[t], 0.5, Math.sin(t)]),
  );
  for (const [feature, found] of Object.entries(correlations(states, features)))
    for (const [unit, r] of found.entries()) {
      const column = states.map((state) => state[unit]);
      const values = [...features[feature as Feature]];
      expect(r, `${feature} ${unit}`).toBeCloseTo(correlation(column, values), 6);
    }
});

test('units that follow something come first, each feature’s closest before the others', () => {
  const next = random(2);
  const states = Array.from(text, (_, t) =>
    Float32Array.from([
      next(),
      0.25,
      features.quotes[t] + next() / 2,
      2 * features.quotes[t],
      -features.column[t] + 8 * next(),
    ]),
  );
  const ranked = rankUnits(
    [
      { name: 'layers.0.h', at: 0, width: 3 },
      { name: 'layers.1.c', at: 3, width: 2 },
    ],
    states,
    features,
  );
  expect(ranked.slice(0, 2)).toMatchObject([
    {
      index: 3,
      layer: 2,
      state: 'c',
      unit: 1,
      feature: 'quotes',
      correlation: expect.closeTo(1),
      best: true,
    },
    { index: 4, layer: 2, state: 'c', unit: 2, feature: 'column', best: true },
  ]);
  expect(ranked[0].scale).toBe(2);
  expect(ranked[1].correlation).toBeLessThan(-0.5);
  expect(ranked.map(({ index }) => index).toSorted()).toEqual([0, 1, 2, 3, 4]);
  expect(ranked.at(-1)).toMatchObject({ index: 1, layer: 1, feature: null, correlation: 0, best: false });
});

test('a unit that follows nothing closely is not said to follow anything', () => {
  const next = random(1);
  const states = Array.from(text, (_, t) => Float32Array.of(next() - 0.5, features.column[t]));
  const ranked = rankUnits([{ name: 'layers.0.h', at: 0, width: 2 }], states, features);
  expect(ranked.map(({ unit, feature, best }) => [unit, feature, best])).toEqual([
    [2, 'column', true],
    [1, expect.any(String), false],
  ]);
});
