import { expect, test } from 'vitest';
import { packCheckpoint, unpackCheckpoint } from '../../src/store/checkpoint.ts';
import { readSafetensorsFile, writeSafetensors } from '../../src/store/safetensors.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';

const weights = (...values: number[]) =>
  new Map([['layers.0.U', { shape: [values.length], data: Float32Array.from(values) }]]);

const checkpoint: Checkpoint = {
  weights: weights(1, 2),
  optimizer: { steps: 12, updates: 11, moments: [weights(0.5, -3), weights(0.25, 9)] },
  best: { weights: weights(7, 8), loss: Number.POSITIVE_INFINITY, step: 9 },
  cursor: { position: 40, epoch: 2 },
  step: 12,
  tokens: 480,
  seconds: 3.5,
  trainingSeconds: 3,
  budget: { seconds: 60, epochs: Number.POSITIVE_INFINITY },
  learningRate: 0.01,
  rateFactor: 0.5,
  clipping: { kind: 'adaptive', factor: 3 },
  norms: [1, 2.5],
  smoothedLoss: Number.NaN,
};

test('what goes through a file comes back', () => {
  const { weights: arrays, metadata } = packCheckpoint(checkpoint);
  expect(unpackCheckpoint(readSafetensorsFile(Buffer.concat(writeSafetensors(arrays, metadata))))).toEqual(
    checkpoint,
  );
});

test('another file is refused with a sentence', () => {
  const file = readSafetensorsFile(Buffer.concat(writeSafetensors(weights(1))));
  expect(() => unpackCheckpoint(file)).toThrow(/checkpoint of this run is damaged/);
});
