// Compares every kernel with its scalar loop: at lengths that are no multiple of four, with gaps between
// rows, on ordinary numbers and on special ones such as NaN and infinities.
import { describe, expect, test } from 'vitest';
import { type Elementwise, elementwise, type WithOperands } from '../../src/operations/elementwise.ts';
import {
  type Kernels,
  packedSize,
  reservedWords,
  weightGradientScratch,
} from '../../src/tape/planning/kernels.ts';
import { random } from '../../src/tape/random.ts';
import { type Case, Machine, modules, scratch, tiles, words } from './machine.ts';

// These places are far enough from each other for the largest block.
const [out, a, b, c] = [0, 1, 2, 3].map((index) => reservedWords + index * 32768);

const uniform = (seed: number, n: number, scale = 4) => {
  const next = random(seed);
  return Array.from({ length: n }, () => (next() * 2 - 1) * scale);
};
const special = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  1e-40,
  -1e-40,
  1.17549435e-38,
  3e38,
  -3e38,
  1,
  -1,
  88.7,
  -88,
  -104,
  20,
  -20,
  1e-5,
  0.3466,
  0.75,
];
const widths = [1, 3, 4, 7, 8, 13, 31];

/** Returns the element-wise operations with this number of operands. */
const withOperands = <Count extends 1 | 2 | 3>(count: Count) =>
  (Object.keys(elementwise) as Elementwise[]).filter(
    (name): name is Elementwise & WithOperands<Count> => elementwise[name].value.length === count,
  );

describe.each(modules)('$build', ({ build, module }) => {
  const machine = new Machine(build, module);
  const run = (kernelCase: Case) => machine.check(kernelCase);

  test.each(withOperands(1))('%s', (name) => {
    for (const width of widths) {
      const floats = { [a]: uniform(width, 5 * (width + 2)) };
      run({ floats, call: (kernels) => kernels[name](out, width + 3, a, width + 2, 5, width) });
      run({ floats, call: (kernels) => kernels[name](out, width, a, width, 5, width) });
      run({ floats, call: (kernels) => kernels[name](out, width, a, 0, 3, width) });
    }
    run({ floats: { [a]: special }, call: (kernels) => kernels[name](out, 19, a, 19, 1, special.length) });
  });

  test.each(withOperands(2))('%s', (name) => {
    for (const width of widths) {
      // A power of a negative number is a number only for whole exponents.
      const left = uniform(width, 5 * (width + 2)).map((x) => (name === 'power' ? Math.abs(x) : x));
      const floats = { [a]: left, [b]: uniform(width + 99, 5 * (width + 1)) };
      run({ floats, call: (kernels) => kernels[name](out, width + 3, a, width + 2, b, width + 1, 5, width) });
      run({ floats, call: (kernels) => kernels[name](out, width, a, width, b, width, 5, width) });
      run({ floats, call: (kernels) => kernels[name](out, width, a, width, b, 0, 5, width) });
    }
  });

  test('whole powers of negative numbers', () => {
    const bases = [-2, -2, -2, -0.5, 0, 0, 3, -3];
    const exponents = [2, 3, -1, -3, 2, 0, 0, 0.5];
    run({
      floats: { [a]: bases, [b]: exponents },
      call: (kernels) => kernels.power(out, 8, a, 8, b, 8, 1, 8),
    });
  });

  test.each(withOperands(3))('%s', (name) => {
    for (const width of widths) {
      const floats = {
        [a]: uniform(width, 5 * (width + 2)),
        [b]: uniform(width + 9, 5 * (width + 1)).map(Math.round),
        [c]: uniform(width + 99, 5 * width).map(Math.round),
      };
      run({
        floats,
        call: (kernels) => kernels[name](out, width + 3, a, width + 2, b, width + 1, c, width, 5, width),
      });
    }
  });

  test('rows: softmax, layer normalisation, their derivatives, sums and broadcasts', () => {
    for (const width of widths) {
      const floats = {
        [a]: uniform(1, 5 * (width + 2)),
        [b]: uniform(2, 5 * width),
        [c]: uniform(3, 5 * width),
      };
      for (const name of ['softmax', 'layerNorm', 'broadcast', 'rowSum'] as const)
        run({ floats, call: (kernels) => kernels[name](out, width + 1, a, width + 2, 5, width) });
      run({
        floats,
        call: (kernels) => kernels.softmaxGradient(out, width + 1, a, width + 2, b, width, 5, width),
      });
      run({
        floats,
        call: (kernels) =>
          kernels.layerNormGradient(out, width + 1, a, width + 2, b, width, c, width, 5, width),
        // A single number has no deviation: the derivative is divided by sqrt(1e-5).
        tolerance: 1e-4,
      });
      run({ floats, call: (kernels) => kernels.columnSum(b, a, width + 2, 5, width) });
      run({ call: (kernels) => kernels.fill(out, width + 2, 1.5, 3, width) });
    }
    run({ floats: { [a]: [1e3, -1e3, 0] }, call: (kernels) => kernels.softmax(out, 3, a, 3, 1, 3) });
    run({
      floats: { [a]: [1, Number.NaN, 0, 2, 3] },
      call: (kernels) => kernels.softmax(out, 5, a, 5, 1, 5),
    });
  });

  test('cross-entropy and its derivative', () => {
    for (const width of widths) {
      const floats = { [a]: uniform(1, 4 * (width + 2), 30), [c]: [0.25] };
      const integers = { [b]: [0, width - 1, -1, width >> 1] };
      run({ floats, integers, call: (kernels) => kernels.crossEntropy(out, a, width + 2, b, 4, width) });
      run({
        floats,
        integers,
        call: (kernels) => kernels.crossEntropyGradient(out, width + 1, a, width + 2, b, c, 4, width),
      });
      run({ floats, integers, call: (kernels) => kernels.targetWeight(out, width + 1, b, c, 4, width) });
    }
    run({
      floats: { [a]: [0, 200, -200] },
      integers: { [b]: [2] },
      call: (kernels) => kernels.crossEntropy(out, a, 3, b, 1, 3),
    });
  });

  test('the density of a Gaussian and its derivative', () => {
    for (const width of [1, 2, 3, 5]) {
      const floats = {
        [a]: uniform(width, 4 * (2 * width + 2), 3),
        [c]: [0.25, ...uniform(9, 6 * width, 3)],
      };
      const integers = { [b]: [5, 0, -1, 3] };
      const stride = 2 * width + 2;
      // The square of a distance is divided by that of the deviation, which is down to e^-3.
      const tolerance = 1e-4;
      run({
        floats,
        integers,
        tolerance,
        call: (kernels) => kernels.gaussian(out, a, stride, b, c + 1, 4, width),
      });
      run({
        floats,
        integers,
        tolerance,
        call: (kernels) => kernels.gaussianGradient(out, stride + 1, a, stride, b, c + 1, c, 4, width),
      });
      run({
        floats,
        integers,
        tolerance,
        call: (kernels) => kernels.gaussianGradient(a, stride, a, stride, b, c + 1, c, 4, width),
      });
    }
    run({
      floats: { [a]: [1, 0, Number.NaN, 0, 1, Number.NaN], [c]: [0.5, 1] },
      integers: { [b]: [0, 0, 0] },
      call: (kernels) => kernels.gaussian(out, a, 2, b, c + 1, 3, 1),
    });
  });

  test('tokens: gather, scatter-add, one-hot, padding', () => {
    for (const width of widths) {
      const floats = { [a]: uniform(1, 6 * width), [c]: uniform(2, 5 * (width + 1)) };
      const integers = { [b]: [5, 0, -1, 3, 5] };
      for (const onto of [-1, c])
        for (const stride of [0, width + 1])
          run({
            floats,
            integers,
            call: (kernels) => kernels.gather(out, width + 2, a, b, onto, stride, 5, width),
          });
      run({ floats, integers, call: (kernels) => kernels.scatterAdd(a, c, width + 1, b, 5, width) });
      const indices = { [b]: [5, 0, 1, 3, 4] };
      for (const rows of ['gatherRows', 'scatterRows'] as const)
        run({
          floats,
          integers: indices,
          call: (kernels) => kernels[rows](out, width + 2, a, width, b, 5, width),
        });
      run({ integers, call: (kernels) => kernels.oneHot(out, width + 6, b, 5, 6) });
      run({ integers, call: (kernels) => kernels.paddingMask(out, width + 2, b, 5, width) });
    }
  });

  test('positions: sums, products and softmax, of which padding is no part', () => {
    for (const width of widths)
      for (const rows of [1, 6]) {
        const positions = 3;
        const all = positions * rows;
        const tokens = Array.from({ length: all }, (_, at) => (at >= rows && at % 4 === 2 ? -1 : at));
        const floats = {
          [out]: uniform(1, all * (width + 2)),
          [a]: uniform(2, all * (width + 2)),
          [b]: uniform(3, all * (width + 2)),
        };
        const integers = { [c]: tokens };
        const wide = width + 2;
        const of = [c, positions, rows, width] as const;
        const calls: ((kernels: Kernels) => void)[] = [
          (kernels) => kernels.repeat(out, wide, a, wide, -1, 0, positions, rows, width),
          (kernels) => kernels.repeat(out, wide, a, wide, b, width, positions, rows, width),
          (kernels) => kernels.repeat(out, wide, a, wide, b, 0, positions, rows, width),
          (kernels) => kernels.positionSoftmax(out, wide, a, width, ...of),
          (kernels) => kernels.positionSoftmax(out, width, a, width, ...of),
          (kernels) => kernels.positionSoftmaxGradient(out, wide, a, width, b, wide, ...of),
          (kernels) => kernels.positionSum(out, wide, a, 2, b, wide, ...of),
          (kernels) => kernels.positionSum(out, wide, a, 0, b, width, ...of),
          (kernels) => kernels.positionDot(out, 2, a, width, b, wide, ...of),
          (kernels) => kernels.positionDot(out, 1, a, 0, b, wide, ...of),
          (kernels) => kernels.positionOuter(out, wide, a, 2, b, width, ...of, 0),
          (kernels) => kernels.positionOuter(out, wide, a, 1, b, 0, ...of, 1),
        ];
        for (const call of calls) run({ floats, integers, call });
      }
  });

  test('dropout makes the mask that the generator gives', () => {
    for (const width of widths)
      for (const seed of [7, -123456789])
        run({
          floats: { [a]: uniform(1, 6 * (width + 1)), [c]: [0.3] },
          integers: { [b]: [seed] },
          call: (kernels) => kernels.dropout(out, width + 2, a, width + 1, b, c, 11, 1000, 2, 6, width),
        });
  });

  describe.each(tiles)('products by tiles of $rows × $columns', (tile) => {
    const shapes = [
      [1, 1, 1],
      [1, 5, 16],
      [5, 7, 3],
      [7, 9, 17],
      [13, 300, 30],
      [25, 33, 40],
      [3, 260, 9],
      // All rows are one block, and then one row more than that.
      [20, 600, 37],
      [51, 270, 20],
    ];
    test.each(shapes)('%i × %i × %i', (m, k, n) => {
      const floats = {
        [a]: uniform(1, m * (k + 2), 1),
        [b]: uniform(2, k * n, 1),
        [c]: uniform(3, m * (n + 1), 1),
      };
      for (const [onto, stride] of [
        [-1, 0],
        [c, 0],
        [c, n + 1],
      ])
        for (const transposed of [false, true])
          run({
            floats,
            tile,
            tolerance: 1e-4,
            call: (kernels) => {
              if (transposed) kernels.packColumns(scratch, b, k, k, n);
              else kernels.packRows(scratch, b, n, k, n);
              kernels.matmul(out, n + 2, a, k + 2, scratch, onto, stride, m, k, n);
            },
          });
      expect(packedSize(k, n) <= words - scratch).toBe(true);
    });
    test.each(shapes)('weightGradient: %i × %i × %i', (m, k, n) => {
      const floats = {
        [a]: uniform(1, k * (m + 2), 1),
        [b]: uniform(2, k * (n + 1), 1),
        [out]: uniform(3, m * n, 1),
      };
      run({
        floats,
        tile,
        tolerance: 1e-4,
        call: (kernels) => kernels.weightGradient(out, n, a, m + 2, b, n + 1, scratch, m, k, n),
      });
      expect(weightGradientScratch(n) <= words - scratch).toBe(true);
    });
  });

  test('sums and optimisers', () => {
    for (const n of [1, 3, 4, 11, 64]) {
      const floats = {
        [out]: uniform(1, n),
        [a]: uniform(2, n),
        [b]: uniform(3, n).map(Math.abs),
        [c]: uniform(4, n),
      };
      const call = (f: (kernels: Kernels) => unknown) => run({ floats, call: f });
      call((kernels) => kernels.sum(a, n));
      call((kernels) => kernels.sumOfSquares(a, n));
      call((kernels) => kernels.penalise(a, out, n, 0.1, 0.2));
      call((kernels) => kernels.sgd(out, a, n, 0.1, 0.5));
      call((kernels) => kernels.momentum(out, a, c, n, 0.1, 0.5, 0.9, false));
      call((kernels) => kernels.momentum(out, a, c, n, 0.1, 0.5, 0.9, true));
      call((kernels) => kernels.rmsprop(out, a, b, n, 0.1, 0.5, 0.9, 1e-7));
      call((kernels) => kernels.adam(out, a, c, b, n, 0.1, 0.5, 0.9, 0.999, 1e-7, 0.1, 0.001, 0.99));
    }
    run({ floats: { [a]: [1, Number.NaN] }, call: (kernels) => kernels.sumOfSquares(a, 2) });
  });
});
