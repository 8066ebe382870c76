// Writes a network as an ONNX graph over whole sequences: an operator of ONNX for each layer that one
// computes, and a loop over the steps (Scan) for any other.
import type { Architecture, Weights } from '../../backend/engine.ts';
import {
  cellsOf,
  type DirectedCell,
  outputLayerWidth,
  outputWidth,
  readsBothWays,
  tokensOfStep,
} from '../../tape/architecture.ts';
import { type Node, type State, Graph as StepGraph } from '../../tape/graph.ts';
import { headOf } from '../../tape/heads/index.ts';
import { lower, lowerRecurrence } from '../../tape/lower.ts';
import { parameters } from '../../tape/parameters.ts';
import { stochasticNames } from '../../tape/stochastic.ts';
import type { ExportedState } from '../vocabulary.ts';
import { describeValue, elementTypes, type Graph, type Value } from './format.ts';
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
/** The outputs, [batch × time × outputs]. */
export const logitsOutput = 'logits';
export const probabilitiesOutput = 'probabilities';
/** The outputs of a network that predicts numbers by Gaussians, [batch × time × columns], standardised. */
export const meansOutput = 'means';
export const deviationsOutput = 'deviations';

/** The largest finite number of 32 bits. */
const largestNumber = (2 - 2 ** -23) * 2 ** 127;

/**
 * @param optionalStates whether a caller may leave the states out, which are then the initial ones; some
 * runtimes, such as those in JavaScript, accept no input that may be left out
 */
export function writeNetwork(
  architecture: Architecture,
  weights: Weights,
  optionalStates: boolean,
): { graph: Graph; states: readonly ExportedState[] } {
  return new NetworkWriter(architecture, weights, optionalStates).write();
}

/** Part of a network: the graph of a step, and the name of its layer. */
interface Part {
  readonly name: string;
  readonly prefix: string;
  readonly graph: StepGraph;
  /** Whether rows are read from their ends. */
  readonly backward: boolean;
}

class NetworkWriter {
  readonly #architecture: Architecture;
  readonly #weights: Weights;
  readonly #optionalStates: boolean;
  /** Whether a row may be read in parts: a network that reads it from its end too needs all of it. */
  readonly #handsOnStates: boolean;
  readonly #builder: GraphBuilder;
  /** The name and type of the input of a step, and its dimensions after [batch × time]. */
  readonly #read: { readonly name: string; readonly element: number; readonly dimensions: readonly number[] };
  readonly #inputs: Value[];
  readonly #outputs: Value[] = [];
  readonly #states: ExportedState[] = [];
  /** The sizes [batch] and [time, batch]. */
  readonly #batch: string;
  readonly #timeAndBatch: string;

  constructor(architecture: Architecture, weights: Weights, optionalStates: boolean) {
    this.#architecture = architecture;
    this.#weights = weights;
    this.#optionalStates = optionalStates;
    this.#handsOnStates = !readsBothWays(architecture);
    const builder = new GraphBuilder(weights, stochasticNames(parameters(architecture)));
    this.#builder = builder;
    const tokens = tokensOfStep(architecture);
    this.#read =
      architecture.input === 'numbers'
        ? { name: numbersInput, element: elementTypes.float32, dimensions: [architecture.inputs] }
        : { name: tokensInput, element: elementTypes.int64, dimensions: tokens > 1 ? [tokens] : [] };
    const { name, element, dimensions } = this.#read;
    this.#inputs = [describeValue(name, element, ['batch', 'time', ...dimensions])];
    const shape = builder.add('Shape', [name]);
    this.#batch = builder.add('Gather', [shape, builder.integers(0)]);
    this.#timeAndBatch = builder.add('Gather', [shape, builder.integers(1, 0)]);
  }

  write(): { graph: Graph; states: readonly ExportedState[] } {
    const builder = this.#builder;
    const { layers, likelihood } = this.#architecture;
    // Sequences are [time × batch × width], as the operators and the loop read them.
    const { name, dimensions } = this.#read;
    const steps = builder.add('Transpose', [name], { perm: [1, 0, ...dimensions.map((_, at) => 2 + at)] });
    const readsOutput = layers.some(({ cell }) => cell.outputLag > 0);
    const last = readsOutput ? this.#wholeNetwork(steps) : this.#layerByLayer(steps);
    const rows = builder.add('Transpose', [last], { perm: [1, 0, 2] });
    const results = likelihood === 'gaussian' ? this.#gaussians(rows) : this.#categories(rows);
    return {
      graph: builder.graph('network', this.#inputs, [...results, ...this.#outputs]),
      states: this.#states,
    };
  }

  #categories(logits: string): Value[] {
    const builder = this.#builder;
    builder.call(logits, logitsOutput);
    builder.addNode('Softmax', [logitsOutput], [probabilitiesOutput], { axis: -1 });
    return this.#results(logitsOutput, probabilitiesOutput);
  }

  /** The outputs are the means, and then the logarithms of the standard deviations. */
  #gaussians(moments: string): Value[] {
    const builder = this.#builder;
    const width = outputLayerWidth(this.#architecture);
    const half = width / 2;
    builder.call(builder.slice(moments, 2, 0, half), meansOutput);
    builder.addNode('Exp', [builder.slice(moments, 2, half, width)], [deviationsOutput]);
    return this.#results(meansOutput, deviationsOutput);
  }

  #results(...names: readonly string[]): Value[] {
    const { outputs } = this.#architecture;
    return names.map((name) => describeValue(name, elementTypes.float32, ['batch', 'time', outputs]));
  }

  /** A cell that reads the network's output makes one loop of all layers. */
  #wholeNetwork(steps: string): string {
    const { graph } = lower(this.#architecture, { dropout: 0, batch: 1 });
    const { element, dimensions } = this.#read;
    return this.#part({ name: 'network', prefix: '', graph, backward: false }, steps, element, dimensions);
  }

  #layerByLayer(steps: string): string {
    let x = this.#embed(steps);
    for (const index of this.#architecture.layers.keys()) {
      const below = x;
      const outputs = cellsOf(this.#architecture, index).map((directed) => this.#cell(directed, below));
      x = outputs.length === 1 ? outputs[0] : this.#builder.add('Concat', outputs, { axis: 2 });
    }
    const graph = new StepGraph();
    const width = outputWidth(this.#architecture);
    const given = graph.add({ kind: 'given', name: 'x' }, [], width, 'step');
    graph.roots.push(headOf(this.#architecture).lower(graph, given, this.#architecture));
    return this.#part({ name: 'output', prefix: '', graph, backward: false }, x, elementTypes.float32, [
      width,
    ]);
  }

  #cell({ cell, widths, prefix, backward }: DirectedCell, x: string): string {
    const { graph } = lowerRecurrence(cell, widths);
    const part = { name: prefix.replace(/\.$/, ''), prefix, graph, backward };
    const operator = recurrentCell(cell);
    return operator
      ? this.#operator(operator, part, x, widths)
      : this.#part(part, x, elementTypes.float32, [widths.x]);
  }

  #embed(steps: string): string {
    const builder = this.#builder;
    const { embedding, inputs } = this.#architecture;
    if (this.#read.name === numbersInput) return steps;
    if (this.#read.dimensions.length > 0) {
      const each = builder.add('Gather', [builder.withZeros('embedding'), steps]);
      return builder.add('ReduceSum', [each, builder.integers(2)], { keepdims: 0 });
    }
    if (embedding > 0) return builder.add('Gather', [builder.weight('embedding'), steps]);
    const values = builder.constant('constant/off,on', [2], Float32Array.of(0, 1));
    return builder.add('OneHot', [steps, builder.integers(inputs), values]);
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
    const initial = states.map((state) => builder.add('Unsqueeze', [this.#initial(prefix, state, 1), axis]));
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
      this.#final(prefix, state, 1, builder.add('Squeeze', [finals[index], axis]));
    return builder.add('Squeeze', [y, builder.integers(1)]);
  }

  /**
   * Writes a part as a loop over the steps; without states it is computed of all steps at once.
   * @param element the type of the input
   * @param widths the dimensions of the input after [time × batch]
   */
  #part(part: Part, input: string, element: number, widths: readonly number[]): string {
    const { prefix, graph, name, backward } = part;
    const [root] = graph.roots;
    if (graph.states.length === 0) {
      const earlier = () => {
        throw new Error('A part without states reads an earlier step.');
      };
      const tokens = tokensOfStep(this.#architecture);
      const step = { graph, prefix, input, tokens, rows: this.#timeAndBatch, earlier };
      return writeStep(this.#builder, step)(root);
    }
    const body = new GraphBuilder(this.#weights, new Set(), this.#builder);
    const before = (state: State, lag: number) => `${prefix}${state.key}[t-${lag}]`;
    const stateOf = new Map<Node, State>(graph.states.map((state) => [state.node, state]));
    const now = `${name}/input`;
    const valueAt = writeStep(body, {
      graph,
      prefix,
      input: now,
      tokens: tokensOfStep(this.#architecture),
      rows: this.#batch,
      earlier: (node, lag) => before(stateOf.get(node)!, lag),
    });
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
    const initial = lags.map(({ state, lag }) => this.#initial(prefix, state, lag));
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
    for (const [index, { state, lag }] of lags.entries()) this.#final(prefix, state, lag, results[index]);
    return results[results.length - 1];
  }

  /** Adds the input for a state `lag` steps back. @returns its value for every row, [batch × width] */
  #initial(prefix: string, { key, node, initial, first }: State, lag: number): string {
    const { width } = node;
    const input = `${prefix}${key}-${lag}`;
    const learned = 'learned' in initial ? this.#weights.get(prefix + initial.learned)!.data : null;
    const values = Float32Array.from({ length: width }, (_, unit) =>
      unit >= first ? 0 : 'value' in initial ? initial.value : learned![unit],
    );
    if (!this.#handsOnStates) {
      const value = this.#builder.constant(input, [1, width], values);
      return this.#builder.expand(value, this.#batch, width);
    }
    this.#inputs.push(
      describeValue(input, elementTypes.float32, [this.#optionalStates ? 'batch or 1' : 'batch', width]),
    );
    // JSON has no infinity, and no maximum is below the smallest number.
    const bounded = Array.from(values, (each) => Math.max(each, -largestNumber));
    this.#states.push({ input, output: `next/${input}`, initial: bounded });
    if (!this.#optionalStates) return input;
    this.#builder.constant(input, [1, width], values);
    return this.#builder.expand(input, this.#batch, width);
  }

  #final(prefix: string, { key, node }: State, lag: number, value: string): void {
    if (!this.#handsOnStates) return;
    const output = this.#builder.call(value, `next/${prefix}${key}-${lag}`);
    this.#outputs.push(describeValue(output, elementTypes.float32, ['batch', node.width]));
  }
}
