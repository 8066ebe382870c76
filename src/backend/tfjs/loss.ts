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
  const targets = stepByStep(y, batch);
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

/**
 * Returns the sum of the negative logarithms of the targets' densities, in nats.
 * @param moments the means, and then the logarithms of the standard deviations, [steps·B × 2·outputs], step by step
 * @param y [batch × steps], the indices of the targets' rows; one below 0 is not counted
 * @param numbers the rows, [n × outputs]
 */
export function sumGaussian(
  moments: tf.Tensor2D,
  y: Int32Array,
  batch: number,
  numbers: tf.Tensor2D,
): tf.Scalar {
  const targets = stepByStep(y, batch);
  const [means, logarithms] = tf.split(moments, 2, 1);
  const distances = tf.sub(means, rowsOf(numbers, tf.tensor1d(targets, 'int32')));
  const squares = tf.mul(tf.square(tf.div(distances, tf.exp(logarithms))), 0.5);
  const losses = tf.sum(tf.add(tf.add(squares, logarithms), 0.5 * Math.log(2 * Math.PI)), -1);
  const counted = tf.tensor1d(Float32Array.from(targets, (target) => (target >= 0 ? 1 : 0)));
  return tf.sum(tf.mul(losses, counted));
}

/** Returns rows of numbers by their indices; zeros for an index below 0. */
export function rowsOf(numbers: tf.Tensor2D, indices: tf.Tensor1D): tf.Tensor2D {
  const found = tf.gather(numbers, tf.maximum(indices, tf.scalar(0, 'int32')).toInt());
  const isRow = tf.greaterEqual(indices, tf.scalar(0, 'int32')).toFloat().reshape([-1, 1]);
  return tf.mul(found, isRow);
}

/** Returns the targets of rows, [batch × steps], step by step. */
function stepByStep(y: Int32Array, batch: number): Int32Array {
  const steps = y.length / batch;
  const targets = new Int32Array(y.length);
  for (let t = 0; t < steps; t++)
    for (let row = 0; row < batch; row++) targets[t * batch + row] = y[row * steps + t];
  return targets;
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
