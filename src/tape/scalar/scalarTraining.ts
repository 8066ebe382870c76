// Runs a training step on the scalar kernels: slow, but in 64 bit exact enough to compare with differences.
import type { Architecture } from '../architecture.ts';
import { compileTraining } from '../compile.ts';
import type { ParameterDescription } from '../parameterDescription.ts';
import { parameters, type Weights } from '../parameters.ts';
import { layOutParameters } from '../planning/layout.ts';
import type { LookupTables } from '../planning/lookupTables.ts';
import { Runner } from '../planning/program.ts';
import { enterSources } from '../planning/sources.ts';
import { ScalarTape } from './scalarTape.ts';

/** The options of a training by plain loops. */
export interface ScalarOptions {
  /** B, the number of streams that are read side by side. */
  readonly batch: number;
  /** T, the number of steps of a window. */
  readonly steps: number;
  /** The number of positions of a source, where there is an encoder. */
  readonly positions?: number;
  readonly dropout: number;
  /** The seed of the dropout masks. */
  readonly seed: number;
  /** The share of the dropout rate that applies, in [0, 1]; the default is 1. */
  readonly dropoutShare?: number;
  /** The number of bits of a number in memory; the default is 64. */
  readonly precision?: 32 | 64;
}

/** A window of the streams, with its targets. */
export interface ScalarWindow {
  /**
   * Tokens, [B × T × tokens of a step], and targets, [B × T], with a row for each stream. A target below 0 is not
   * counted.
   */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** The sources, [B × positions × tokens of a position], where there is an encoder. */
  readonly source?: ArrayLike<number>;
  /** Whether the window begins at h[0]; otherwise it begins at the carried state. */
  readonly fresh: boolean;
  /** The first step that has a target. */
  readonly countFrom: number;
  /** The weight of each counted target: 1 for the sum of the losses, one over their number for the mean. */
  readonly scale: number;
}

/** Computes losses and gradients of windows; the weights are changed by nobody but the caller. */
export class ScalarTraining {
  readonly described: readonly ParameterDescription[];
  readonly memory: Float64Array | Float32Array;
  readonly #options: ScalarOptions;
  readonly #losses: number;
  readonly #tape: ScalarTape;
  /** Runs the part of the tape that ends with the losses. */
  readonly #forward: Runner;

  /** @param tables the numbers, where numbers are read or predicted */
  constructor(architecture: Architecture, options: ScalarOptions, tables: LookupTables | null = null) {
    const { batch, dropout } = options;
    const { graph, losses } = compileTraining(architecture, { dropout: dropout > 0, batch });
    this.#options = options;
    this.described = parameters(architecture);
    this.#tape = new ScalarTape(graph, {
      ...options,
      layout: layOutParameters(this.described, [graph], 0),
      parameterGradients: true,
      outputs: [losses!],
      tables,
    });
    this.memory = this.#tape.memory;
    const { plan, kernels } = this.#tape;
    this.#losses = plan.locate(losses!).at;
    const sections = plan.program.sections.slice(0, plan.firstHalf);
    this.#forward = new Runner({ sections, save: [] }, kernels);
  }

  load(weights: Weights): void {
    this.#tape.writeWeights(weights);
  }

  /** Returns the words of a parameter in `memory`, row by row. They may be changed between two runs. */
  words(name: string): number[] {
    const { at, rows, columns, rowStride, columnStride } = this.#tape.layout.locations.get(name)!;
    return Array.from(
      { length: rows * columns },
      (_, i) => at + Math.floor(i / columns) * rowStride + (i % columns) * columnStride,
    );
  }

  /** Returns the words in `memory` of the states where the next window begins. */
  get stateWords(): number[] {
    const { carry, carrySize } = this.#tape;
    return Array.from({ length: carrySize }, (_, i) => carry + i);
  }

  /** Returns the loss's gradient with respect to a trained parameter, in the last window, row by row. */
  gradient(name: string): Float64Array {
    return Float64Array.from(this.words(name), (word) => this.memory[this.#tape.gradients + word]);
  }

  /** Runs a window and computes its gradients. @returns the sum of the counted losses, in nats, times `scale` */
  run(window: ScalarWindow): number {
    return this.#run(this.#tape.runner, window);
  }

  /** Returns what {@link run} returns, without gradients: those of the last window are lost. */
  loss(window: ScalarWindow): number {
    return this.#run(this.#forward, window);
  }

  #run(runner: Runner, { x, y, source, fresh, countFrom, scale }: ScalarWindow): number {
    const { batch, steps, positions = 0, seed, dropout, dropoutShare = 1 } = this.#options;
    const { plan } = this.#tape;
    const { tokens, targets } = plan;
    for (let t = 0; t < steps; t++)
      for (let row = 0; row < batch; row++) {
        for (const [index, at] of tokens.entries())
          this.memory[at + t * batch + row] = x[(row * steps + t) * tokens.length + index];
        this.memory[targets + t * batch + row] = y[row * steps + t];
      }
    if (source) enterSources(this.memory, plan, { tokens: source, positions, computed: positions }, 0);
    this.memory[plan.scale] = scale;
    this.memory[plan.seed] = seed;
    this.memory[plan.dropoutRate] = dropout * dropoutShare;
    this.memory.fill(fresh ? 0 : -1, plan.fresh, plan.fresh + batch);
    this.#tape.deriveParameters();
    if (fresh) this.#tape.writeInitialStates();
    runner.run(steps, countFrom, positions);
    return scale * this.#tape.kernels.sum(this.#losses + countFrom * batch, (steps - countFrom) * batch);
  }

  /** Makes the next window begin at the state after the first `steps` steps of the last one. */
  carryFrom(steps: number): void {
    this.#tape.runner.save(steps);
  }
}
