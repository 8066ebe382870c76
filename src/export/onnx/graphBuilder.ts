// Builds the nodes of an ONNX graph. The body of a loop is a graph of its own, which reads the values of the
// graph around it by their names.
import type { Weights } from '../../backend/engine.ts';
import { attributeOf, type Graph, type Node, type Tensor, tensorOf, type Value } from './format.ts';

export type Attributes = Readonly<Record<string, Parameters<typeof attributeOf>[1]>>;

export class GraphBuilder {
  readonly weights: Weights;
  readonly #stochastic: ReadonlySet<string>;
  readonly #outer: GraphBuilder | null;
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Tensor>();
  readonly #transposed = new Map<string, string>();
  readonly #withZeros = new Map<string, string>();
  readonly #probabilities = new Map<string, string>();
  #count = 0;

  /**
   * @param stochastic the names of the matrices whose columns are the softmax of what is in `weights`
   * @param outer the graph around a body, which then holds all constants
   */
  constructor(weights: Weights, stochastic: ReadonlySet<string>, outer: GraphBuilder | null = null) {
    this.weights = weights;
    this.#stochastic = stochastic;
    this.#outer = outer;
  }

  /** Adds a node with one output. @returns the output's name */
  add(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const [output] = this.addNode(operator, inputs, [`${operator}/${this.#root.#count++}`], attributes);
    return output;
  }

  addNode(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
    name = outputs[0],
  ): readonly string[] {
    this.#nodes.push({
      inputs: [...inputs],
      outputs: [...outputs],
      name,
      operator,
      attributes: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
      domain: '',
    });
    return outputs;
  }

  /** Gives a value another name, which an output of the graph needs. */
  call(value: string, name: string): string {
    return this.addNode('Identity', [value], [name])[0];
  }

  /** Returns a parameter of the network; a stochastic matrix is computed outside of loops. */
  weight(name: string): string {
    const { shape, data } = this.weights.get(name)!;
    const stored = this.constant(name, shape, data);
    const root = this.#root;
    if (!root.#stochastic.has(name)) return stored;
    const value = root.#probabilities.get(name) ?? root.add('Softmax', [stored], { axis: 0 });
    root.#probabilities.set(name, value);
    return value;
  }

  /** Returns the transpose of a matrix, which is computed outside of loops. */
  transposed(name: string): string {
    const root = this.#root;
    let value = root.#transposed.get(name);
    if (value === undefined) {
      value = root.add('Transpose', [root.weight(name)], { perm: [1, 0] });
      root.#transposed.set(name, value);
    }
    return value;
  }

  /** Returns a table with a row of zeros behind its last one, which the number -1 names. */
  withZeros(name: string): string {
    const root = this.#root;
    let value = root.#withZeros.get(name);
    if (value === undefined) {
      const [, width] = this.weights.get(name)!.shape;
      const zeros = root.constant(`constant/zeros/${width}`, [1, width], new Float32Array(width));
      value = root.add('Concat', [root.weight(name), zeros], { axis: 0 });
      root.#withZeros.set(name, value);
    }
    return value;
  }

  /** Returns the entries `from` to `to`, exclusively, along an axis. */
  slice(value: string, axis: number, from: number, to: number): string {
    return this.add('Slice', [value, this.integers(from), this.integers(to), this.integers(axis)]);
  }

  number(value: number): string {
    return this.constant(`constant/${value}`, [], Float32Array.of(value));
  }

  /** Returns a whole number, such as an index. */
  whole(value: number): string {
    return this.constant(`constant/${value}n`, [], BigInt64Array.of(BigInt(value)));
  }

  /** Returns a vector of whole numbers, such as a shape. */
  integers(...values: readonly number[]): string {
    return this.constant(
      `constant/[${values}]`,
      [values.length],
      BigInt64Array.from(values, (value) => BigInt(value)),
    );
  }

  constant(name: string, shape: readonly number[], data: Float32Array | BigInt64Array): string {
    const known = this.#root.#initializers;
    if (!known.has(name)) known.set(name, tensorOf(name, shape, data));
    return name;
  }

  /** Broadcasts to the sizes in `leading`, a vector of whole numbers, and then `width`. */
  expand(value: string, leading: string, width: number): string {
    const shape = this.add('Concat', [leading, this.integers(width)], { axis: 0 });
    return this.add('Expand', [value, shape]);
  }

  /** Returns the graph. A body has no constants of its own. */
  graph(name: string, inputs: readonly Value[], outputs: readonly Value[]): Graph {
    return {
      nodes: this.#nodes,
      name,
      initializers: [...this.#initializers.values()],
      inputs: [...inputs],
      outputs: [...outputs],
    };
  }

  get #root(): GraphBuilder {
    return this.#outer ? this.#outer.#root : this;
  }
}
