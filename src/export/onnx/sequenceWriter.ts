// Writes layers of cells over whole sequences, which are [time × batch × width]: an operator of ONNX for each cell that one
// computes, and a loop over the steps (Scan) for any other.
import type { Weights } from '../../backend/engine.ts';
import { cellsOf, type DirectedCell, type PlacedStack, tokensOfStep } from '../../tape/architecture.ts';
import type { Node, State, Graph as StepGraph } from '../../tape/graph.ts';
import { lowerRecurrence } from '../../tape/lower.ts';
import { describeValue, elementTypes } from './format.ts';
import { GraphBuilder } from './graphBuilder.ts';
import { packGates } from './packedGates.ts';
import { type RecurrentCell, recurrentCell } from './recurrentCell.ts';
import { writeStep } from './step.ts';

/**
 * The input of a network of tokens, whole numbers [batch × time]; [batch × time × tokens] where a step has several
 * tokens, of which -1 stands for one that is not there.
 */
export const tokensInput = 'tokens';
/** The input of a network of numbers, standardised [batch × time × columns]. */
export const numbersInput = 'numbers';

/** The input of a stack of cells. */
export interface SequenceInput {
  readonly name: string;
  readonly element: number;
  /** The dimensions after [batch × time]. */
  readonly dimensions: readonly number[];
}

export function sequenceInput(stack: PlacedStack): SequenceInput {
  if (stack.input === 'numbers')
    return { name: numbersInput, element: elementTypes.float32, dimensions: [stack.inputs] };
  const tokens = tokensOfStep(stack);
  return { name: tokensInput, element: elementTypes.int64, dimensions: tokens > 1 ? [tokens] : [] };
}

/** The sources of the states before the first step, and the names of those after the last one. */
export interface CarriedStates {
  /** Returns the value of a state `lag` steps back for every row, [batch × width]. @param prefix that of its cell */
  initial(prefix: string, state: State, lag: number): string;
  final(prefix: string, state: State, lag: number, value: string): void;
}

/** Part of a network: the graph of a step, and the name of its layer. */
export interface Part {
  readonly name: string;
  readonly prefix: string;
  readonly graph: StepGraph;
  /** Whether rows are read from their ends. */
  readonly backward: boolean;
}

export class SequenceWriter {
  readonly #builder: GraphBuilder;
  readonly #weights: Weights;
  readonly #stack: PlacedStack;
  readonly #input: SequenceInput;
  readonly #states: CarriedStates;
  /** The sizes [time, batch]. */
  readonly #timeAndBatch: string;
  /** The size [batch], a vector of whole numbers. */
  readonly batch: string;

  constructor(builder: GraphBuilder, stack: PlacedStack, states: (batch: string) => CarriedStates) {
    this.#builder = builder;
    this.#weights = builder.weights;
    this.#stack = stack;
    this.#input = sequenceInput(stack);
    const shape = builder.add('Shape', [this.#input.name]);
    this.batch = builder.add('Gather', [shape, builder.integers(0)]);
    this.#timeAndBatch = builder.add('Gather', [shape, builder.integers(1, 0)]);
    this.#states = states(this.batch);
  }

  /** Returns the input step by step, as the operators and the loop read it. */
  steps(): string {
    const { name, dimensions } = this.#input;
    return this.#builder.add('Transpose', [name], { perm: [1, 0, ...dimensions.map((_, at) => 2 + at)] });
  }

  /**
   * Writes the embedding and all layers.
   * @param role the beginning of the names of the stack's parameters: `encoder.`, or nothing
   * @returns the last layer's output, [time × batch × width]
   */
  layers(role = ''): string {
    let x = this.#embed(this.steps(), role);
    for (const index of this.#stack.layers.keys()) {
      const below = x;
      const outputs = cellsOf(this.#stack, index, role).map((directed) => this.#cell(directed, below));
      x = outputs.length === 1 ? outputs[0] : this.#builder.add('Concat', outputs, { axis: 2 });
    }
    return x;
  }

  /** Writes a network of which every step needs the output of the step before. */
  network(graph: StepGraph): string {
    const { element, dimensions } = this.#input;
    return this.part(
      { name: 'network', prefix: '', graph, backward: false },
      this.steps(),
      element,
      dimensions,
    );
  }

  #embed(steps: string, role: string): string {
    const builder = this.#builder;
    const { embedding, inputs } = this.#stack;
    const table = `${role}embedding`;
    if (this.#input.name === numbersInput) return steps;
    if (this.#input.dimensions.length > 0) {
      const each = builder.add('Gather', [builder.withZeros(table), steps]);
      return builder.add('ReduceSum', [each, builder.integers(2)], { keepdims: 0 });
    }
    if (embedding > 0) return builder.add('Gather', [builder.weight(table), steps]);
    const values = builder.constant('constant/off,on', [2], Float32Array.of(0, 1));
    return builder.add('OneHot', [steps, builder.integers(inputs), values]);
  }

  #cell({ cell, widths, prefix, backward }: DirectedCell, x: string): string {
    const { graph } = lowerRecurrence(cell, widths);
    const part = { name: prefix.replace(/\.$/, ''), prefix, graph, backward };
    const operator = recurrentCell(cell);
    return operator
      ? this.#operator(operator, part, x, widths)
      : this.part(part, x, elementTypes.float32, [widths.x]);
  }

  #operator(cell: RecurrentCell, part: Part, x: string, widths: { x: number; h: number }): string {
    const builder = this.#builder;
    const { name, prefix, graph, backward } = part;
    const { W, R, B, P } = packGates(cell, this.#weights, prefix, widths);
    const constant = (letter: string, weight: typeof P) =>
      weight ? builder.constant(prefix + letter, weight.shape, weight.data) : '';
    const key = (state: State) => state.key;
    const wanted = cell.operator === 'LSTM' ? [cell.h, cell.c] : [cell.h];
    const states = wanted.map((vector) => graph.states.find((state) => key(state) === vector)!);
    const axis = builder.integers(0);
    const initial = states.map((state) =>
      builder.add('Unsqueeze', [this.#states.initial(prefix, state, 1), axis]),
    );
    const inputs = [x, constant('W', W), constant('R', R), constant('B', B), '', ...initial];
    if (P) inputs.push(constant('P', P));
    const [y, ...finals] = builder.addNode(
      cell.operator,
      inputs,
      [`${prefix}Y`, ...states.map((state) => `${prefix}Y_${key(state)}`)],
      {
        hidden_size: widths.h,
        activations: cell.activations,
        direction: backward ? 'reverse' : 'forward',
        ...(cell.operator === 'GRU' ? { linear_before_reset: cell.resetAfter ? 1 : 0 } : {}),
      },
      name,
    );
    for (const [index, state] of states.entries())
      this.#states.final(prefix, state, 1, builder.add('Squeeze', [finals[index], axis]));
    return builder.add('Squeeze', [y, builder.integers(1)]);
  }

  /**
   * Writes a part as a loop over the steps; without states it is computed of all steps at once.
   * @param element the type of the input
   * @param widths the dimensions of the input after [time × batch]
   */
  part(part: Part, input: string, element: number, widths: readonly number[]): string {
    const { prefix, graph, name, backward } = part;
    const [root] = graph.roots;
    if (graph.states.length === 0) {
      const earlier = () => {
        throw new Error('A part without states reads an earlier step.');
      };
      const tokens = tokensOfStep(this.#stack);
      const step = { prefix, input, tokens, rows: this.#timeAndBatch, earlier };
      return writeStep(this.#builder, step, [root])(root);
    }
    const body = new GraphBuilder(this.#weights, new Set(), this.#builder);
    const before = (state: State, lag: number) => `${prefix}${state.key}[t-${lag}]`;
    const stateOf = new Map<Node, State>(graph.states.map((state) => [state.node, state]));
    const now = `${name}/input`;
    const step = {
      prefix,
      input: now,
      tokens: tokensOfStep(this.#stack),
      rows: this.batch,
      earlier: (node: Node, lag: number) => before(stateOf.get(node)!, lag),
    };
    const valueAt = writeStep(body, step, [root, ...graph.states.map(({ node }) => node)]);
    const lags = graph.states.flatMap((state) =>
      Array.from({ length: state.lags }, (_, index) => ({ state, lag: index + 1 })),
    );
    const after = lags.map(({ state, lag }) =>
      body.call(lag === 1 ? valueAt(state.node) : before(state, lag - 1), `${prefix}${state.key}[t]/${lag}`),
    );
    const output = body.call(valueAt(root), `${name}/output`);
    const ofStep = (value: string, width: number) =>
      describeValue(value, elementTypes.float32, ['batch', width]);
    const inner = body.graph(
      `${name}/step`,
      [
        ...lags.map(({ state, lag }) => ofStep(before(state, lag), state.node.width)),
        describeValue(now, element, ['batch', ...widths]),
      ],
      [...lags.map(({ state }, index) => ofStep(after[index], state.node.width)), ofStep(output, root.width)],
    );
    const initial = lags.map(({ state, lag }) => this.#states.initial(prefix, state, lag));
    const finals = lags.map(({ state, lag }) => `${prefix}${state.key}/final/${lag}`);
    const results = this.#builder.addNode(
      'Scan',
      [...initial, input],
      [...finals, `${name}/outputs`],
      {
        body: inner,
        num_scan_inputs: 1,
        ...(backward ? { scan_input_directions: [1], scan_output_directions: [1] } : {}),
      },
      name,
    );
    for (const [index, { state, lag }] of lags.entries())
      this.#states.final(prefix, state, lag, results[index]);
    return results[results.length - 1];
  }
}

/** Returns the initial value of a state as a constant, [1 × width]. */
export function initialValue(
  weights: Weights,
  prefix: string,
  { node: { width }, initial, first }: State,
): Float32Array {
  const learned = 'learned' in initial ? weights.get(prefix + initial.learned)!.data : null;
  return Float32Array.from({ length: width }, (_, unit) =>
    unit >= first ? 0 : 'value' in initial ? initial.value : learned![unit],
  );
}

/**
 * Begins every row with the initial states, which are nobody's to give.
 * @param batch the size [batch]
 */
export const ownStates = (builder: GraphBuilder, batch: string): CarriedStates => ({
  initial(prefix, state, lag) {
    const { node, key } = state;
    const { width, operation } = node;
    if (operation.kind === 'begin') return builder.expand(computedStart(builder, prefix, node), batch, width);
    const values = initialValue(builder.weights, prefix, state);
    return builder.expand(builder.constant(`${prefix}${key}-${lag}`, [1, width], values), batch, width);
  },
  final() {},
});

/** Writes what a state begins with that is computed of parameters alone, [width]. */
function computedStart(builder: GraphBuilder, prefix: string, { inputs: [, { node }] }: Node): string {
  const none = () => {
    throw new Error('An initial state reads no step.');
  };
  const step = { prefix, input: '', tokens: 1, rows: '', earlier: none };
  return writeStep(builder, step, [node])(node);
}
