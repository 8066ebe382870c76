// Compares the layer and the operation for TensorFlow.js with its own layers and with the equations in plain
// loops.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as fc from 'fast-check';
import { cells } from '../../../src/library/cells.ts';
import { readKernels } from '../../kernels/modules.ts';
import { compareWithEquations, type OperationCall } from '../../library/equations.ts';
import { type Call, compareWithKeras, kerasCells } from '../../library/keras.ts';
import { randomCell } from '../randomCell.ts';
import type { Session, Target } from '../target.ts';

type Input =
  | { readonly layer: Call; readonly backend: 'cpu' | 'wasm' }
  | { readonly operation: OperationCall };

const mask = fc.option(fc.array(fc.boolean(), { minLength: 1, maxLength: 24 }), { nil: null });
const small = (least: number, most: number) => fc.integer({ min: least, max: most });

export const layer: Target<Input> = {
  name: 'layer',
  claim: "cells for TensorFlow.js do what its own recurrent layers do, and what the cell's equations say",
  weight: 1,
  inputs: fc.oneof(
    fc.record({
      backend: fc.constantFrom('cpu', 'wasm'),
      layer: fc.record({
        cell: fc.constantFrom(...kerasCells),
        returnSequences: fc.boolean(),
        goBackwards: fc.boolean(),
        returnState: fc.boolean(),
        stateful: fc.boolean(),
        initialState: fc.boolean(),
        merge: fc.constantFrom(null, 'concat', 'sum', 'ave', 'mul'),
        mask,
        batch: small(1, 4),
        steps: small(2, 6),
        inputs: small(1, 5),
        units: small(1, 9),
        seed: fc.nat(),
      }),
    }),
    fc.record({
      operation: fc.record({
        cell: randomCell,
        mask,
        batch: small(1, 3),
        steps: small(1, 7),
        inputs: small(1, 5),
        units: small(1, 9),
        seed: fc.nat(),
      }),
    }),
  ),
  open,
};

async function open(): Promise<Session<Input>> {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(`${dirname(wasm)}/dist/`);
  await tf.setBackend('cpu');
  const library = await cells(tf, { read: readKernels });
  const counts = { layers: 0, operations: 0, 'texts that are no cells': 0, 'tensors, left': 0 };
  const start = tf.memory().numTensors;
  return {
    async check(input) {
      await tf.setBackend('layer' in input ? input.backend : 'cpu');
      if ('layer' in input) {
        compareWithKeras(library.layer, input.layer);
        counts.layers++;
      } else {
        const isCell = compareWithEquations(library.cell, input.operation);
        counts[isCell ? 'operations' : 'texts that are no cells']++;
      }
      // Figures are asked for at any time, also while a backend starts, which can count nothing.
      counts['tensors, left'] = tf.memory().numTensors - start;
    },
    figures: () => counts,
    async close() {},
  };
}
