import * as tf from '@tensorflow/tfjs';
import type { Update } from '../engine.ts';
import { absolute } from './operations.ts';

/**
 * Returns the sum of the cross-entropies, in nats, of all counted targets.
 * @param logits [steps·B × V], step by step
 * @param y [batch × steps], a row for each stream; a target below 0 is not counted
 */
export function sumCrossEntropy(logits: tf.Tensor2D, y: Int32Array, batch: number): tf.Scalar {
  const [, vocabulary] = logits.shape;
  const steps = y.length / batch;
  const targets = new Int32Array(y.length);
  for (let t = 0; t < steps; t++)
    for (let row = 0; row < batch; row++) targets[t * batch + row] = y[row * steps + t];
  const counted = tf.tensor1d(Float32Array.from(targets, (token) => (token >= 0 ? 1 : 0)));
  const hot = tf
    .oneHot(
      tf.tensor1d(
        targets.map((token) => Math.max(0, token)),
        'int32',
      ),
      vocabulary,
    )
    .toFloat();
  const losses = tf.sub(tf.logSumExp(logits, -1), tf.sum(tf.mul(hot, logits), -1));
  return tf.sum(tf.mul(losses, counted));
}

/** Adds the L1 and L2 penalties of all trained parameters, l1·Σ|w| + l2/2·Σw², to a loss. */
export function penalised(loss: tf.Tensor, trained: readonly tf.Tensor[], { l1, l2 }: Update): tf.Tensor {
  const penalties = trained.flatMap((w) => [
    ...(l1 > 0 ? [tf.mul(tf.sum(absolute(w)), l1)] : []),
    ...(l2 > 0 ? [tf.mul(tf.sum(tf.square(w)), l2 / 2)] : []),
  ]);
  return penalties.length > 0 ? tf.addN([tf.reshape(loss, []), ...penalties]) : loss;
}

/** Returns columns from … from + length of a row-major [rows × steps] array. */
export function columns(
  x: Int32Array,
  rows: number,
  steps: number,
  from: number,
  length: number,
): Int32Array {
  const part = new Int32Array(rows * length);
  for (let row = 0; row < rows; row++)
    part.set(x.subarray(row * steps + from, row * steps + from + length), row * length);
  return part;
}
