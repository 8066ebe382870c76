// A graph's tape in a memory of its own, which the scalar kernels run: slow, but in 64 bit exact enough to measure differences.

import type { Graph, Node } from '../graph.ts';
import type { Weights } from '../parameters.ts';
import { carrySize } from '../planning/carry.ts';
import type { Layout } from '../planning/layout.ts';
import { type LookupTables, reserveLookupTables, writeLookupTables } from '../planning/lookupTables.ts';
import { type Plan, plan } from '../planning/plan.ts';
import { bind, Runner } from '../planning/program.ts';
import { writeInitialStates, writeWeights } from '../planning/weights.ts';
import { scalarKernels } from './scalarKernels.ts';

/** The sizes of a tape in a memory of its own. */
export interface ScalarTapeOptions {
  /** The parameters, from the memory's first word on. */
  readonly layout: Layout;
  /** The number of streams that are read side by side. */
  readonly batch: number;
  /** The largest number of steps of a run. */
  readonly steps: number;
  /** The largest number of positions of a source, where there is an encoder. */
  readonly positions?: number | undefined;
  /** Whether the graph computes gradients of the trained parameters. */
  readonly parameterGradients: boolean;
  /** The nodes besides the states that are read after the first half of a run. */
  readonly outputs?: readonly Node[];
  /** The numbers, where numbers are read or predicted. */
  readonly tables: LookupTables | null;
  /** The number of bits of a number in memory; the default is 64. */
  readonly precision?: 32 | 64;
}

/** A tape in a memory of its own, whose kernels are plain loops. */
export class ScalarTape {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly memory: Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  readonly kernels: ReturnType<typeof scalarKernels>;
  readonly runner: Runner;
  /** The first word of the gradients: that of a parameter stands as far behind it as the parameter behind word 0. */
  readonly gradients: number;
  /** The first word of the carried states, and their number of words. */
  readonly carry: number;
  readonly carrySize: number;
  readonly #graph: Graph;
  readonly #batch: number;
  /** The calls that {@link deriveParameters} makes, bound once. */
  readonly #derivations: readonly ((step: number) => void)[];

  constructor(graph: Graph, options: ScalarTapeOptions) {
    const { layout, batch, steps, positions, parameterGradients, tables, precision = 64 } = options;
    this.#graph = graph;
    this.#batch = batch;
    this.layout = layout;
    this.gradients = layout.end;
    this.carry = this.gradients + (parameterGradients ? layout.trained : 0);
    this.carrySize = carrySize(graph.states, batch);
    let end = this.carry + this.carrySize;
    const tableLocations =
      tables &&
      reserveLookupTables(tables, (words) => {
        end += words;
        return end - words;
      });
    this.plan = plan(graph, {
      rows: batch,
      firstRow: 0,
      batch,
      steps,
      positions,
      layout,
      start: end,
      carry: this.carry,
      gradients: this.gradients,
      tables: tableLocations,
      ...(options.outputs && { outputs: options.outputs }),
    });
    this.memory = new (precision === 64 ? Float64Array : Float32Array)(this.plan.end);
    if (tables && tableLocations) writeLookupTables(this.memory, tableLocations, tables);
    this.kernels = scalarKernels(this.memory);
    this.runner = new Runner(this.plan.program, this.kernels);
    this.#derivations = [...layout.probabilities, ...layout.packs].map((call) => bind(call, this.kernels));
    for (const instruction of this.plan.setup) bind(instruction, this.kernels)(0);
  }

  /** Writes parameters, by name, into the memory. {@link deriveParameters} has to follow. */
  writeWeights(weights: Weights): void {
    writeWeights(this.memory, this.layout, weights);
  }

  /** Computes what is made of the parameters alone: stochastic matrices, and packed copies of matrices. */
  deriveParameters(): void {
    for (const derive of this.#derivations) derive(0);
  }

  /** Lets all streams begin at h[0]. */
  writeInitialStates(): void {
    writeInitialStates(this.memory, this.#graph.states, this.layout, this.carry, this.#batch);
  }

  /** Gives its memory back at once, and not when garbage is collected next. Node 20 cannot. */
  dispose(): void {
    this.memory.buffer.transfer?.(0);
  }
}
