// Runs a training step on the scalar kernels: slow, but in 64 bit exact enough to compare with differences.
import type { Architecture } from './architecture.ts';
import { carrySize } from './carry.ts';
import { compileTraining } from './compile.ts';
import type { Graph } from './graph.ts';
import { type Layout, layOutParameters } from './layout.ts';
import type { ParameterDescription } from './parameterDescription.ts';
import { parameters, type Weights } from './parameters.ts';
import { type Plan, plan } from './plan.ts';
import { bind, Runner } from './program.ts';
import { scalarKernels } from './scalar.ts';
import { reserveSeries, type Series, writeSeries } from './series.ts';
import { enterSources } from './sources.ts';
import { writeInitialStates, writeWeights } from './weights.ts';

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
  /** The number of bits of a number in memory; the default is 64. */
  readonly precision?: 32 | 64;
}

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

export class ScalarTraining {
  readonly described: readonly ParameterDescription[];
  readonly memory: Float64Array | Float32Array;
  readonly #options: ScalarOptions;
  readonly #graph: Graph;
  readonly #losses: number;
  readonly #layout: Layout;
  readonly #tape: Plan;
  readonly #kernels: ReturnType<typeof scalarKernels>;
  readonly #runner: Runner;
  /** Runs the part of the tape that ends with the losses. */
  readonly #forward: Runner;
  readonly #carry: number;
  readonly #gradients: number;
  /** The calls that make the packed copies of the matrices. */
  readonly #packs: readonly (() => void)[];

  /** @param series the numbers, where numbers are read or predicted */
  constructor(architecture: Architecture, options: ScalarOptions, series: Series | null = null) {
    const { batch, steps, dropout, precision = 64 } = options;
    const { graph, losses } = compileTraining(architecture, { dropout, batch });
    this.#options = options;
    this.#graph = graph;
    this.described = parameters(architecture);
    this.#layout = layOutParameters(this.described, [graph], 0);
    this.#gradients = this.#layout.end;
    this.#carry = this.#gradients + this.#layout.trained;
    let end = this.#carry + carrySize(graph.states, batch);
    const seriesLocation =
      series &&
      reserveSeries(series, (words) => {
        end += words;
        return end - words;
      });
    this.#tape = plan(graph, {
      rows: batch,
      firstRow: 0,
      batch,
      steps,
      positions: options.positions,
      layout: this.#layout,
      start: end,
      carry: this.#carry,
      gradients: this.#gradients,
      series: seriesLocation,
      outputs: [losses!],
    });
    this.#losses = this.#tape.locate(losses!).at;
    this.memory = new (precision === 64 ? Float64Array : Float32Array)(this.#tape.end);
    if (series && seriesLocation) writeSeries(this.memory, seriesLocation, series);
    this.#kernels = scalarKernels(this.memory);
    const { program, firstHalf } = this.#tape;
    this.#runner = new Runner(program, this.#kernels);
    this.#forward = new Runner({ sections: program.sections.slice(0, firstHalf), save: [] }, this.#kernels);
    this.#packs = [...this.#layout.probabilities, ...this.#layout.packs].map((pack) => {
      const call = bind(pack, this.#kernels);
      return () => call(0);
    });
    for (const instruction of this.#tape.setup) bind(instruction, this.#kernels)(0);
  }

  load(weights: Weights): void {
    writeWeights(this.memory, this.#layout, weights);
  }

  /** Returns the words of a parameter in `memory`, row by row. They may be changed between two runs. */
  words(name: string): number[] {
    const { at, rows, columns, rowStride, columnStride } = this.#layout.locations.get(name)!;
    return Array.from(
      { length: rows * columns },
      (_, i) => at + Math.floor(i / columns) * rowStride + (i % columns) * columnStride,
    );
  }

  /** Returns the words in `memory` of the states where the next window begins. */
  get stateWords(): number[] {
    const size = carrySize(this.#graph.states, this.#options.batch);
    return Array.from({ length: size }, (_, i) => this.#carry + i);
  }

  /** Returns the loss's gradient with respect to a trained parameter, in the last window, row by row. */
  gradient(name: string): Float64Array {
    return Float64Array.from(this.words(name), (word) => this.memory[this.#gradients + word]);
  }

  /** Runs a window and computes its gradients. @returns the sum of the counted losses, in nats, times `scale` */
  run(window: ScalarWindow): number {
    return this.#run(this.#runner, window);
  }

  /** Returns what {@link run} returns, without gradients: those of the last window are lost. */
  loss(window: ScalarWindow): number {
    return this.#run(this.#forward, window);
  }

  #run(runner: Runner, { x, y, source, fresh, countFrom, scale }: ScalarWindow): number {
    const { batch, steps, positions = 0, seed } = this.#options;
    const { tokens, targets, scale: scaleAt, seed: seedAt, fresh: freshAt } = this.#tape;
    for (let t = 0; t < steps; t++)
      for (let row = 0; row < batch; row++) {
        for (const [index, at] of tokens.entries())
          this.memory[at + t * batch + row] = x[(row * steps + t) * tokens.length + index];
        this.memory[targets + t * batch + row] = y[row * steps + t];
      }
    if (source) enterSources(this.memory, this.#tape, { tokens: source, positions, computed: positions }, 0);
    this.memory[scaleAt] = scale;
    this.memory[seedAt] = seed;
    this.memory.fill(fresh ? 0 : -1, freshAt, freshAt + batch);
    for (const pack of this.#packs) pack();
    if (fresh) writeInitialStates(this.memory, this.#graph.states, this.#layout, this.#carry, batch);
    runner.run(steps, countFrom, positions);
    return scale * this.#kernels.sum(this.#losses + countFrom * batch, (steps - countFrom) * batch);
  }

  /** Makes the next window begin at the state after the first `steps` steps of the last one. */
  carryFrom(steps: number): void {
    this.#runner.save(steps);
  }
}
