import { expect, test } from 'vitest';
import { heatColor } from '../../../media/panel/heat.ts';
import { lagCsv, readableName, statesOf } from '../../../media/panel/lagText.ts';
import { emptyPoints } from '../../../src/protocol/run.ts';

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

test('what vanishes fades, what explodes turns red, and more of either is more so', () => {
  const alphas = [1, 0.1, 0.01, 1e-5, 0].map((ratio) => heatColor(ratio)[3]);
  expect(alphas).toEqual([...alphas].sort((a, b) => b - a));
  expect([alphas[0], alphas[3], alphas[4]]).toEqual([255, 0, 0]);
  const reds = [1, 3, 30, 100, 1e9].map((ratio) => heatColor(ratio)[0]);
  expect(reds).toEqual([...reds].sort((a, b) => a - b));
  expect(heatColor(Number.NaN)[3]).toBe(0);
});
