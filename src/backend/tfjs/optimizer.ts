import * as tf from '@tensorflow/tfjs';
import type { GradientOptimizer } from '../../language/options/options.ts';
import { momentumAt } from '../momentum.ts';

/** One of TensorFlow.js's optimisers, with a learning rate that changes from update to update. */
export class TfjsOptimizer {
  readonly #decay: number;
  readonly #kind: GradientOptimizer;
  readonly #optimizer: ReturnType<typeof make>;

  constructor(optimizer: GradientOptimizer) {
    this.#decay = optimizer.kind === 'adamw' ? optimizer.weightDecay : 0;
    this.#kind = optimizer;
    this.#optimizer = make(optimizer);
  }

  /** @param update the number of the update, from 1 */
  update(
    trained: readonly tf.Variable[],
    grads: tf.NamedTensorMap,
    learningRate: number,
    update: number,
  ): void {
    if ('schedule' in this.#kind) this.#setMomentum(momentumAt(this.#kind, update));
    // AdamW's decay acts on the weights themselves and does not pass through the moments.
    if (this.#decay > 0) for (const w of trained) w.assign(tf.mul(w, 1 - learningRate * this.#decay));
    if ('setLearningRate' in this.#optimizer) this.#optimizer.setLearningRate(learningRate);
    // The other optimisers read this field at every update; TensorFlow.js declares it as protected.
    else (this.#optimizer as unknown as { learningRate: number }).learningRate = learningRate;
    // TensorFlow.js declares the gradients as variables but uses them as tensors.
    this.#optimizer.applyGradients(grads as Record<string, tf.Variable>);
  }

  /** TensorFlow.js's own method changes a number that its updates do not read. */
  #setMomentum(momentum: number): void {
    const optimizer = this.#optimizer as unknown as { m: tf.Scalar };
    optimizer.m.dispose();
    optimizer.m = tf.keep(tf.scalar(momentum));
  }

  /** Returns the moments of each trained parameter, in order; empty before the first update. */
  moments(): Float32Array[][] {
    return this.#accumulated.map((moments) =>
      moments.map(({ variable }) => Float32Array.from(variable.dataSync())),
    );
  }

  /** Restores the number of updates and their moments, so that training resumes there. */
  resume(updates: number, moments: readonly (readonly tf.Tensor[])[]): void {
    for (const [kind, accumulated] of this.#accumulated.entries())
      accumulated.push(
        ...moments[kind].map((values) => ({
          originalName: '',
          variable: tf.variable(values, false),
        })),
      );
    const adam = this.#optimizer as unknown as Readonly<Record<string, number | tf.Variable>>;
    for (const [power, beta] of [
      ['accBeta1', 'beta1'],
      ['accBeta2', 'beta2'],
    ])
      if (power in adam)
        (adam[power] as tf.Variable).assign(tf.scalar((adam[beta] as number) ** (updates + 1)));
  }

  /**
   * The moments are read from private fields, because TensorFlow.js's own methods for them are asynchronous.
   */
  get #accumulated(): Accumulated[][] {
    const fields = this.#optimizer as unknown as Readonly<Record<string, Accumulated[]>>;
    return momentFields.filter((name) => name in fields).map((name) => fields[name]);
  }

  dispose(): void {
    this.#optimizer.dispose();
  }
}

interface Accumulated {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

/** RMSProp's own momentum is left out, because it is not used. */
const momentFields = [
  'accumulations',
  'accumulatedMeanSquares',
  'accumulatedFirstMoment',
  'accumulatedSecondMoment',
];

function make(optimizer: GradientOptimizer) {
  // This value does not matter, because every update sets its own learning rate.
  const rate = 0;
  switch (optimizer.kind) {
    case 'sgd':
      return tf.train.sgd(rate);
    case 'momentum':
    case 'nesterov':
      return tf.train.momentum(rate, optimizer.momentum, optimizer.kind === 'nesterov');
    case 'rmsprop':
      return tf.train.rmsprop(rate, optimizer.rho, 0, optimizer.epsilon);
    case 'adam':
    case 'adamw':
      return tf.train.adam(rate, optimizer.beta1, optimizer.beta2, optimizer.epsilon);
  }
}
