// Writes an encoder-decoder as two ONNX graphs. The encoder reads a whole source; the decoder reads one token of the target
// and predicts the next one, from its states and from what the encoder has computed. What does not depend on a step of the
// decoder, such as the keys of attention, is computed once by the encoder.
import type { Architecture, Weights } from '../../backend/engine.ts';
import { encoded } from '../../language/words.ts';
import {
  encoderOf,
  encoderRole,
  outputWidth,
  type PlacedStack,
  readsBothWays,
} from '../../tape/architecture.ts';
import { attentionNames } from '../../tape/compile.ts';
import type { Node, State } from '../../tape/graph.ts';
import { type Lowered, lower } from '../../tape/lower.ts';
import { parameters } from '../../tape/parameters.ts';
import { stochasticNames } from '../../tape/stochastic.ts';
import { describeValue, elementTypes, type Graph, type Value } from './format.ts';
import { GraphBuilder } from './graphBuilder.ts';
import { initialValue, ownStates, SequenceWriter, sequenceInput } from './sequenceWriter.ts';
import { nodesOfStep, operandsOf, writeStep } from './step.ts';

/** The input of the decoder, whole numbers [batch]. */
export const tokenInput = 'token';
/** The output of the decoder, [batch × outputs]. */
export const logProbabilitiesOutput = 'log_probabilities';

/** The names of inputs and outputs, as a caller needs them. */
export interface EncoderDecoderNames {
  /** The outputs of the encoder that the decoder reads at every step, by the same names. */
  readonly encoded: readonly string[];
  /** The states of the decoder: the encoder has an output of the name of each input, with what a target begins with. */
  readonly states: readonly { readonly input: string; readonly output: string }[];
  /** The outputs of the decoder that say where it looks, [batch × positions]. */
  readonly attention: readonly string[];
}

export interface EncoderDecoderGraphs {
  readonly encoder: Graph;
  readonly decoder: Graph;
  readonly names: EncoderDecoderNames;
}

/** @param architecture has an encoder */
export function writeEncoderDecoder(architecture: Architecture, weights: Weights): EncoderDecoderGraphs {
  const writer = new EncoderDecoderWriter(architecture, weights);
  return { encoder: writer.encoder(), decoder: writer.decoder(), names: writer.names() };
}

/** A state of the decoder, `lag` steps back. */
interface LaggedState {
  readonly state: State;
  readonly lag: number;
}

class EncoderDecoderWriter {
  readonly #architecture: Architecture;
  readonly #weights: Weights;
  /** The decoder alone. */
  readonly #lowered: Lowered;
  readonly #states: readonly LaggedState[];
  readonly #attention: ReadonlyMap<string, Node>;
  /** The results of each step of the decoder. */
  readonly #roots: readonly Node[];
  /** The values that the encoder computes and steps of the decoder read, by their names. */
  readonly #handedOn: ReadonlyMap<Node, string>;

  constructor(architecture: Architecture, weights: Weights) {
    this.#architecture = architecture;
    this.#weights = weights;
    this.#lowered = lower(architecture, { dropout: false, batch: 1, decoderAlone: true });
    const { graph, logits, vectors } = this.#lowered;
    this.#states = graph.states.flatMap((state) =>
      Array.from({ length: state.lags }, (_, index) => ({ state, lag: index + 1 })),
    );
    this.#attention = new Map(attentionNames(architecture).map((name) => [name, vectors.get(name)!]));
    this.#roots = [logits, ...graph.states.map(({ node }) => node), ...this.#attention.values()];
    this.#handedOn = handedOnBy(this.#roots, vectors);
  }

  names(): EncoderDecoderNames {
    return {
      encoded: [...this.#handedOn.values()],
      states: this.#states.map((each) => ({ input: nameOf(each), output: `next/${nameOf(each)}` })),
      attention: [...this.#attention.keys()].map(attentionOutput),
    };
  }

  encoder(): Graph {
    const builder = this.#builder();
    const stack = encoderOf(this.#architecture)!;
    const { name, element, dimensions } = sequenceInput(stack);
    const sequences = new SequenceWriter(builder, stack, (batch) => ownStates(builder, batch));
    const last = sequences.layers(encoderRole);
    const { batch: rows } = sequences;
    const starts = this.#states.flatMap(({ state }) => startOf(state) ?? []);
    const roots = [...this.#handedOn.keys(), ...starts];
    const given = new Map(
      nodesOfStep(roots, () => false)
        .filter(({ operation }) => operation.kind === 'given')
        .map((node) => [
          node,
          givenName(node) === 'memory'
            ? builder.add('Transpose', [last], { perm: [1, 0, 2] })
            : writeEnd(builder, last, stack),
        ]),
    );
    const step = { prefix: '', input: '', tokens: 1, rows, earlier: noStep };
    const valueAt = writeStep(builder, step, roots, given);
    const outputs = [...this.#handedOn].map(([node, as]) => {
      builder.call(valueAt(node), as);
      return describe(as, node);
    });
    for (const each of this.#states) {
      const { state } = each;
      const { width } = state.node;
      const start = startOf(state);
      const value = start
        ? valueAt(start)
        : builder.constant(`${nameOf(each)}/constant`, [1, width], initialValue(this.#weights, '', state));
      const isWhole = start?.per === 'row';
      builder.call(isWhole ? value : builder.expand(value, rows, width), nameOf(each));
      outputs.push(describe(nameOf(each), state.node));
    }
    const input = describeValue(name, element, ['batch', 'positions', ...dimensions]);
    return builder.graph('encoder', [input], outputs);
  }

  decoder(): Graph {
    const builder = this.#builder();
    const { graph, logits } = this.#lowered;
    const stateOf = new Map(graph.states.map((state) => [state.node, state]));
    const rows = builder.add('Shape', [tokenInput]);
    const step = {
      prefix: '',
      input: tokenInput,
      tokens: 1,
      rows,
      earlier: (node: Node, lag: number) => nameOf({ state: stateOf.get(node)!, lag }),
    };
    const valueAt = writeStep(builder, step, this.#roots, this.#handedOn);
    builder.addNode('LogSoftmax', [valueAt(logits)], [logProbabilitiesOutput], { axis: -1 });
    const results = [
      describeValue(logProbabilitiesOutput, elementTypes.float32, ['batch', this.#architecture.outputs]),
    ];
    for (const each of this.#states) {
      const { state, lag } = each;
      const before = lag === 1 ? valueAt(state.node) : nameOf({ state, lag: lag - 1 });
      results.push(describe(builder.call(before, `next/${nameOf(each)}`), state.node));
    }
    for (const [name, node] of this.#attention) {
      const output = attentionOutput(name);
      builder.addNode('Squeeze', [valueAt(node), builder.integers(2)], [output]);
      results.push(describeValue(output, elementTypes.float32, ['batch', 'positions']));
    }
    const inputs = [
      describeValue(tokenInput, elementTypes.int64, ['batch']),
      ...this.#states.map((each) => describe(nameOf(each), each.state.node)),
      ...[...this.#handedOn].map(([node, name]) => describe(name, node)),
    ];
    return builder.graph('decoder', inputs, results);
  }

  #builder(): GraphBuilder {
    return new GraphBuilder(this.#weights, stochasticNames(parameters(this.#architecture)));
  }
}

const attentionOutput = (name: string): string => `attention/${name}`;

const nameOf = ({ state, lag }: LaggedState): string => `${state.key}-${lag}`;

/** Returns what is computed once for a source: what a state begins with. Null where it is a constant. */
const startOf = ({ node: { operation, inputs } }: State): Node | null =>
  operation.kind === 'begin' ? inputs[1].node : null;

/** Whether a node has no steps of the decoder: it is computed once for a source. */
const isOfSource = ({ per }: Node): boolean => per === 'row' || per === 'position';

function handedOnBy(roots: readonly Node[], vectors: ReadonlyMap<string, Node>): ReadonlyMap<Node, string> {
  const named = new Map([...vectors].map(([name, node]) => [node, name]));
  const read = nodesOfStep(roots, isOfSource)
    .flatMap(operandsOf)
    .map(({ node }) => node)
    .filter(isOfSource);
  let others = 0;
  return new Map(
    [...new Set(read)].map((node) => [node, givenName(node) ?? named.get(node) ?? `of_source/${others++}`]),
  );
}

/** Returns the name of what the encoder itself writes; null for what is computed of it. */
function givenName({ operation }: Node): string | null {
  if (operation.kind !== 'given') return null;
  return operation.name === encoded ? 'memory' : operation.name;
}

const describe = (name: string, { per, width }: Node): Value =>
  describeValue(
    name,
    elementTypes.float32,
    per === 'position' ? ['batch', 'positions', width] : ['batch', width],
  );

const noStep = () => {
  throw new Error('What is computed once for a source reads no step.');
};

/** Writes what the last layer puts out when it has read the whole source, from both ends where it reads both ways. */
function writeEnd(builder: GraphBuilder, last: string, stack: PlacedStack): string {
  const at = (position: number) => builder.add('Gather', [last, builder.whole(position)]);
  const layer = stack.layers.at(-1);
  if (!layer || !readsBothWays({ layers: [layer] })) return at(-1);
  const width = outputWidth(stack);
  const forward = builder.slice(at(-1), 1, 0, width / 2);
  const backward = builder.slice(at(0), 1, width / 2, width);
  return builder.add('Concat', [forward, backward], { axis: 1 });
}
