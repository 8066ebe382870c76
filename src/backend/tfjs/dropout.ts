// Dropout masks depend on the seed and on the position of a value alone, so that they are the same for every
// engine.
import * as tf from '@tensorflow/tfjs';
import { random } from '../../tape/random.ts';

/**
 * Returns the masks for one update: 0 with probability `rate`, otherwise 1 / (1 - rate). The values of a step
 * are numbered layer by layer, as the tape does it.
 * @param widths the width of each layer's output
 */
export function dropoutMask(rate: number, seed: number, widths: readonly number[]) {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  return (layer: number, step: number, rows: number, width: number): tf.Tensor2D => {
    const next = random(seed, rows * (sum(widths) * step + sum(widths.slice(0, layer))));
    return tf.tensor2d(
      Float32Array.from({ length: rows * width }, () => (next() < rate ? 0 : 1 / (1 - rate))),
      [rows, width],
    );
  };
}
