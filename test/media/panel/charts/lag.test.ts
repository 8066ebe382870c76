import { expect, test } from 'vitest';
import { lagCsv, nearestProbe, statesOf } from '../../../../media/panel/charts/lagText.ts';
import { barsAt } from '../../../../media/panel/charts/strip.ts';
import { heatColor } from '../../../../media/panel/figure/heat.ts';
import { readableName } from '../../../../media/panel/words/stateName.ts';
import { emptyPoints } from '../../../../src/protocol/run.ts';

const points = {
  ...emptyPoints(),
  probes: [
    {
      step: 7,
      seconds: 1,
      gradientByLag: { 'layers.0.h': [2, 1], 'layers.1.h': [4, 3] },
      saturation: {},
      spectralRadius: {},
    },
  ],
};

test.each([
  ['layers.0.h', 'h in layer 1'],
  ['layers.11.U_f', 'U_f in layer 12'],
  ['y', 'y'],
])('%s is read as %s', (name, expected) => expect(readableName(name)).toBe(expected));

test('the last layer comes first', () => {
  expect(statesOf(points)).toEqual(['layers.1.h', 'layers.0.h']);
  expect(statesOf(emptyPoints())).toEqual([]);
});

test('the numbers as CSV, a row a state and look', () => {
  expect(lagCsv(points)).toBe('step,state,lag 0,lag 1\r\n7,layers.0.h,2,1\r\n7,layers.1.h,4,3\r\n');
});

test('the measurement that is shown is the one made closest to a step', () => {
  const [probe] = points.probes;
  const run = { ...points, probes: [1, 100, 500].map((step) => ({ ...probe, step })) };
  const shown = [0, 1, 50, 51, 299, 301, 9000].map((step) => nearestProbe(run, step)?.step);
  expect(shown).toEqual([1, 1, 1, 100, 100, 500, 500]);
  expect(nearestProbe(emptyPoints(), 3)).toBeUndefined();
});

test('nothing is drawn where nothing was measured: a bar stands around its own step and is no wider than a mark', () => {
  expect(barsAt([])).toEqual([]);
  expect(barsAt([50])).toEqual([{ index: 0, left: 46, width: 8 }]);
  expect(barsAt([0, 5, 100])).toEqual([
    { index: 0, left: -2.5, width: 5 },
    { index: 1, left: 2.5, width: 5 },
    { index: 2, left: 96, width: 8 },
  ]);
});

test('of many measurements so many are drawn as can be told apart, and none over another', () => {
  const bars = barsAt(Array.from({ length: 5000 }, (_, i) => i / 7));
  expect(bars.length).toBeLessThanOrEqual(5000 / 7 / 2 + 1);
  for (const [i, { left, width }] of bars.slice(0, -1).entries())
    expect(left + width).toBeLessThanOrEqual(bars[i + 1].left + 1e-9);
});

test('what vanishes fades, what explodes turns red, and more of either is more so', () => {
  const alphas = [1, 0.1, 0.01, 1e-5, 0].map((ratio) => heatColor(ratio)[3]);
  expect(alphas).toEqual([...alphas].sort((a, b) => b - a));
  expect([alphas[0], alphas[3], alphas[4]]).toEqual([255, 0, 0]);
  const reds = [1, 3, 30, 100, 1e9].map((ratio) => heatColor(ratio)[0]);
  expect(reds).toEqual([...reds].sort((a, b) => a - b));
  expect(heatColor(Number.NaN)[3]).toBe(0);
});
