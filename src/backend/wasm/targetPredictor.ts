import { outputLayerWidth } from '../../tape/architecture.ts';
import { type CompiledTarget, compileTarget } from '../../tape/compile.ts';
import { axisOf, type Node } from '../../tape/graph.ts';
import { parameters } from '../../tape/parameters.ts';
import { carrySize } from '../../tape/planning/carry.ts';
import { reservedWords } from '../../tape/planning/kernels.ts';
import { aligned, type Layout, layOutParameters } from '../../tape/planning/layout.ts';
import { type Plan, plan } from '../../tape/planning/plan.ts';
import { bind, Runner } from '../../tape/planning/program.ts';
import { enterSources } from '../../tape/planning/sources.ts';
import { writeInitialStates, writeWeights } from '../../tape/planning/weights.ts';
import type { Architecture, EncodedSource, TargetPredictor, Weights } from '../engine.ts';
import { createMemory, instantiate, type Machine } from './module.ts';
import { rowTile } from './predictor.ts';

/** The tape and its memory, for sources of at most so many positions. */
interface Sized {
  readonly most: number;
  readonly tape: Plan;
  readonly encoder: Runner;
  readonly decoder: Runner;
  readonly floats: Float32Array;
  readonly integers: Int32Array;
}

/** The number of positions that there is room for at first. */
const fewPositions = 32;

/** Predicts a target of one row; what does not depend on its steps is computed once for a source. */
export class WasmTargetPredictor implements TargetPredictor {
  readonly outputs: number;
  readonly stateSize: number;
  readonly attention: readonly string[];
  readonly #machine: Machine;
  readonly #architecture: Architecture;
  readonly #compiled: CompiledTarget;
  readonly #layout: Layout;
  readonly #carry: number;
  #weights: Weights;
  #sized: Sized | null = null;
  /** The source whose values the memory has. */
  #current: EncodedSource | null = null;

  /** @param architecture has an encoder */
  constructor(machine: Machine, architecture: Architecture, weights: Weights) {
    this.#machine = machine;
    this.#architecture = architecture;
    this.#weights = weights;
    this.#compiled = compileTarget(architecture);
    const { graph, attention } = this.#compiled;
    this.attention = [...attention.keys()];
    this.outputs = outputLayerWidth(architecture);
    this.stateSize = carrySize(graph.states, 1);
    this.#layout = layOutParameters(parameters(architecture), [graph], reservedWords);
    this.#carry = this.#layout.end;
  }

  encode(source: Int32Array | Float32Array): EncodedSource {
    const { encoder: stack } = this.#architecture;
    const numbers = source instanceof Float32Array ? source : null;
    const each = numbers ? stack!.inputs : (stack!.tokensPerStep ?? 1);
    const positions = source.length / each;
    const sized = this.#for(positions);
    const { tape, floats, integers, encoder } = sized;
    if (numbers) floats.set(numbers, this.#inputs);
    const tokens = numbers ? Int32Array.from({ length: positions }, (_, s) => s) : source;
    enterSources(integers, tape, { tokens, positions, computed: positions }, 0);
    this.#beginStates(sized);
    encoder.run(0, 0, positions);
    const values = new Float32Array(tape.handedOn.reduce((sum, node) => sum + sizeOf(node, positions), 0));
    this.#eachRow(sized, positions, (at, width, from) => values.set(floats.subarray(at, at + width), from));
    this.#current = { positions, values };
    return this.#current;
  }

  initial(source: EncodedSource): Float32Array {
    const sized = this.#recall(source);
    const { floats, tape } = sized;
    this.#beginStates(sized);
    let at = this.#carry;
    for (const { node, lags } of this.#compiled.graph.states)
      for (let lag = 1; lag <= lags; lag++, at += node.width) {
        if (node.operation.kind !== 'begin') continue;
        const [, { node: start }] = node.inputs;
        const { at: from } = tape.locate(start);
        floats.copyWithin(at, from, from + node.width);
      }
    return floats.slice(this.#carry, this.#carry + this.stateSize);
  }

  next(
    source: EncodedSource,
    state: Float32Array,
    token: number,
    nextState: Float32Array,
    logits: Float32Array,
    attention?: Float32Array,
  ): void {
    const { floats, integers, tape, decoder } = this.#recall(source);
    floats.set(state, this.#carry);
    integers[tape.tokens[0]] = token;
    decoder.run(1, 0, source.positions);
    decoder.save(1);
    nextState.set(floats.subarray(this.#carry, this.#carry + this.stateSize));
    const { at } = tape.locate(this.#compiled.logits);
    logits.set(floats.subarray(at, at + this.outputs));
    if (attention) this.#writeAttention(tape, floats, source.positions, attention);
  }

  #writeAttention(tape: Plan, floats: Float32Array, positions: number, to: Float32Array): void {
    let index = 0;
    for (const node of this.#compiled.attention.values()) {
      const { at, stride } = tape.locate(node);
      for (let s = 0; s < positions; s++) to[index++] = floats[at + s * stride];
    }
  }

  load(weights: Weights): void {
    this.#weights = weights;
    this.#sized = null;
    this.#current = null;
  }

  /** Nothing is held outside of this object. */
  dispose(): void {}

  /** The first word of the numbers that are read, a look-up table with a row for each position. */
  get #inputs(): number {
    return aligned(this.#carry + this.stateSize);
  }

  #beginStates({ floats }: Sized): void {
    writeInitialStates(floats, this.#compiled.graph.states, this.#layout, this.#carry, 1);
  }

  /** Returns a tape whose memory has the values of a source. */
  #recall(source: EncodedSource): Sized {
    const sized = this.#for(source.positions);
    if (this.#current !== source)
      this.#eachRow(sized, source.positions, (at, width, from) =>
        sized.floats.set(source.values.subarray(from, from + width), at),
      );
    this.#current = source;
    return sized;
  }

  /** Visits the rows that the decoder reads of what was computed for a source. */
  #eachRow(
    { tape }: Sized,
    positions: number,
    visit: (at: number, width: number, index: number) => void,
  ): void {
    let index = 0;
    for (const node of tape.handedOn) {
      const { at, step } = tape.locate(node);
      for (let s = 0; s < (axisOf(node) ? positions : 1); s++, index += node.width)
        visit(at + s * step, node.width, index);
    }
  }

  /** Returns the tape, which is planned again where a source has more positions than all before. */
  #for(positions: number): Sized {
    if (this.#sized && positions <= this.#sized.most) return this.#sized;
    const most = Math.max(fewPositions, 2 ** Math.ceil(Math.log2(positions)));
    const { graph } = this.#compiled;
    const { encoder: stack } = this.#architecture;
    const numbers = stack!.input === 'numbers' ? most * stack!.inputs : 0;
    const tape = plan(graph, {
      rows: 1,
      firstRow: 0,
      batch: 1,
      steps: 1,
      positions: most,
      layout: this.#layout,
      start: aligned(this.#inputs + numbers),
      carry: this.#carry,
      gradients: 0,
      tables: { inputs: this.#inputs, targets: 0 },
      sourceApart: true,
    });
    const memory = createMemory(this.#machine.build, tape.end);
    const kernels = instantiate(this.#machine.module, memory, rowTile);
    const floats = new Float32Array(memory.buffer);
    writeWeights(floats, this.#layout, this.#weights);
    const { probabilities, packs } = this.#layout;
    for (const instruction of [...tape.setup, ...probabilities, ...packs]) bind(instruction, kernels)(0);
    const { sections, save } = tape.program;
    this.#current = null;
    this.#sized = {
      most,
      tape,
      encoder: new Runner({ sections: sections.slice(0, tape.firstHalf), save: [] }, kernels),
      decoder: new Runner({ sections: sections.slice(tape.firstHalf), save }, kernels),
      floats,
      integers: new Int32Array(memory.buffer),
    };
    return this.#sized;
  }
}

/** Returns the number of values of a node for a source. */
const sizeOf = (node: Node, positions: number): number => node.width * (axisOf(node) ? positions : 1);
