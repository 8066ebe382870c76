// The reference implementation of the kernels, as plain loops over one array. In 64 bit it checks gradients
// by differences.
import { layerNormEpsilon } from '../../language/values.ts';
import { elementwise } from '../../operations/elementwise.ts';
import type { ElementwiseKernels, Kernels } from '../planning/kernels.ts';
import { random } from '../random.ts';

/** @param memory holds every number, tokens included; addresses of kernels are indices in it */
export function scalarKernels(memory: Float64Array | Float32Array): Kernels {
  const unary =
    (f: (a: number) => number): Kernels['copy'] =>
    (out, outStride, a, aStride, rows, width) => {
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < width; i++) memory[out + row * outStride + i] = f(memory[a + row * aStride + i]);
    };
  const binary =
    (f: (a: number, b: number) => number): Kernels['add'] =>
    (out, outStride, a, aStride, b, bStride, rows, width) => {
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < width; i++)
          memory[out + row * outStride + i] = f(memory[a + row * aStride + i], memory[b + row * bStride + i]);
    };
  const ternary =
    (f: (a: number, b: number, c: number) => number): Kernels['multiplyAdd'] =>
    (out, outStride, a, aStride, b, bStride, c, cStride, rows, width) => {
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < width; i++)
          memory[out + row * outStride + i] = f(
            memory[a + row * aStride + i],
            memory[b + row * bStride + i],
            memory[c + row * cStride + i],
          );
    };
  const blockwise = Object.fromEntries(
    Object.entries(elementwise).map(([name, { value }]) => [
      name,
      [unary, binary, ternary][value.length - 1](value),
    ]),
  ) as unknown as ElementwiseKernels;
  /** Makes a kernel of a function that maps a copy of one row to another. */
  const rowwise =
    (f: (a: Row) => Row): Kernels['softmax'] =>
    (out, outStride, a, aStride, rows, width) => {
      for (let row = 0; row < rows; row++)
        memory.set(f(rowOf(a, aStride, row, width)), out + row * outStride);
    };
  const rowOf = (location: number, stride: number, row: number, width: number): Row =>
    new Float64Array(memory.subarray(location + row * stride, location + row * stride + width));

  /** Returns the indices of a stream's positions that are no padding, among [positions × rows]. */
  const present = (tokens: number, positions: number, rows: number, row: number): number[] =>
    Array.from({ length: positions }, (_, s) => s * rows + row).filter((at) => memory[tokens + at] >= 0);

  return {
    ...blockwise,
    softmax: rowwise(softmax),
    layerNorm: rowwise((a) => {
      const { mean, deviation } = moments(a);
      return a.map((value) => (value - mean) / deviation);
    }),
    broadcast(out, outStride, a, aStride, rows, width) {
      for (let row = 0; row < rows; row++)
        memory.fill(memory[a + row * aStride], out + row * outStride, out + row * outStride + width);
    },
    rowSum: (out, outStride, a, aStride, rows, width) => {
      for (let row = 0; row < rows; row++)
        memory[out + row * outStride] = total(rowOf(a, aStride, row, width));
    },
    softmaxGradient(out, outStride, dy, dyStride, y, yStride, rows, width) {
      for (let row = 0; row < rows; row++) {
        const gradient = rowOf(dy, dyStride, row, width);
        const value = rowOf(y, yStride, row, width);
        const dot = total(gradient.map((s, i) => s * value[i]));
        memory.set(
          value.map((v, i) => v * (gradient[i] - dot)),
          out + row * outStride,
        );
      }
    },
    layerNormGradient(out, outStride, dy, dyStride, y, yStride, x, xStride, rows, width) {
      for (let row = 0; row < rows; row++) {
        const gradient = rowOf(dy, dyStride, row, width);
        const value = rowOf(y, yStride, row, width);
        const { deviation } = moments(rowOf(x, xStride, row, width));
        const mean = total(gradient) / width;
        const along = total(gradient.map((s, i) => s * value[i])) / width;
        memory.set(
          gradient.map((s, i) => (s - mean - value[i] * along) / deviation),
          out + row * outStride,
        );
      }
    },

    fill(out, outStride, value, rows, width) {
      for (let row = 0; row < rows; row++)
        memory.fill(value, out + row * outStride, out + row * outStride + width);
    },
    columnSum(out, a, aStride, rows, width) {
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < width; i++) memory[out + i] += memory[a + row * aStride + i];
    },

    packRows(out, from, stride, k, n) {
      for (let row = 0; row < k; row++) memory.set(rowOf(from, stride, row, n), out + row * n);
    },
    packColumns(out, from, stride, k, n) {
      for (let row = 0; row < k; row++)
        for (let column = 0; column < n; column++)
          memory[out + row * n + column] = memory[from + column * stride + row];
    },
    matmul(out, outStride, a, aStride, b, onto, ontoStride, m, k, n) {
      for (let row = 0; row < m; row++) {
        const sums = onto < 0 ? new Float64Array(n) : rowOf(onto, ontoStride, row, n);
        for (let i = 0; i < k; i++) {
          const factor = memory[a + row * aStride + i];
          for (let column = 0; column < n; column++) sums[column] += factor * memory[b + i * n + column];
        }
        memory.set(sums, out + row * outStride);
      }
    },
    weightGradient(out, outStride, a, aStride, b, bStride, _scratch, m, k, n) {
      for (let row = 0; row < m; row++)
        for (let column = 0; column < n; column++) {
          let sum = 0;
          for (let i = 0; i < k; i++) sum += memory[a + i * aStride + row] * memory[b + i * bStride + column];
          memory[out + row * outStride + column] += sum;
        }
    },

    gather(out, outStride, table, tokens, onto, ontoStride, rows, width) {
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < width; column++) {
          const token = memory[tokens + row];
          const start = onto < 0 ? 0 : memory[onto + row * ontoStride + column];
          memory[out + row * outStride + column] =
            token < 0 ? start : start + memory[table + token * width + column];
        }
    },
    scatterAdd(table, dy, dyStride, tokens, rows, width) {
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < width; column++) {
          const token = memory[tokens + row];
          if (token >= 0) memory[table + token * width + column] += memory[dy + row * dyStride + column];
        }
    },
    repeat(out, outStride, a, aStride, onto, ontoStride, positions, rows, width) {
      for (let at = 0; at < positions * rows; at++)
        for (let i = 0; i < width; i++)
          memory[out + at * outStride + i] =
            memory[a + (at % rows) * aStride + i] + (onto < 0 ? 0 : memory[onto + at * ontoStride + i]);
    },
    positionSoftmax(out, outStride, a, aStride, tokens, positions, rows, width) {
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < width; i++) {
          const values = present(tokens, positions, rows, row).map((at) => memory[a + at * aStride + i]);
          const weights = softmax(Float64Array.from(values));
          let next = 0;
          for (let at = row; at < positions * rows; at += rows)
            memory[out + at * outStride + i] = memory[tokens + at] < 0 ? 0 : weights[next++];
        }
    },
    positionSoftmaxGradient(out, outStride, dy, dyStride, y, yStride, tokens, positions, rows, width) {
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < width; i++) {
          let dot = 0;
          for (const at of present(tokens, positions, rows, row))
            dot += memory[dy + at * dyStride + i] * memory[y + at * yStride + i];
          for (let at = row; at < positions * rows; at += rows)
            memory[out + at * outStride + i] =
              memory[tokens + at] < 0
                ? 0
                : memory[y + at * yStride + i] * (memory[dy + at * dyStride + i] - dot);
        }
    },
    positionSum(out, outStride, a, aStride, b, bStride, tokens, positions, rows, width) {
      for (let row = 0; row < rows; row++) {
        const sums = new Float64Array(width);
        for (const at of present(tokens, positions, rows, row))
          for (let i = 0; i < width; i++) sums[i] += memory[a + at * aStride] * memory[b + at * bStride + i];
        memory.set(sums, out + row * outStride);
      }
    },
    positionDot(out, outStride, a, aStride, b, bStride, tokens, positions, rows, width) {
      for (let at = 0; at < positions * rows; at++) {
        let sum = 0;
        for (let i = 0; i < width; i++)
          sum += memory[a + (at % rows) * aStride + i] * memory[b + at * bStride + i];
        memory[out + at * outStride] = memory[tokens + at] < 0 ? 0 : sum;
      }
    },
    positionOuter(out, outStride, a, aStride, b, bStride, tokens, positions, rows, width, adds) {
      for (let at = 0; at < positions * rows; at++)
        for (let i = 0; i < width; i++) {
          const product = memory[a + at * aStride] * memory[b + (at % rows) * bStride + i];
          const before = adds === 0 ? 0 : memory[out + at * outStride + i];
          memory[out + at * outStride + i] = before + (memory[tokens + at] < 0 ? 0 : product);
        }
    },
    gatherRows(out, outStride, a, aStride, indices, rows, width) {
      for (let row = 0; row < rows; row++)
        memory.set(rowOf(a, aStride, memory[indices + row], width), out + row * outStride);
    },
    scatterRows(out, outStride, a, aStride, indices, rows, width) {
      for (let row = 0; row < rows; row++)
        memory.set(rowOf(a, aStride, row, width), out + memory[indices + row] * outStride);
    },
    oneHot(out, outStride, tokens, rows, width) {
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < width; column++)
          memory[out + row * outStride + column] = memory[tokens + row] === column ? 1 : 0;
    },
    paddingMask(out, outStride, tokens, rows, width) {
      for (let row = 0; row < rows; row++)
        memory.fill(memory[tokens + row] < 0 ? 0 : 1, out + row * outStride, out + row * outStride + width);
    },
    dropout(out, outStride, a, aStride, seed, rate, first, perStep, batch, rows, width) {
      const p = memory[rate];
      for (let row = 0; row < rows; row++) {
        const number = first + Math.floor(row / batch) * perStep + (row % batch) * width;
        const next = random(memory[seed], number);
        for (let column = 0; column < width; column++)
          memory[out + row * outStride + column] =
            memory[a + row * aStride + column] * (next() < p ? 0 : 1 / (1 - p));
      }
    },

    crossEntropy(losses, a, aStride, targets, rows, width) {
      for (let row = 0; row < rows; row++) {
        const target = memory[targets + row];
        memory[losses + row] = target < 0 ? 0 : surprise(rowOf(a, aStride, row, width), target);
      }
    },
    crossEntropyGradient(out, outStride, a, aStride, targets, scale, rows, width) {
      for (let row = 0; row < rows; row++) {
        const target = memory[targets + row];
        const p = softmax(rowOf(a, aStride, row, width));
        memory.set(
          p.map((value, i) => (target < 0 ? 0 : (value - (i === target ? 1 : 0)) * memory[scale])),
          out + row * outStride,
        );
      }
    },

    gaussian(losses, a, aStride, targets, table, rows, width) {
      for (let row = 0; row < rows; row++) {
        const target = memory[targets + row];
        let loss = 0;
        if (target >= 0)
          for (let i = 0; i < width; i++) {
            const logarithm = memory[a + row * aStride + width + i];
            const distance = memory[a + row * aStride + i] - memory[table + target * width + i];
            loss += 0.5 * (distance / Math.exp(logarithm)) ** 2 + logarithm + 0.5 * Math.log(2 * Math.PI);
          }
        memory[losses + row] = loss;
      }
    },
    gaussianGradient(out, outStride, a, aStride, targets, table, scale, rows, width) {
      for (let row = 0; row < rows; row++) {
        const target = memory[targets + row];
        for (let i = 0; i < width; i++) {
          const logarithm = memory[a + row * aStride + width + i];
          const distance = memory[a + row * aStride + i] - memory[table + Math.max(0, target) * width + i];
          const counted = target < 0 ? 0 : memory[scale];
          const variance = Math.exp(logarithm) ** 2;
          memory[out + row * outStride + i] = counted === 0 ? 0 : (counted * distance) / variance;
          memory[out + row * outStride + width + i] =
            counted === 0 ? 0 : counted * (1 - distance ** 2 / variance);
        }
      }
    },

    targetWeight(out, outStride, targets, scale, rows, width) {
      for (let row = 0; row < rows; row++)
        memory.fill(
          memory[targets + row] < 0 ? 0 : memory[scale],
          out + row * outStride,
          out + row * outStride + width,
        );
    },

    sum: (a, n) => total(rowOf(a, 0, 0, n)),
    sumOfSquares: (a, n) => total(rowOf(a, 0, 0, n).map((value) => value * value)),
    penalise(g, p, n, l1, l2) {
      for (let i = 0; i < n; i++) memory[g + i] += l1 * Math.sign(memory[p + i]) + l2 * memory[p + i];
    },
    sgd(p, g, n, rate, scale) {
      for (let i = 0; i < n; i++) memory[p + i] -= rate * scale * memory[g + i];
    },
    momentum(p, g, v, n, rate, scale, mu, nesterov) {
      for (let i = 0; i < n; i++) {
        const gradient = memory[g + i] * scale;
        memory[v + i] = mu * memory[v + i] + gradient;
        memory[p + i] -= rate * (nesterov ? gradient + mu * memory[v + i] : memory[v + i]);
      }
    },
    rmsprop(p, g, v, n, rate, scale, rho, epsilon) {
      for (let i = 0; i < n; i++) {
        const gradient = memory[g + i] * scale;
        memory[v + i] = rho * memory[v + i] + (1 - rho) * gradient * gradient;
        memory[p + i] -= (rate * gradient) / Math.sqrt(memory[v + i] + epsilon);
      }
    },
    adam(p, g, m, v, n, rate, scale, beta1, beta2, epsilon, correction1, correction2, keep) {
      for (let i = 0; i < n; i++) {
        const gradient = memory[g + i] * scale;
        memory[m + i] = beta1 * memory[m + i] + (1 - beta1) * gradient;
        memory[v + i] = beta2 * memory[v + i] + (1 - beta2) * gradient * gradient;
        const step =
          ((rate / correction1) * memory[m + i]) / (Math.sqrt(memory[v + i] / correction2) + epsilon);
        memory[p + i] = memory[p + i] * keep - step;
      }
    },
  };
}

type Row = Float64Array;

const total = (row: Row): number => row.reduce((sum, value) => sum + value, 0);

const highest = (row: Row): number => row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/**
 * Returns -log softmax(row)[target]. The maximum is first subtracted from the logit, because beside a large
 * one log(sum) is rounded away.
 */
function surprise(row: Row, target: number): number {
  const most = highest(row);
  return most - row[target] + Math.log(total(row.map((value) => Math.exp(value - most))));
}

function softmax(row: Row): Row {
  const most = highest(row);
  const powers = row.map((value) => Math.exp(value - most));
  const sum = total(powers);
  return powers.map((value) => value / sum);
}

function moments(row: Row): { mean: number; deviation: number } {
  const mean = total(row) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return { mean, deviation: Math.sqrt(variance + layerNormEpsilon) };
}
