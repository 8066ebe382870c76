// Dropout masks depend on the seed alone, so that they are the same for every engine.
import * as tf from '@tensorflow/tfjs';
import { random } from '../../tape/random.ts';

/** Returns the masks for one update: 0 with probability `rate`, otherwise 1 / (1 - rate). */
export function dropoutMask(rate: number, seed: number) {
  const next = random(seed);
  return (_layer: number, _step: number, rows: number, width: number): tf.Tensor2D =>
    tf.tensor2d(
      Float32Array.from({ length: rows * width }, () => (next() < rate ? 0 : 1 / (1 - rate))),
      [rows, width],
    );
}
