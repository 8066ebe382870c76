// Computes what second-order optimisation needs of a network on one batch: the loss, its gradient, and products of the
// Gauss-Newton matrix with vectors. A vector has a number for each trained parameter, in the order of the layout.
import { type Architecture, tokensOfStep } from './architecture.ts';
import { compileCurvature, compileForward, compileTraining, structuralWeight } from './compile.ts';
import type { Graph } from './graph.ts';
import { parameters, type Weights } from './parameters.ts';
import { carrySize } from './planning/carry.ts';
import type { Kernels } from './planning/kernels.ts';
import { aligned, type Layout, layOutParameters, type ParameterLocation } from './planning/layout.ts';
import { type LookupTables, reserveLookupTables, writeLookupTables } from './planning/lookupTables.ts';
import { type Plan, plan } from './planning/plan.ts';
import { bind, Runner } from './planning/program.ts';
import { readWeights, writeInitialStates, writeWeights } from './planning/weights.ts';
import { tangentDescriptions, tangentName } from './tangents.ts';

type Words = Float32Array | Float64Array;

/** The memory of tapes and the kernels on it. Whole numbers are read and written in `integers`. */
export interface TapeMemory {
  readonly floats: Words;
  readonly integers: Int32Array | Words;
  readonly kernels: Kernels;
}

/** The sizes of the tapes, and where their memory comes from. */
export interface GaussNewtonOptions {
  /** B, the number of streams that are read side by side. */
  readonly batch: number;
  /** T, the largest number of steps of a window. */
  readonly steps: number;
  readonly dropout: number;
  /** Whether products may be damped structurally. */
  readonly structural: boolean;
  /** The first word that may be used. */
  readonly start: number;
  /** Makes the memory. @param words how many numbers must fit */
  readonly memory: (words: number) => TapeMemory;
}

/** A batch on which the loss and its curvature are computed. */
export interface GaussNewtonBatch {
  /** Tokens, [B × n × tokens of a step], and targets, [B × n]; those below 0 are not counted. */
  readonly x: Int32Array;
  readonly y: Int32Array;
  /** Whether each stream begins at h[0], [B]: 0 if it does, otherwise -1. */
  readonly fresh: Int32Array;
  /** The states where the other streams begin, in the layout of carry.ts: `layers.0.h@1`, [B × width]. */
  readonly states: Weights | null;
  /** The seed of the dropout masks. */
  readonly seed: number;
  /** The share of the dropout rate that applies, in [0, 1]; the default is 1. */
  readonly dropoutShare?: number;
}

/** A tape with the runner of its program. */
interface Tape {
  readonly plan: Plan;
  readonly graph: Graph;
  readonly runner: Runner;
  /** The first word of the states where its streams begin. */
  readonly carry: number;
  readonly rows: number;
}

export class GaussNewton {
  readonly #architecture: Architecture;
  readonly #options: GaussNewtonOptions;
  readonly #layout: Layout;
  readonly #memory: TapeMemory;
  readonly #gradients: number;
  readonly #losses: Tape & { readonly at: number };
  readonly #training: Tape;
  readonly #curvature: Tape;
  /** The gradient of one row alone. */
  readonly #single: Tape;
  readonly #tangents: readonly Tangent[];
  #batch: GaussNewtonBatch | null = null;
  #counted = 0;

  /** @param tables the numbers, where numbers are read or predicted */
  constructor(architecture: Architecture, options: GaussNewtonOptions, tables: LookupTables | null = null) {
    const { batch, steps, dropout, structural, start } = options;
    this.#architecture = architecture;
    this.#options = options;
    const described = parameters(architecture);
    const training = compileTraining(architecture, { dropout: dropout > 0, batch });
    const forward = compileForward(architecture, { dropout: dropout > 0, batch, losses: true });
    const curvature = compileCurvature(architecture, { dropout: dropout > 0, batch, structural });
    const weight = { shape: [1], initialiser: { kind: 'constant', value: 0 }, trained: false } as const;
    this.#layout = layOutParameters(
      [...described, ...tangentDescriptions(described), { ...weight, name: structuralWeight }],
      [training.graph, forward.graph, curvature.graph],
      start,
    );
    const { end: afterParameters, trained, locations } = this.#layout;
    let end = aligned(afterParameters);
    const reserve = (words: number) => {
      const at = end;
      end = aligned(end + words);
      return at;
    };
    this.#gradients = reserve(trained);
    const tableLocations = tables && reserveLookupTables(tables, reserve);
    const carries = [training.graph, forward.graph, curvature.graph].map(({ states }) =>
      reserve(carrySize(states, batch)),
    );
    const singleCarry = reserve(carrySize(training.graph.states, 1));
    // No value of a tape outlasts its run, so that all of them use the same memory.
    const tapes = end;
    const planned = (graph: Graph, carry: number, rows: number) => {
      const made = plan(graph, {
        rows,
        firstRow: 0,
        batch: rows,
        steps,
        layout: this.#layout,
        start: tapes,
        carry,
        gradients: this.#gradients,
        tables: tableLocations,
      });
      end = Math.max(end, made.end);
      return { plan: made, graph, carry, rows };
    };
    const ofTraining = planned(training.graph, carries[0], batch);
    const ofLosses = planned(forward.graph, carries[1], batch);
    const ofCurvature = planned(curvature.graph, carries[2], batch);
    const ofRow = planned(training.graph, singleCarry, 1);
    this.#memory = options.memory(end);
    const { kernels, floats } = this.#memory;
    if (tables && tableLocations) writeLookupTables(floats, tableLocations, tables);
    const ready = (tape: Omit<Tape, 'runner'>): Tape => ({
      ...tape,
      runner: new Runner(tape.plan.program, kernels),
    });
    this.#training = ready(ofTraining);
    this.#losses = { ...ready(ofLosses), at: ofLosses.plan.locate(forward.losses!).at };
    this.#curvature = ready(ofCurvature);
    this.#single = ready(ofRow);
    this.#tangents = described
      .filter((each) => each.trained)
      .map(({ name, stochastic }) => ({
        name,
        from: locations.get(name)!,
        to: locations.get(tangentName(name))!,
        stochastic: stochastic ?? false,
      }));
  }

  /** The number of trained parameters. */
  get count(): number {
    return this.#layout.trained;
  }

  /** Loads the weights at which everything is computed. */
  load(weights: Weights): void {
    writeWeights(this.#memory.floats, this.#layout, weights);
    this.#pack();
  }

  /** Returns a copy of the weights. */
  weights(): Weights {
    const shapes = new Map(parameters(this.#architecture).map(({ name, shape }) => [name, shape]));
    return readWeights(this.#memory.floats, this.#layout, shapes);
  }

  /** The trained parameters as one vector. */
  get parameters(): Float64Array {
    const { start, trained } = this.#layout;
    return Float64Array.from(this.#memory.floats.subarray(start, start + trained));
  }

  set parameters(values: Float64Array) {
    this.#memory.floats.set(values, this.#layout.start);
    this.#pack();
  }

  /** Returns numbers of the trained parameters, by their names, as a vector. */
  vectorOf(weights: Weights): Float64Array {
    const vector = new Float64Array(this.count);
    writeWeights(vector, this.#layout, weights, -this.#layout.start);
    return vector;
  }

  /** Returns a vector as numbers of the trained parameters, by their names. */
  weightsOf(vector: Float64Array): Weights {
    const trained = parameters(this.#architecture).filter((each) => each.trained);
    const shapes = new Map(trained.map(({ name, shape }) => [name, shape]));
    return readWeights(vector, this.#layout, shapes, -this.#layout.start);
  }

  /** Sets the batch that everything is computed on. */
  begin(batch: GaussNewtonBatch): void {
    this.#batch = batch;
    this.#counted = batch.y.reduce((sum, target) => sum + (target >= 0 ? 1 : 0), 0);
  }

  /** Returns the mean loss of the batch, in nats per counted target. */
  loss(): number {
    const { rows, at, runner } = this.#losses;
    const steps = this.#enter(this.#losses);
    runner.run(steps);
    return this.#memory.kernels.sum(at, rows * steps) / this.#counted;
  }

  /** Returns the gradient of the mean loss. */
  gradient(): Float64Array {
    this.#training.runner.run(this.#enter(this.#training));
    return this.#result();
  }

  /**
   * Returns the sum over rows of the squares of the gradients of each row's summed losses, parameter by parameter,
   * divided by the number of counted targets: the diagonal of the empirical Fisher information (Martens 2010,
   * section 4.7).
   * @param most the number of rows, from the first on, that stand for all of them
   */
  squaredGradients(most: number): Float64Array {
    const rows = Math.min(most, this.#options.batch);
    const sum = new Float64Array(this.count);
    for (let row = 0; row < rows; row++) {
      this.#single.runner.run(this.#enter(this.#single, row, 1));
      const gradient = this.#result();
      for (let i = 0; i < sum.length; i++) sum[i] += gradient[i] ** 2;
    }
    const share = rows / this.#options.batch;
    return sum.map((value) => value / (share * this.#counted));
  }

  /**
   * Returns the product of the Gauss-Newton matrix of the mean loss with a vector.
   * @param structural the weight of half the squared distance of hidden states, over the number of counted targets
   */
  product(vector: Float64Array, structural = 0): Float64Array {
    const { floats } = this.#memory;
    for (const tangent of this.#tangents) writeTangent(floats, this.#layout, tangent, vector);
    floats[this.#layout.locations.get(structuralWeight)!.at] = structural / this.#counted;
    this.#pack();
    this.#curvature.runner.run(this.#enter(this.#curvature));
    return this.#result();
  }

  #pack(): void {
    for (const instruction of [...this.#layout.probabilities, ...this.#layout.packs])
      bind(instruction, this.#memory.kernels)(0);
  }

  #result(): Float64Array {
    return Float64Array.from(
      this.#memory.floats.subarray(this.#gradients, this.#gradients + this.#layout.trained),
    );
  }

  /**
   * Writes the batch, or one row of it, to where a tape reads it.
   * @param scale the weight of a target, which is one over their number by default
   * @returns the number of steps
   */
  #enter({ plan: tape, graph, carry, rows }: Tape, first = 0, scale = 1 / this.#counted): number {
    const { x, y, fresh, states, seed, dropoutShare = 1 } = this.#batch!;
    const { floats, integers, kernels } = this.#memory;
    const { batch, steps: longest, dropout } = this.#options;
    const each = tokensOfStep(this.#architecture);
    const length = y.length / batch;
    // A window is no shorter than the longest lag, whose gradients are collected over its first steps.
    const lags = Math.max(0, ...graph.states.map((state) => state.lags));
    const steps = Math.max(length, Math.min(longest, lags));
    for (const instruction of tape.setup) bind(instruction, kernels)(0);
    for (let t = 0; t < steps; t++)
      for (let row = 0; row < rows; row++) {
        const from = (first + row) * length + t;
        for (const [index, at] of tape.tokens.entries())
          integers[at + t * rows + row] = t < length ? x[from * each + index] : -1;
        integers[tape.targets + t * rows + row] = t < length ? y[from] : -1;
      }
    floats[tape.scale] = scale;
    integers[tape.seed] = seed;
    floats[tape.dropoutRate] = dropout * dropoutShare;
    const begins = fresh.subarray(first, first + rows);
    integers.set(begins, tape.fresh);
    let to = carry;
    for (const { key, node, lags: most } of graph.states)
      for (let lag = 1; lag <= most; lag++, to += rows * node.width) {
        const carried = states?.get(`${key}@${lag}`)?.data;
        if (carried) floats.set(carried.subarray(first * node.width, (first + rows) * node.width), to);
        else floats.fill(0, to, to + rows * node.width);
      }
    writeInitialStates(floats, graph.states, this.#layout, carry, rows, begins);
    return steps;
  }
}

/** The locations of a trained parameter and of its tangent. */
interface Tangent {
  readonly name: string;
  readonly from: ParameterLocation;
  readonly to: ParameterLocation;
  readonly stochastic: boolean;
}

/** Copies the part of a vector that belongs to a parameter to the location of its tangent. */
function writeTangent(
  floats: Words,
  { start, stacked }: Layout,
  { name, from, to, stochastic }: Tangent,
  vector: Float64Array,
): void {
  for (let column = 0; column < from.columns; column++) {
    const entry = (row: number) =>
      vector[from.at - start + row * from.rowStride + column * from.columnStride];
    const put = (row: number, value: number) => {
      floats[to.at + row * to.rowStride + column * to.columnStride] = value;
    };
    if (!stochastic) {
      for (let row = 0; row < from.rows; row++) put(row, entry(row));
      continue;
    }
    // The Jacobian of softmax is diag(p) - p pᵀ.
    const probabilities = stacked([name]).at + column * from.rows;
    let dot = 0;
    for (let row = 0; row < from.rows; row++) dot += floats[probabilities + row] * entry(row);
    for (let row = 0; row < from.rows; row++) put(row, floats[probabilities + row] * (entry(row) - dot));
  }
}
