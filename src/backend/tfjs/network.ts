// A network as plain TensorFlow.js operations, step by step, with gradients from TensorFlow.js's own tape. It
// is slow and simple: the reference that the compiled engine is tested against, and the engine where that
// cannot run.
import * as tf from '@tensorflow/tfjs';
import { outputLayerWidth, outputWidth, readsBothWays, tokensOfStep } from '../../tape/architecture.ts';
import { parameters } from '../../tape/parameters.ts';
import type {
  Architecture,
  LookupTables,
  OptimizerState,
  StepResult,
  TrainableNetwork,
  TrainingShape,
  Update,
  Weights,
} from '../engine.ts';
import { momentCount } from '../momentCount.ts';
import { bytesOf } from './bytesOf.ts';
import { dropoutMask } from './dropout.ts';
import { columns, penalised, sumCrossEntropy, sumGaussian } from './loss.ts';
import { TfjsOptimizer } from './optimizer.ts';
import { type States, stateShapes, type UnrollOptions, unrollNetwork } from './unroll.ts';

/** Evaluation reads its text in segments of this many steps, to bound memory. */
const evaluationSteps = 64;

/** A network in training whose gradients are those of TensorFlow.js: the reference for the compiled engine. */
export class TfjsNetwork implements TrainableNetwork {
  readonly #architecture: Architecture;
  readonly shape: TrainingShape;
  readonly #parameters: ReadonlyMap<string, tf.Variable>;
  readonly #trained: tf.Variable[];
  #optimizer: TfjsOptimizer;
  /** The carried states of the streams; null means h[0]. */
  #states: States | null = null;
  /** The streams that begin the next window at h[0], whatever `#states` says. */
  readonly #fresh = new Set<number>();
  /** The numbers of steps, for the dropout masks, and of updates, for Adam's bias correction. */
  #steps = 0;
  #updates = 0;

  /** The numbers that are read, [n × inputs], and predicted, [n × outputs], where they are. */
  readonly #inputs: tf.Tensor2D | null;
  readonly #targets: tf.Tensor2D | null;

  /** @param tables the numbers, where numbers are read or predicted */
  constructor(
    architecture: Architecture,
    shape: TrainingShape,
    weights: Weights,
    tables: LookupTables | null,
  ) {
    this.#architecture = architecture;
    this.shape = shape;
    const described = parameters(architecture);
    this.#parameters = new Map(
      described.map(({ name, shape, trained }) => {
        const values = tf.tensor(weights.get(name)!.data, [...shape]);
        const variable = tf.variable(values, trained);
        values.dispose();
        return [name, variable];
      }),
    );
    this.#trained = [...this.#parameters.values()].filter(({ trainable }) => trainable);
    this.#optimizer = new TfjsOptimizer(shape.optimizer);
    const { input, inputs, likelihood, outputs } = architecture;
    const rows = (values: Float32Array, width: number) => tf.tensor2d(values, [values.length / width, width]);
    this.#inputs = tables && input === 'numbers' ? rows(tables.inputs, inputs) : null;
    this.#targets = tables && likelihood === 'gaussian' ? rows(tables.targets, outputs) : null;
  }

  get parameterCount(): number {
    return this.#trained.reduce((sum, variable) => sum + variable.size, 0);
  }

  get memoryBytes(): number {
    return (1 + momentCount[this.shape.optimizer.kind]) * bytesOf(this.#parameters.values());
  }

  reset(streams?: readonly number[]): void {
    if (!streams) this.#moveTo(null);
    else for (const stream of streams) this.#fresh.add(stream);
  }

  #moveTo(states: States | null): void {
    if (this.#states && this.#states !== states) tf.dispose(this.#states);
    this.#states = states;
    this.#fresh.clear();
  }

  /** Unrolls the network from the carried states of the streams. */
  #unrollStreams(x: Int32Array, options: UnrollOptions) {
    const { batch } = this.shape;
    const rows = Array.from({ length: batch }, (_, row) => [this.#fresh.has(row)]);
    const fresh = this.#fresh.size > 0 ? tf.tensor2d(rows, [batch, 1], 'bool') : null;
    return this.#unroll(x, batch, this.#states, { ...options, fresh });
  }

  #unroll(x: Int32Array, rows: number, states: States | null, options: UnrollOptions) {
    const all = { ...options, numbers: this.#inputs };
    return unrollNetwork(this.#architecture, this.#parameters, x, rows, states, all);
  }

  /** Returns the sum of the losses of all counted targets, in nats. */
  #sumLoss(logits: tf.Tensor2D, y: Int32Array, rows: number): tf.Scalar {
    return this.#targets ? sumGaussian(logits, y, rows, this.#targets) : sumCrossEntropy(logits, y, rows);
  }

  step(x: Int32Array, y: Int32Array, update: Update): StepResult {
    const { batch, dropout, seed } = this.shape;
    const counted = y.reduce((sum, token) => sum + (token >= 0 ? 1 : 0), 0);
    const widths = this.#architecture.layers.map((_, layer) => outputWidth(this.#architecture, layer));
    // The rate is a number of 32 bits, as it is in the memory of a tape.
    const rate = Math.fround(dropout * (update.dropoutShare ?? 1));
    const mask = rate > 0 ? dropoutMask(rate, seed + this.#steps, widths) : null;
    this.#steps++;
    // These leave the function besides its value; variableGrads disposes of every tensor that is not kept.
    let states: States = {};
    let mean = 0;
    const { value, grads } = tf.variableGrads(() => {
      const unrolled = this.#unrollStreams(x, { carry: update.carry, dropout: mask });
      states = unrolled.states;
      for (const state of Object.values(states)) tf.keep(state);
      const loss = tf.div(this.#sumLoss(unrolled.logits, y, batch), counted);
      mean = loss.dataSync()[0];
      return penalised(loss, this.#trained, update) as tf.Scalar;
    }, this.#trained);
    value.dispose();
    // TensorFlow.js omits variables that the loss does not depend on, and numbers its moments by the others.
    for (const variable of this.#trained) grads[variable.name] ??= tf.zerosLike(variable);
    this.#moveTo(states);
    const gradientNorm = this.#apply(grads, update);
    tf.dispose(grads);
    return { loss: mean, gradientNorm };
  }

  /**
   * Updates the weights, unless the norm is not finite.
   * @returns the gradients' global norm before clipping
   */
  #apply(grads: tf.NamedTensorMap, { clip, learningRate }: Update): number {
    return tf.tidy(() => {
      const norm = tf.sqrt(tf.addN(Object.values(grads).map((dy) => tf.sum(tf.square(dy))))).dataSync()[0];
      if (!Number.isFinite(norm)) return norm;
      const scale = norm > clip ? clip / norm : 1;
      const clipped = Object.fromEntries(
        Object.entries(grads).map(([name, dy]) => [name, tf.mul(dy, scale)]),
      );
      this.#optimizer.update(this.#trained, clipped, learningRate, this.#updates + 1);
      this.#updates++;
      return norm;
    });
  }

  advance(x: Int32Array): void {
    const { batch } = this.shape;
    const carry = x.length / batch / tokensOfStep(this.#architecture);
    this.#moveTo(tf.tidy(() => this.#unrollStreams(x, { carry, dropout: null }).states));
  }

  evaluate(x: Int32Array, y: Int32Array, rows: number): number {
    let sum = 0;
    const segments = this.#segments(x, rows, (logits, from, steps) => {
      const targets = columns(y, rows, y.length / rows, from, steps);
      sum += this.#sumLoss(logits, targets, rows).dataSync()[0];
    });
    for (const _ of segments);
    return sum / y.reduce((counted, token) => counted + (token >= 0 ? 1 : 0), 0);
  }

  logits(...asked: Parameters<TrainableNetwork['logits']>): void {
    const [x, y, rows, visit] = asked;
    for (const _ of this.logitsBySegment(x, y, rows, visit));
  }

  logitsBySegment(
    x: Int32Array,
    y: Int32Array,
    rows: number,
    visit: (index: number, logits: Float32Array) => void,
  ): Iterable<void> {
    const outputs = outputLayerWidth(this.#architecture);
    return this.#segments(x, rows, (logits, from, steps) => {
      const values = logits.dataSync() as Float32Array;
      for (let row = 0; row < rows; row++)
        for (let t = 0; t < steps; t++) {
          const index = (row * y.length) / rows + from + t;
          const start = (t * rows + row) * outputs;
          if (y[index] >= 0) visit(index, values.subarray(start, start + outputs));
        }
    });
  }

  /**
   * Reads rows from h[0] in segments, and yields after each.
   * @param after gets the logits of a segment, step by step, with its first step and its number of steps
   */
  *#segments(
    x: Int32Array,
    rows: number,
    after: (logits: tf.Tensor2D, from: number, steps: number) => void,
  ): Generator<void> {
    const each = tokensOfStep(this.#architecture);
    const length = x.length / rows / each;
    let states: States | null = null;
    const segment = readsBothWays(this.#architecture) ? length : evaluationSteps;
    try {
      for (let from = 0; from < length; from += segment) {
        const carry = Math.min(segment, length - from);
        const before: States | null = states;
        states = tf.tidy(() => {
          const tokens = columns(x, rows, length * each, from * each, carry * each);
          const unrolled = this.#unroll(tokens, rows, before, { carry, dropout: null });
          after(unrolled.logits, from, carry);
          return unrolled.states;
        });
        if (before) tf.dispose(before);
        yield;
      }
    } finally {
      if (states) tf.dispose(states);
    }
  }

  weights(): Weights {
    return new Map(
      [...this.#parameters].map(([name, variable]) => [
        name,
        { shape: variable.shape, data: Float32Array.from(variable.dataSync()) },
      ]),
    );
  }

  optimizer(): OptimizerState {
    const trained = [...this.#parameters].filter(([, { trainable }]) => trainable);
    const moments = this.#optimizer
      .moments()
      .map(
        (values) =>
          new Map(
            trained.map(([name, { shape, size }], index) => [
              name,
              { shape, data: values[index] ?? new Float32Array(size) },
            ]),
          ),
      );
    return { steps: this.#steps, updates: this.#updates, moments };
  }

  states(): Weights | null {
    if (!this.#states || this.#fresh.size === this.shape.batch) return null;
    return new Map(
      Object.entries(this.#states).map(([name, state]) => [
        name,
        { shape: state.shape, data: Float32Array.from(state.dataSync()) },
      ]),
    );
  }

  loadStates(states: Weights | null): boolean {
    if (!states) {
      this.reset();
      return true;
    }
    const shapes = stateShapes(this.#architecture, this.shape.batch);
    const fits = [...shapes].every(([name, shape]) => `${states.get(name)?.shape}` === `${shape}`);
    if (!fits) return false;
    this.#moveTo(
      Object.fromEntries(
        [...shapes].map(([name, shape]) => [name, tf.tensor(states.get(name)!.data, shape)]),
      ),
    );
    return true;
  }

  load(weights: Weights, optimizer?: OptimizerState): void {
    tf.tidy(() => {
      for (const [name, variable] of this.#parameters) {
        const { data, shape } = weights.get(name)!;
        variable.assign(tf.tensor(data, [...shape]));
      }
    });
    this.#optimizer.dispose();
    this.#optimizer = new TfjsOptimizer(this.shape.optimizer);
    this.#updates = optimizer?.updates ?? 0;
    this.#steps = optimizer?.steps ?? this.#steps;
    if (!optimizer) return;
    tf.tidy(() => {
      const moments = optimizer.moments.map((of) =>
        [...of.values()].map(({ data, shape }) => tf.tensor(data, [...shape])),
      );
      this.#optimizer.resume(this.#updates, moments);
    });
  }

  aside<T>(work: () => T): T {
    const weights = this.weights();
    const [optimizer, states, fresh] = [this.#optimizer, this.#states, [...this.#fresh]];
    const [steps, updates] = [this.#steps, this.#updates];
    this.#optimizer = new TfjsOptimizer(this.shape.optimizer);
    this.#states =
      states && Object.fromEntries(Object.entries(states).map(([key, each]) => [key, tf.clone(each)]));
    try {
      return work();
    } finally {
      this.load(weights);
      this.#optimizer.dispose();
      this.#optimizer = optimizer;
      this.#moveTo(states);
      this.reset(fresh);
      [this.#steps, this.#updates] = [steps, updates];
    }
  }

  dispose(): void {
    this.reset();
    this.#optimizer.dispose();
    for (const variable of this.#parameters.values()) variable.dispose();
    this.#inputs?.dispose();
    this.#targets?.dispose();
  }
}
