// Trains a network on the scalar kernels in 64 bits: the slow truth beside the compiled engine.
import type {
  Architecture,
  LookupTables,
  StepResult,
  TrainableNetwork,
  TrainingShape,
  Update,
  Weights,
} from '../../../src/backend/engine.ts';
import { momentCount } from '../../../src/backend/momentCount.ts';
import type { Optimizer } from '../../../src/language/options/options.ts';
import { compileTraining } from '../../../src/tape/compile.ts';
import { scalarKernels } from '../../../src/tape/scalar/scalarKernels.ts';
import { ScalarTraining } from '../../../src/tape/scalar/scalarTraining.ts';

/** The trained parameters, their gradients and their moments, in a memory of the optimiser's own. */
class ScalarOptimizer {
  readonly gradients: Float64Array;
  readonly #optimizer: Optimizer;
  readonly #count: number;
  readonly #memory: Float64Array;
  readonly #kernels: ReturnType<typeof scalarKernels>;
  #updates = 0;

  constructor(optimizer: Optimizer, count: number) {
    this.#optimizer = optimizer;
    this.#count = count;
    this.#memory = new Float64Array((2 + momentCount[optimizer.kind]) * count);
    this.#kernels = scalarKernels(this.#memory);
    this.gradients = this.#memory.subarray(count, 2 * count);
  }

  /** Updates `values` by `gradients`. @returns the norm of the gradients with penalties, before clipping */
  update(values: Float64Array, { learningRate, clip, l1, l2 }: Update): number {
    const n = this.#count;
    const [p, g, first, second] = [0, n, 2 * n, 3 * n];
    const kernels = this.#kernels;
    this.#memory.set(values, p);
    kernels.penalise(g, p, n, l1, l2);
    const norm = Math.sqrt(this.gradients.reduce((sum, each) => sum + each * each, 0));
    const scale = norm > clip ? clip / norm : 1;
    this.#updates++;
    const of = this.#optimizer;
    switch (of.kind) {
      case 'sgd':
        kernels.sgd(p, g, n, learningRate, scale);
        break;
      case 'momentum':
      case 'nesterov':
        kernels.momentum(p, g, first, n, learningRate, scale, of.momentum, of.kind === 'nesterov');
        break;
      case 'rmsprop':
        kernels.rmsprop(p, g, first, n, learningRate, scale, of.rho, of.epsilon);
        break;
      case 'adam':
      case 'adamw': {
        const { beta1, beta2, epsilon, weightDecay } = of;
        const corrections = [1 - beta1 ** this.#updates, 1 - beta2 ** this.#updates] as const;
        const keep = 1 - learningRate * weightDecay;
        kernels.adam(
          p,
          g,
          first,
          second,
          n,
          learningRate,
          scale,
          beta1,
          beta2,
          epsilon,
          ...corrections,
          keep,
        );
        break;
      }
    }
    values.set(this.#memory.subarray(p, n));
    return norm;
  }
}

function notHere(): never {
  throw new Error('A golden run asks only for what happens in a run without interruption.');
}

/**
 * Implements what a run without a checkpoint and without recovery from divergence asks of a network. Streams
 * are reset to zero: a cell that begins in another state cannot be trained here.
 */
export class ScalarNetwork implements TrainableNetwork {
  readonly shape: TrainingShape;
  readonly parameterCount: number;
  readonly memoryBytes: number;
  readonly #architecture: Architecture;
  readonly #tables: LookupTables | null;
  readonly #weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float64Array }>;
  readonly #trained: readonly string[];
  readonly #training: ScalarTraining;
  /** The trainings of windows that are shorter than the longest, by their numbers of steps. */
  readonly #shorter = new Map<number, ScalarTraining>();
  readonly #optimizer: ScalarOptimizer;
  /** The carried states, in the layout of carry.ts, and the width of each state and lag in it. */
  readonly #states: Float64Array;
  readonly #widths: readonly number[];
  #steps = 0;
  #dropoutShare = 1;

  constructor(
    architecture: Architecture,
    shape: TrainingShape,
    weights: Weights,
    tables: LookupTables | null = null,
  ) {
    const { batch, steps, optimizer } = shape;
    this.shape = shape;
    this.#architecture = architecture;
    this.#tables = tables;
    this.#weights = new Map(
      [...weights].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
    );
    this.#training = this.#trainingOf(steps);
    this.#trained = this.#training.described.filter(({ trained }) => trained).map(({ name }) => name);
    this.parameterCount = this.#trained.reduce((sum, name) => sum + this.#weights.get(name)!.data.length, 0);
    this.memoryBytes = 8 * (2 + momentCount[optimizer.kind]) * this.parameterCount;
    this.#optimizer = new ScalarOptimizer(optimizer, this.parameterCount);
    const { states } = compileTraining(architecture, { dropout: shape.dropout > 0, batch }).graph;
    if (!states.every(({ initial }) => 'value' in initial && initial.value === 0))
      throw new Error('A state does not begin at zero.');
    this.#widths = states.flatMap(({ node, lags }) => Array.from({ length: lags }, () => node.width));
    this.#states = new Float64Array(this.#training.stateWords.length);
  }

  #trainingOf(steps: number): ScalarTraining {
    const { batch, dropout } = this.shape;
    const network = this;
    const options = {
      batch,
      steps,
      dropout,
      get seed() {
        return network.shape.seed + network.#steps;
      },
      get dropoutShare() {
        return network.#dropoutShare;
      },
    };
    return new ScalarTraining(this.#architecture, options, this.#tables);
  }

  reset(streams?: readonly number[]): void {
    const { batch } = this.shape;
    let at = 0;
    for (const width of this.#widths)
      for (let row = 0; row < batch; row++, at += width)
        if (!streams || streams.includes(row)) this.#states.fill(0, at, at + width);
  }

  step(x: Int32Array, y: Int32Array, update: Update): StepResult {
    const { batch } = this.shape;
    const steps = y.length / batch;
    const scale = 1 / y.filter((token) => token >= 0).length;
    const countFrom = Math.min(...Array.from(y, (token, i) => (token < 0 ? steps : i % steps)));
    if (steps < this.shape.steps && !this.#shorter.has(steps))
      this.#shorter.set(steps, this.#trainingOf(steps));
    const training = this.#shorter.get(steps) ?? this.#training;
    this.#dropoutShare = update.dropoutShare ?? 1;
    this.#enter(training);
    const loss = training.run({ x, y, fresh: false, countFrom, scale });
    this.#carryFrom(training, update.carry);
    const values = new Float64Array(this.parameterCount);
    const places = new Map<string, { from: number; length: number }>();
    let from = 0;
    for (const name of this.#trained) {
      const gradient = training.gradient(name);
      this.#optimizer.gradients.set(gradient, from);
      values.set(this.#weights.get(name)!.data, from);
      places.set(name, { from, length: gradient.length });
      from += gradient.length;
    }
    const gradientNorm = this.#optimizer.update(values, update);
    for (const [name, { from, length }] of places)
      this.#weights.get(name)!.data.set(values.subarray(from, from + length));
    this.#steps++;
    return { loss, gradientNorm };
  }

  advance(x: Int32Array): void {
    const { batch } = this.shape;
    const steps = x.length / batch;
    const reading = this.#reading(batch, steps);
    this.#enter(reading);
    reading.run({ x, y: x.map(() => -1), fresh: false, countFrom: 0, scale: 0 });
    this.#carryFrom(reading, steps);
  }

  #reading(batch: number, steps: number): ScalarTraining {
    const options = { batch, steps, dropout: 0, seed: 0 };
    return new ScalarTraining(this.#architecture, options, this.#tables);
  }

  evaluate(x: Int32Array, y: Int32Array, rows: number): number {
    const steps = y.length / rows;
    const reading = this.#reading(rows, steps);
    this.#writeWeights(reading);
    const scale = 1 / y.filter((token) => token >= 0).length;
    return reading.run({ x, y, fresh: true, countFrom: 0, scale });
  }

  logits = notHere;
  logitsBySegment = notHere;
  optimizer = notHere;
  states = notHere;
  loadStates = notHere;
  load = notHere;
  aside = notHere;

  dispose(): void {}

  weights(): Weights {
    return new Map(
      [...this.#weights].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
    );
  }

  #enter(training: ScalarTraining): void {
    this.#writeWeights(training);
    for (const [index, word] of training.stateWords.entries()) training.memory[word] = this.#states[index];
  }

  #writeWeights(training: ScalarTraining): void {
    for (const [name, { data }] of this.#weights)
      for (const [index, word] of training.words(name).entries()) training.memory[word] = data[index];
  }

  #carryFrom(training: ScalarTraining, steps: number): void {
    training.carryFrom(steps);
    for (const [index, word] of training.stateWords.entries()) this.#states[index] = training.memory[word];
  }
}
