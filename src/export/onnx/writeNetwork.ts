// Writes a network as an ONNX graph over whole sequences, which a caller may read in parts.
import type { Architecture, Weights } from '../../backend/engine.ts';
import { outputLayerWidth, outputWidth, readsBothWays } from '../../tape/architecture.ts';
import { type State, Graph as StepGraph } from '../../tape/graph.ts';
import { headOf } from '../../tape/heads/index.ts';
import { lower } from '../../tape/lower.ts';
import { parameters } from '../../tape/parameters.ts';
import { stochasticNames } from '../../tape/stochastic.ts';
import type { ExportedState } from '../vocabulary.ts';
import { describeValue, elementTypes, type Graph, type Value } from './format.ts';
import { GraphBuilder } from './graphBuilder.ts';
import {
  type CarriedStates,
  initialValue,
  ownStates,
  SequenceWriter,
  sequenceInput,
} from './sequenceWriter.ts';

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

class NetworkWriter implements CarriedStates {
  readonly #architecture: Architecture;
  readonly #weights: Weights;
  readonly #optionalStates: boolean;
  readonly #builder: GraphBuilder;
  readonly #sequences: SequenceWriter;
  readonly #inputs: Value[];
  readonly #outputs: Value[] = [];
  readonly #states: ExportedState[] = [];

  constructor(architecture: Architecture, weights: Weights, optionalStates: boolean) {
    this.#architecture = architecture;
    this.#weights = weights;
    this.#optionalStates = optionalStates;
    const builder = new GraphBuilder(weights, stochasticNames(parameters(architecture)));
    this.#builder = builder;
    const { name, element, dimensions } = sequenceInput(architecture);
    this.#inputs = [describeValue(name, element, ['batch', 'time', ...dimensions])];
    // A row may be read in parts, unless a layer reads it from its end too.
    this.#sequences = new SequenceWriter(builder, architecture, (batch) =>
      readsBothWays(architecture) ? ownStates(builder, batch) : this,
    );
  }

  write(): { graph: Graph; states: readonly ExportedState[] } {
    const builder = this.#builder;
    const { layers, likelihood } = this.#architecture;
    // A cell that reads the network's output makes one loop of all layers.
    const readsOutput = layers.some(({ cell }) => cell.outputLag > 0);
    const last = readsOutput
      ? this.#sequences.network(lower(this.#architecture, { dropout: false, batch: 1 }).graph)
      : this.#head(this.#sequences.layers());
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

  #head(x: string): string {
    const graph = new StepGraph();
    const width = outputWidth(this.#architecture);
    const given = graph.add({ kind: 'given', name: 'x' }, [], width, 'step');
    graph.roots.push(headOf(this.#architecture).lower(graph, given, this.#architecture));
    const part = { name: 'output', prefix: '', graph, backward: false };
    return this.#sequences.part(part, x, elementTypes.float32, [width]);
  }

  /** Adds the input for a state `lag` steps back. @returns its value for every row, [batch × width] */
  initial(prefix: string, state: State, lag: number): string {
    const { width } = state.node;
    const input = `${prefix}${state.key}-${lag}`;
    const values = initialValue(this.#weights, prefix, state);
    this.#inputs.push(
      describeValue(input, elementTypes.float32, [this.#optionalStates ? 'batch or 1' : 'batch', width]),
    );
    // JSON has no infinity, and no maximum is below the smallest number.
    const bounded = Array.from(values, (each) => Math.max(each, -largestNumber));
    this.#states.push({ input, output: `next/${input}`, initial: bounded });
    if (!this.#optionalStates) return input;
    this.#builder.constant(input, [1, width], values);
    return this.#builder.expand(input, this.#sequences.batch, width);
  }

  final(prefix: string, { key, node }: State, lag: number, value: string): void {
    const output = this.#builder.call(value, `next/${prefix}${key}-${lag}`);
    this.#outputs.push(describeValue(output, elementTypes.float32, ['batch', node.width]));
  }
}
