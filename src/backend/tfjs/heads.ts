// The heads as TensorFlow.js operations, which are the reference in tests of the compiled heads (tape/heads).
import * as tf from '@tensorflow/tfjs';
import { outputWidth } from '../../tape/architecture.ts';
import type { Architecture } from '../engine.ts';

interface HeadState {
  readonly key: string;
  readonly width: number;
  readonly initial: number;
}

interface Head {
  /** Returns the states that the head reads of the previous step, with the initial value of their units. */
  states(architecture: Architecture): readonly HeadState[];
  /**
   * Computes one step of the head.
   * @param x the last layer's vectors at this step, [batch × width]
   * @param before returns a state after the previous step
   * @returns the input of the output layer, and the states after this step
   */
  step(
    x: tf.Tensor2D,
    before: (key: string) => tf.Tensor2D,
  ): { readonly vector: tf.Tensor2D; readonly states: Readonly<Record<string, tf.Tensor2D>> };
}

/** Returns what a cell reads as y: the probabilities, or the means, [batch × outputs]. */
export function expected(scores: tf.Tensor2D, { likelihood, outputs }: Architecture): tf.Tensor2D {
  return likelihood === 'gaussian' ? tf.slice(scores, [0, 0], [-1, outputs]) : tf.softmax(scores);
}

const everyStep: Head = {
  states: () => [],
  step: (x) => ({ vector: x, states: {} }),
};

const meanPooled: Head = {
  states: (architecture) => [
    { key: 'pool.sum', width: outputWidth(architecture), initial: 0 },
    { key: 'pool.count', width: 1, initial: 0 },
  ],
  step(x, before) {
    const sum: tf.Tensor2D = tf.add(before('pool.sum'), x);
    const count: tf.Tensor2D = tf.add(before('pool.count'), 1);
    return { vector: tf.div(sum, count), states: { 'pool.sum': sum, 'pool.count': count } };
  },
};

const maxPooled: Head = {
  states: (architecture) => [
    { key: 'pool.max', width: outputWidth(architecture), initial: Number.NEGATIVE_INFINITY },
  ],
  step(x, before) {
    const most: tf.Tensor2D = tf.maximum(x, before('pool.max'));
    return { vector: most, states: { 'pool.max': most } };
  },
};

/** Returns the operations of a network's end. */
export function headOf({ head }: Architecture): Head {
  if (head.kind === 'every step') return everyStep;
  return head.pool === 'mean' ? meanPooled : maxPooled;
}
