import { outputLayerWidth } from '../../tape/architecture.ts';
import { compileForward } from '../../tape/compile.ts';
import type { Node, State } from '../../tape/graph.ts';
import { parameters } from '../../tape/parameters.ts';
import { carrySize } from '../../tape/planning/carry.ts';
import { reservedWords } from '../../tape/planning/kernels.ts';
import { aligned, type Layout, layOutParameters } from '../../tape/planning/layout.ts';
import { type Plan, plan } from '../../tape/planning/plan.ts';
import { bind, Runner } from '../../tape/planning/program.ts';
import { writeInitialStates, writeWeights } from '../../tape/planning/weights.ts';
import type { Architecture, Predictor, StateSlice, Weights } from '../engine.ts';
import { createMemory, instantiate, type Machine } from './module.ts';
import type { Tile } from './tile.ts';

/** One row has few sums; with sixteen columns there are enough independent ones to hide latency. */
export const rowTile: Tile = { columns: 16, rows: 1 };

/** Predicts one step of one row; its cost is that of the matrix-vector products. */
export class WasmPredictor implements Predictor {
  readonly outputs: number;
  readonly stateSize: number;
  readonly states: readonly StateSlice[];
  readonly #states: readonly State[];
  readonly #layout: Layout;
  readonly #logits: Node;
  readonly #tape: Plan;
  readonly #runner: Runner;
  readonly #packs: readonly ((step: number) => void)[];
  readonly #carry: number;
  /** The first word of the numbers that are read, a look-up table of one row. */
  readonly #inputs: number;
  readonly #floats: Float32Array;
  readonly #integers: Int32Array;

  constructor(machine: Machine, architecture: Architecture, weights: Weights) {
    const { graph, logits } = compileForward(architecture, { dropout: false, batch: 1, losses: false });
    this.outputs = outputLayerWidth(architecture);
    this.#states = graph.states;
    this.stateSize = carrySize(graph.states, 1);
    // Each state's newest values come first.
    this.states = graph.states.map(({ key, node: { width } }, index) => ({
      name: key,
      at: carrySize(graph.states.slice(0, index), 1),
      width,
    }));
    this.#logits = logits;
    const layout = layOutParameters(parameters(architecture), [graph], reservedWords);
    this.#layout = layout;
    this.#carry = layout.end;
    this.#inputs = aligned(this.#carry + this.stateSize);
    this.#tape = plan(graph, {
      rows: 1,
      firstRow: 0,
      batch: 1,
      steps: 1,
      layout,
      start: aligned(this.#inputs + (architecture.input === 'numbers' ? architecture.inputs : 0)),
      carry: this.#carry,
      gradients: 0,
      tables: { inputs: this.#inputs, targets: 0 },
    });
    const memory = createMemory(machine.build, this.#tape.end);
    const kernels = instantiate(machine.module, memory, rowTile);
    this.#floats = new Float32Array(memory.buffer);
    this.#integers = new Int32Array(memory.buffer);
    this.#integers[this.#tape.fresh] = -1;
    for (const instruction of this.#tape.setup) bind(instruction, kernels)(0);
    this.#packs = [...layout.probabilities, ...layout.packs].map((instruction) => bind(instruction, kernels));
    this.load(weights);
    this.#runner = new Runner(this.#tape.program, kernels);
  }

  get memoryBytes(): number {
    return this.#floats.byteLength;
  }

  initial(): Float32Array {
    writeInitialStates(this.#floats, this.#states, this.#layout, this.#carry, 1);
    if (this.#states.some(({ node }) => node.operation.kind === 'begin')) this.#compute();
    return this.#floats.slice(this.#carry, this.#carry + this.stateSize);
  }

  /** Computes the initial states that are computed: a step finds them before itself. */
  #compute(): void {
    const floats = this.#floats;
    this.#integers[this.#tape.tokens[0]] = 0;
    this.#integers[this.#tape.fresh] = 0;
    this.#runner.run(1);
    this.#integers[this.#tape.fresh] = -1;
    let at = this.#carry;
    for (const { node, lags } of this.#states)
      for (let lag = 1; lag <= lags; lag++, at += node.width) {
        const from = this.#tape.placeBefore(node, lag);
        floats.copyWithin(at, from, from + node.width);
      }
  }

  next(
    state: Float32Array,
    input: number | Float32Array,
    nextState: Float32Array,
    logits: Float32Array,
  ): void {
    this.#floats.set(state, this.#carry);
    this.#integers[this.#tape.tokens[0]] = typeof input === 'number' ? input : 0;
    if (typeof input !== 'number') this.#floats.set(input, this.#inputs);
    this.#runner.run(1);
    this.#runner.save(1);
    nextState.set(this.#floats.subarray(this.#carry, this.#carry + this.stateSize));
    const { at } = this.#tape.locate(this.#logits);
    logits.set(this.#floats.subarray(at, at + this.outputs));
  }

  load(weights: Weights): void {
    writeWeights(this.#floats, this.#layout, weights);
    for (const pack of this.#packs) pack(0);
  }

  /** Nothing is held outside of this object. */
  dispose(): void {}
}
