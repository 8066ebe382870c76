// Reads the graph of a recurrent language model: tokens are embedded or made one-hot vectors, recurrent
// operators follow one another, and a linear layer gives the logits.
import type { Weight } from '../../backend/engine.ts';
import { Problem } from '../../protocol/problem.ts';
import { attributesOf, type Constant, constantsOf, transpose } from './constants.ts';
import type { Graph, Node } from './format.ts';
import { isRecurrent, type NodeInputs, type OperatorCell, operatorCell } from './operatorCell.ts';

export interface ReadNetwork {
  /** The embedding [tokens × width]; null where tokens are one-hot vectors. */
  readonly embedding: Weight | null;
  /** The cells from the tokens upwards. */
  readonly cells: readonly OperatorCell[];
  /** The output layer: W [outputs × width] and b [outputs]. */
  readonly output: { readonly W: Weight; readonly b: Weight };
}

/** Operators that move numbers, or that have no effect when a model is used. */
const moving = new Set(
  ['Identity', 'Cast', 'Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Dropout'].concat('Expand'),
);
/** Operators that choose steps, such as the last one. */
const choosing = new Set([...moving, 'Slice', 'Gather', 'Split']);
/** Operators after the logits. */
const ending = new Set([...moving, 'Softmax', 'LogSoftmax']);

/** @throws Problem when the graph is something else */
export function readGraph(graph: Graph): ReadNetwork {
  return new GraphReader(graph).read();
}

/** Reads the recurrent operators of a graph one by one, without what is around them. @throws Problem */
export function readOperators(graph: Graph): OperatorCell[] {
  const reader = new GraphReader(graph);
  return graph.nodes.filter(isRecurrent).map((node) => reader.cell(node));
}

type Source = { readonly node: Node | null; readonly name: string };

class GraphReader {
  readonly #graph: Graph;
  readonly #constants: ReadonlyMap<string, Constant>;
  readonly #producers: ReadonlyMap<string, Node>;
  readonly #given: ReadonlySet<string>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#constants = constantsOf(graph);
    this.#producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
    this.#given = new Set(graph.inputs.map(({ name }) => name));
  }

  read(): ReadNetwork {
    const { nodes } = this.#graph;
    if (!nodes.some(isRecurrent)) {
      const loop = nodes.find(({ operator }) => operator === 'Scan' || operator === 'Loop');
      throw new Problem(
        loop
          ? `The ONNX file has a loop (${loop.operator}) of its own making in the place of a recurrent layer: export the model with LSTM, GRU or RNN operators.`
          : 'The ONNX file has no recurrent layer (LSTM, GRU or RNN).',
      );
    }
    const { output, below } = this.#output();
    const cells: OperatorCell[] = [];
    let source = below;
    while (source.node && isRecurrent(source.node)) {
      if (cells.length >= nodes.length)
        throw new Problem('The ONNX file is damaged: its layers form a circle.');
      cells.unshift(this.cell(source.node));
      source = this.#trace(source.node.inputs[0], moving);
    }
    const embedding = this.#embedding(source);
    const widths = [embedding ? embedding.shape[1] : cells[0].input, ...cells.map(({ hidden }) => hidden)];
    for (const [index, { input }] of cells.entries())
      if (input !== widths[index])
        throw new Problem(
          `Layer ${index + 1} of the ONNX file reads vectors of ${input} numbers, and those below it have ${widths[index]}.`,
        );
    if (output.W.shape[1] !== widths.at(-1))
      throw new Problem(
        `The output layer of the ONNX file reads vectors of ${output.W.shape[1]} numbers, and those of the last layer have ${widths.at(-1)}.`,
      );
    return { embedding, cells, output };
  }

  cell(node: Node): OperatorCell {
    const inputs: NodeInputs = {
      constant: (name) => this.#constants.get(name) ?? null,
      initialState: (name, hidden) => this.#initialState(name, hidden),
      steps: this.#steps(node),
    };
    return operatorCell(node, inputs);
  }

  /** Returns the number of steps that a node reads, where the graph's input says it. */
  #steps(node: Node): number | null {
    const input = this.#graph.inputs.find(({ name }) => name === node.inputs[0]);
    const dims = input?.type?.tensor?.shape?.dims ?? [];
    const time = attributesOf(node).get('layout')?.int === 1 ? 1 : 0;
    return dims[time]?.size || null;
  }

  /** Follows first inputs back over some operators. @returns the first other node, or none for an input */
  #trace(from: string, over: ReadonlySet<string>): Source {
    let name = from;
    // A damaged file may have a circle.
    for (let steps = 0; steps <= this.#graph.nodes.length; steps++) {
      const node = this.#producers.get(name);
      if (!node || !over.has(node.operator)) return { node: node ?? null, name };
      name = node.inputs[0];
    }
    throw new Problem('The ONNX file is damaged: its operators form a circle.');
  }

  /** Finds the output layer behind the graph's outputs. */
  #output(): { output: ReadNetwork['output']; below: Source } {
    let other: Node | null = null;
    for (const { name } of this.#graph.outputs) {
      const { node } = this.#trace(name, ending);
      if (!node || isRecurrent(node)) continue;
      const found = this.#linear(node);
      if (!found) {
        other ??= node;
        continue;
      }
      const below = this.#trace(found.input, choosing);
      if (below.node && isRecurrent(below.node)) return { output: found.output, below };
      other ??= below.node;
    }
    if (other) throw this.#unfit(other, 'between the recurrent layers and the output');
    throw new Problem(
      'The ONNX file has no output layer: after the recurrent layers comes a linear one (Gemm, or MatMul and Add), whose outputs are the tokens.',
    );
  }

  /** Reads a linear layer: Gemm, or MatMul, or MatMul and Add. */
  #linear(node: Node): { output: ReadNetwork['output']; input: string } | null {
    if (node.operator === 'Add') {
      for (const [product, bias] of [node.inputs, [...node.inputs].reverse()]) {
        const b = this.#constants.get(bias);
        const inner = b && this.#trace(product, moving).node;
        const found = inner?.operator === 'MatMul' ? this.#linear(inner) : null;
        if (b && found) return this.#withBias(found.output.W, b, found.input);
      }
      return null;
    }
    if (node.operator !== 'MatMul' && node.operator !== 'Gemm') return null;
    const [input, matrix, bias] = node.inputs;
    const attributes = attributesOf(node);
    const given = this.#constants.get(matrix);
    if (given?.shape.length !== 2) return null;
    const isOne = (name: string) => (attributes.get(name)?.float ?? 1) === 1;
    if (attributes.get('transA')?.int === 1 || !isOne('alpha') || !isOne('beta')) return null;
    const W = attributes.get('transB')?.int === 1 ? given : transpose(given, [1, 0])!;
    const b = bias ? this.#constants.get(bias) : { shape: [W.shape[0]], data: new Float32Array(W.shape[0]) };
    return b ? this.#withBias(weightOf(W), b, input) : null;
  }

  #withBias(
    W: Constant,
    b: Constant,
    input: string,
  ): { output: ReadNetwork['output']; input: string } | null {
    const outputs = W.shape[0];
    if (b.data.length !== outputs) return null;
    return { output: { W: weightOf(W), b: { shape: [outputs], data: Float32Array.from(b.data) } }, input };
  }

  /** Reads how tokens become vectors. @returns null for one-hot vectors */
  #embedding({ node, name }: Source): Weight | null {
    // The caller may give one-hot vectors.
    if (!node && this.#given.has(name)) return null;
    const tokens = node && this.#trace(node.inputs[node.operator === 'Gather' ? 1 : 0], moving);
    const isGiven = tokens && !tokens.node && this.#given.has(tokens.name);
    if (isGiven && node.operator === 'OneHot') return null;
    const table = node?.operator === 'Gather' ? this.#constants.get(node.inputs[0]) : null;
    if (isGiven && table?.shape.length === 2 && (attributesOf(node).get('axis')?.int ?? 0) === 0)
      return weightOf(table);
    if (node) throw this.#unfit(node, 'below the recurrent layers');
    throw new Problem('The recurrent layers of the ONNX file read no input.');
  }

  /** Reads an initial state. Where the caller gives it, a text begins with its default, or with zeros. */
  #initialState(name: string, hidden: number): Float32Array | null {
    if (name === '') return null;
    const constant = this.#constants.get(name) ?? this.#constants.get(this.#trace(name, choosing).name);
    if (!constant) {
      const source = this.#trace(name, choosing);
      if (!source.node) return null;
      if (source.node.operator === 'ConstantOfShape') {
        const value = attributesOf(source.node).get('value')?.tensor;
        if (!value || value.raw.every((byte) => byte === 0)) return null;
      }
      throw this.#unfit(source.node, 'in an initial state');
    }
    const { data } = constant;
    if (data.every((value) => value === 0)) return null;
    const isSame = data.every((value, index) => value === data[index % hidden]);
    if (data.length % hidden !== 0 || !isSame)
      throw new Problem(
        `The ONNX file has another initial state (${JSON.stringify(name)}) for each row: a model begins every text in one state.`,
      );
    return Float32Array.from(data.subarray(0, hidden));
  }

  #unfit({ operator, name }: Node, where: string): Problem {
    return new Problem(
      `The ONNX file has ${operator}${name === '' ? '' : ` (${JSON.stringify(name)})`} ${where}, which has no counterpart here: a model is an embedding, layers LSTM, GRU or RNN, and a linear output layer.`,
    );
  }
}

const weightOf = ({ shape, data }: Constant): Weight => ({ shape, data: Float32Array.from(data) });
