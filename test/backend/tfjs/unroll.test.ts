// Compares the reference engine with the language's own plain loops: the corpus of cells runs on both.
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { unrollNetwork } from '../../../src/backend/tfjs/unroll.ts';
import type { CheckedCell } from '../../../src/language/cell.ts';
import { multiply, runCell, softmax, type Vector } from '../../../src/language/values.ts';
import { type Widths, widthOf } from '../../../src/language/widths.ts';
import type { Architecture } from '../../../src/tape/architecture.ts';
import { initialise } from '../../../src/tape/initialise.ts';
import { parameters as describeParameters, initialWeights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { readCorpus } from '../../language/corpus.ts';
import { builtin, stackableCells } from '../networks.ts';

beforeAll(() => tf.setBackend('cpu'));

interface Setting {
  readonly cell: CheckedCell;
  readonly widths: Widths;
  readonly parameters: ReadonlyMap<string, Vector>;
  readonly inputs: readonly Vector[];
}

/**
 * Compares both on a network in which token t is embedded as the input of step t, and whose output layer
 * passes on the cell's output: its logits are that output, padded with zeros.
 */
function compare({ cell, widths, parameters, inputs }: Setting): void {
  const output = cell.equations.find(({ name }) => name === cell.output)!;
  const units = widthOf(output.width, widths);
  const vocabulary = cell.outputLag > 0 ? widths.y : Math.max(2, inputs.length, units);
  const architecture: Architecture = {
    inputs: vocabulary,
    outputs: vocabulary,
    embedding: widths.x,
    layers: [{ cell, hidden: widths.h }],
    tied: false,
    head: { kind: 'every step' },
  };
  const identity = Array.from({ length: vocabulary }, (_, row) =>
    Array.from({ length: units }, (_, column) => (row === column ? 1 : 0)),
  ).flat();
  const initial = initialWeights(architecture, 1);
  const given = (name: string, length: number): ArrayLike<number> => {
    if (name === 'embedding')
      return [...inputs.flatMap((x) => [...x]), ...Array(length).fill(0)].slice(0, length);
    if (name === 'output.W') return identity;
    return parameters.get(name.replace('layers.0.', '')) ?? initial.get(name)!.data;
  };
  const tensors = new Map(
    describeParameters(architecture).map(({ name, shape }) => {
      const length = shape.reduce((a, b) => a * b, 1);
      return [name, tf.tensor(Float32Array.from(given(name, length)), [...shape])];
    }),
  );
  const tokens = Int32Array.from(inputs.keys());
  const { logits } = unrollNetwork(architecture, tensors, tokens, 1, null, {
    carry: inputs.length,
    dropout: null,
  });
  const found = logits.arraySync();

  const readout = (h: Vector) => softmax(multiply(Float64Array.from(identity), h));
  const wanted = runCell({ cell, widths: { ...widths, y: vocabulary }, parameters, inputs, readout }).get(
    cell.output,
  )!;
  for (const [t, step] of found.entries()) {
    for (let unit = 0; unit < units; unit++) {
      // The logits of a distribution are its logarithms.
      const output = wanted[t + 1][unit];
      const value = cell.distribution ? Math.log(output) : output;
      expect(Math.abs(step[unit] - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
    }
  }
}

describe('the corpus', () => {
  // Decoders are compared pair by pair, in another test.
  const cases = readCorpus().filter(({ given }) => given.has('x') && !given.has('given') && !given.has('m'));
  test.each(cases)('$name', ({ checked, widths, given }) => {
    const parameters = new Map([...given].map(([name, [first]]) => [name, Float64Array.from(first)]));
    const inputs = given.get('x')!.map((step) => Float64Array.from(step));
    compare({ cell: checked.cells[0], widths, parameters, inputs });
  });
});

test.each(stackableCells)('%s', (name) => {
  const cell = builtin(name);
  const widths: Widths = { x: 3, h: 6, y: 6 };
  const next = random(1);
  const normal = (shape: number[]): Vector =>
    Float64Array.from(initialise({ kind: 'normal', deviation: 0.7 }, shape, next));
  const parameters = new Map(
    cell.parameters.map(({ name, rows, columns }) => [
      name,
      normal([widthOf(rows, widths), widthOf(columns, widths)]),
    ]),
  );
  const inputs = Array.from({ length: 6 }, () => normal([widths.x]));
  compare({ cell, widths, parameters, inputs });
});
