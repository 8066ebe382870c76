// Runs a cell without a network around it, forward and backward, for a fixed number of rows and steps.

import type { CompiledRecurrence } from '../../tape/compile.ts';
import type { Node } from '../../tape/graph.ts';
import type { ParameterDescription } from '../../tape/parameterDescription.ts';
import { carrySize } from '../../tape/planning/carry.ts';
import { reservedWords } from '../../tape/planning/kernels.ts';
import { aligned, type Layout, layOutParameters } from '../../tape/planning/layout.ts';
import { type Plan, plan } from '../../tape/planning/plan.ts';
import { bind, type Instruction, Runner } from '../../tape/planning/program.ts';
import { readWeights, writeWeights } from '../../tape/planning/weights.ts';
import type { Weights } from '../engine.ts';
import { createMemory, instantiate, type Machine, type WasmKernels } from './module.ts';

/** Sequences are [rows × steps × width]; the states follow each other, [rows × width] for each lag. */
export class WasmRecurrence {
  readonly rows: number;
  readonly steps: number;
  readonly #compiled: CompiledRecurrence;
  /** The nodes that have a location; nodes that nothing depends on have none. */
  readonly #present: ReadonlySet<Node>;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #layout: Layout;
  readonly #tape: Plan;
  readonly #floats: Float32Array;
  readonly #kernels: WasmKernels;
  readonly #forward: Runner;
  readonly #backward: Runner;
  readonly #packs: readonly ((t: number) => void)[];
  readonly #gradients: number;
  readonly #carry: number;
  readonly #carriedGradients: number;

  constructor(
    machine: Machine,
    compiled: CompiledRecurrence,
    described: readonly ParameterDescription[],
    rows: number,
    steps: number,
  ) {
    this.rows = rows;
    this.steps = steps;
    this.#compiled = compiled;
    const { graph, output } = compiled;
    this.#present = new Set(graph.nodes());
    this.#shapes = new Map(described.map(({ name, shape }) => [name, shape]));
    const layout = layOutParameters(described, [graph], reservedWords);
    this.#layout = layout;
    this.#gradients = layout.end;
    this.#carry = aligned(this.#gradients + layout.size);
    this.#carriedGradients = aligned(this.#carry + this.stateSize);
    this.#tape = plan(graph, {
      rows,
      firstRow: 0,
      batch: rows,
      steps,
      layout,
      start: aligned(this.#carriedGradients + this.stateSize),
      carry: this.#carry,
      gradients: this.#gradients,
      carriedGradients: this.#carriedGradients,
      outputs: [output],
    });
    const { program, firstHalf, setup, end } = this.#tape;
    const memory = createMemory(machine.build, end);
    this.#floats = new Float32Array(memory.buffer);
    this.#kernels = instantiate(machine.module, memory, machine.tile);
    const bound = (instruction: Instruction) => bind(instruction, this.#kernels);
    for (const run of setup.map(bound)) run(0);
    this.#packs = [...layout.probabilities, ...layout.packs].map(bound);
    const { sections, save } = program;
    this.#forward = new Runner({ sections: sections.slice(0, firstHalf), save }, this.#kernels);
    this.#backward = new Runner({ sections: sections.slice(firstHalf), save: [] }, this.#kernels);
  }

  /** The number of values of all states together. */
  get stateSize(): number {
    return carrySize(this.#compiled.graph.states, this.rows);
  }

  /**
   * Computes the output and the states after the last step.
   * @param states the states before the first step
   * @param lengths the number of steps of each row after which its states are read, [rows]; by default all
   */
  forward(
    x: Float32Array,
    states: Float32Array,
    weights: Weights,
    lengths: Int32Array | null = null,
  ): { y: Float32Array; states: Float32Array } {
    writeWeights(this.#floats, this.#layout, weights);
    for (const pack of this.#packs) pack(0);
    this.#floats.set(states, this.#carry);
    this.#write(this.#compiled.x, x);
    this.#forward.run(this.steps);
    this.#forward.save(this.steps);
    const after = lengths ? this.#statesAfter(lengths) : this.#copy(this.#carry, this.stateSize);
    return { y: this.#read(this.#compiled.output), states: after };
  }

  /**
   * Computes the gradients. It may be called once after each `forward`, whose values it overwrites.
   * @param dy the loss's gradient with respect to y
   * @param dStates the gradient with respect to the states after the last step, or after those of `lengths`
   * @param lengths the lengths that `forward` was given
   */
  backward(
    dy: Float32Array,
    dStates: Float32Array,
    lengths: Int32Array | null = null,
  ): { dx: Float32Array; dStates: Float32Array; gradients: Weights } {
    const { graph, x, dx, output, outputGradients } = this.#compiled;
    for (const [node, gradient] of outputGradients) {
      if (node === output) this.#write(gradient, dy);
      else this.#write(gradient, new Float32Array(this.rows * this.steps * node.width));
    }
    // In a window that is shorter than the lags, some states at its end are states from before it.
    const passedOn = new Float32Array(this.stateSize);
    let first = 0;
    for (const { node, lags } of graph.states) {
      const { width } = node;
      for (let lag = 1; lag <= lags; lag++)
        for (let row = 0; row < this.rows; row++) {
          const from = first + ((lag - 1) * this.rows + row) * width;
          const part = dStates.subarray(from, from + width);
          const length = lengths ? lengths[row] : this.steps;
          if (lag <= length) this.#add(outputGradients.get(node)!, length - lag, row, part);
          else passedOn.set(part, first + ((lag - length - 1) * this.rows + row) * width);
        }
      first += lags * this.rows * width;
    }
    this.#backward.run(this.steps);
    return {
      dx: dx ? this.#read(dx) : new Float32Array(this.rows * this.steps * x.width),
      dStates: this.#copy(this.#carriedGradients, this.stateSize).map((each, i) => each + passedOn[i]),
      gradients: readWeights(this.#floats, this.#layout, this.#shapes, this.#gradients - this.#layout.start),
    };
  }

  #copy(at: number, length: number): Float32Array {
    return this.#floats.slice(at, at + length);
  }

  /** Writes a sequence to the tape, where it is [steps × rows × stride]. */
  #write(node: Node, values: Float32Array): void {
    this.#each(node, (at, from) => this.#floats.set(values.subarray(from, from + node.width), at));
  }

  #read(node: Node): Float32Array {
    const values = new Float32Array(this.rows * this.steps * node.width);
    this.#each(node, (at, to) => values.set(this.#floats.subarray(at, at + node.width), to));
    return values;
  }

  #each(node: Node, visit: (at: number, index: number) => void): void {
    if (!this.#present.has(node)) return;
    const { at, step, stride } = this.#tape.locate(node);
    for (let row = 0, index = 0; row < this.rows; row++)
      for (let t = 0; t < this.steps; t++, index += node.width) visit(at + t * step + row * stride, index);
  }

  #add(node: Node, t: number, row: number, values: Float32Array): void {
    if (!this.#present.has(node)) return;
    const { at, step, stride } = this.#tape.locate(node);
    for (let unit = 0; unit < node.width; unit++)
      this.#floats[at + t * step + row * stride + unit] += values[unit];
  }

  /**
   * Returns the states in the order of `carry`. The tape has the states that a row began with before its
   * first step.
   */
  #statesAfter(lengths: Int32Array): Float32Array {
    const states = new Float32Array(this.stateSize);
    let to = 0;
    for (const { node, lags } of this.#compiled.graph.states) {
      const { at, step, stride } = this.#tape.locate(node);
      for (let lag = 1; lag <= lags; lag++)
        for (let row = 0; row < this.rows; row++, to += node.width) {
          const from = at + (lengths[row] - lag) * step + row * stride;
          states.set(this.#floats.subarray(from, from + node.width), to);
        }
    }
    return states;
  }
}
