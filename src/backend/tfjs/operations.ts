// The functions of the cell language as TensorFlow.js operations; their gradients are TensorFlow.js's own.
import * as tf from '@tensorflow/tfjs';
import type { BinaryOperator, UnaryFunction } from '../../language/cell.ts';
import { layerNormEpsilon } from '../../language/values.ts';

/** In TensorFlow.js 4.22 the gradient of tf.abs is -1 at zero, where weights may begin; here it is 0. */
export const absolute = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.sign(x));

/** The functions of one operand, [B × width]; `rowSum` returns [B × 1]. */
export const unary: Record<UnaryFunction, (x: tf.Tensor) => tf.Tensor> = {
  negate: tf.neg,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  sin: tf.sin,
  cos: tf.cos,
  relu: tf.relu,
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  abs: absolute,
  softmax: (x) => tf.softmax(x),
  rowSum: (x) => tf.sum(x, -1, true),
  layerNorm: (x) => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), layerNormEpsilon)));
  },
};

/** The functions of two operands, [B × width] each; a width of 1 is broadcast. */
export const binary: Record<BinaryOperator, (left: tf.Tensor, right: tf.Tensor) => tf.Tensor> = {
  add: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  power: tf.pow,
  min: sameShape(tf.minimum),
  max: sameShape(tf.maximum),
};

/** The gradients of these two in TensorFlow.js 4.22 do not sum over what was broadcast. */
function sameShape(operation: (left: tf.Tensor, right: tf.Tensor) => tf.Tensor) {
  return (left: tf.Tensor, right: tf.Tensor) =>
    operation(tf.add(left, tf.zerosLike(right)), tf.add(right, tf.zerosLike(left)));
}
