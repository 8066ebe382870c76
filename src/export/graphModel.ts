// Exports a trained network as a graph model of TensorFlow.js: one step in standard operations, which a page
// runs without any code of ours. It reads tokens and states, and returns the next tokens' probabilities and
// the states after them.
import type { Architecture, Weights } from '../backend/engine.ts';
import type { CheckedCell, Equation, Expression, InitialState, UnaryFunction } from '../language/cell.ts';
import { layerNormEpsilon } from '../language/values.ts';
import { type Widths, widthOf } from '../language/widths.ts';
import { binaryOperations, unaryOperations } from '../operations/elementwise.ts';
import { layerWidths } from '../tape/architecture.ts';
import { givesDistribution } from '../tape/heads/distribution.ts';
import { withProbabilities } from '../tape/stochastic.ts';
import { refuseComputedState } from './refusals.ts';
import type { ExportedState } from './vocabulary.ts';

export interface GraphModel {
  readonly topology: object;
  readonly signature: object;
  /** The arrays in `weights`, in order. */
  readonly manifest: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: Type;
  }[];
  readonly weights: Uint8Array;
  readonly states: readonly ExportedState[];
}

/** The name of the only input besides the states, integers [batch]. */
export const tokenInput = 'token';
/** The name of the output, [batch × outputs]. */
export const probabilitiesOutput = 'probabilities';

type Type = 'float32' | 'int32';

export function graphModel(architecture: Architecture, weights: Weights): GraphModel {
  const { inputs, outputs, embedding, layers, tied } = architecture;
  const graph = new Topology(withProbabilities(architecture, weights));
  const token = graph.input(tokenInput, 'int32', [-1]);
  let x =
    embedding > 0
      ? graph.add('GatherV2', [graph.weight('embedding'), token, graph.constant([0], [], 'int32')])
      : graph.add(
          'OneHot',
          [token, graph.constant([inputs], [], 'int32'), graph.constant([1]), graph.constant([0])],
          { T: { type: 'DT_FLOAT' } },
        );
  const outputLag = Math.max(0, ...layers.map(({ cell }) => cell.outputLag));
  const y = graph.state('y', outputLag, outputs, () => 0);
  for (const [index, { cell }] of layers.entries()) {
    const widths = layerWidths(architecture, index);
    const below = x;
    const key = `layers.${index}.x`;
    const before = graph.state(key, cell.inputLag, widths.x, () => 0);
    const given = { x: (lag: number) => (lag === 0 ? below : before(lag)), y };
    x = new Layer(graph, cell, `layers.${index}.`, widths, given).step();
    graph.next(key, cell.inputLag, below);
  }
  const score = () => {
    const product = graph.add('MatMul', [x, graph.weight(tied ? 'embedding' : 'output.W')], transposed);
    return graph.add('Softmax', [graph.add('AddV2', [product, graph.weight('output.b')])]);
  };
  const probabilities = givesDistribution(architecture) ? x : score();
  graph.next('y', outputLag, probabilities);
  graph.output(probabilitiesOutput, probabilities);
  return graph.model();
}

const transposed = { transpose_b: { b: true } };

/** A vector that returns the name of its node at a number of steps back. */
type Lagged = (lag: number) => string;

/** One step of a layer. */
class Layer {
  readonly #graph: Topology;
  readonly #cell: CheckedCell;
  readonly #prefix: string;
  readonly #widths: Widths;
  readonly #vectors: Map<string, Lagged>;

  constructor(
    graph: Topology,
    cell: CheckedCell,
    prefix: string,
    widths: Widths,
    given: Readonly<Record<string, Lagged>>,
  ) {
    this.#graph = graph;
    this.#cell = cell;
    this.#prefix = prefix;
    this.#widths = widths;
    this.#vectors = new Map(Object.entries(given));
  }

  /** Adds the nodes of the step. @returns the vector that the layer above reads */
  step(): string {
    const graph = this.#graph;
    const { equations, output } = this.#cell;
    const before = new Map(equations.map((equation) => [equation.name, this.#state(equation)]));
    for (const [name, state] of before) this.#vectors.set(name, state);
    for (const { name, value, width, maxLag } of equations) {
      const now = this.#full(value, widthOf(width, this.#widths));
      const state = before.get(name)!;
      this.#vectors.set(name, (lag) => (lag === 0 ? now : state(lag)));
      graph.next(this.#prefix + name, maxLag, now);
    }
    return this.#vectors.get(output)!(0);
  }

  #state({ name, width, maxLag, initial }: Equation): Lagged {
    const key = this.#prefix + name;
    const units = widthOf(width, this.#widths);
    return this.#graph.state(key, maxLag, units, this.#initial(initial, `${key}[0]`, units));
  }

  #initial(initial: InitialState, name: string, units: number): (unit: number) => number {
    if (initial.kind === 'computed') refuseComputedState(name.slice(this.#prefix.length, -'[0]'.length));
    const { kind, value, first } = initial;
    const learned = kind === 'learned' ? this.#graph.values(name) : null;
    return (unit) => (unit >= (first ?? units) ? 0 : learned ? learned[unit] : value);
  }

  /**
   * Returns a node with a row for each element of the batch, where the expression has one row for all, or one
   * number for all units.
   */
  #full(value: Expression, width: number): string {
    const graph = this.#graph;
    const { name, rows } = this.#evaluate(value);
    if (rows && widthOf(value.width, this.#widths) === width) return name;
    const x = this.#vectors.get('x')!(0);
    const zeros = graph.constant(Array(this.#widths.x * width).fill(0), [this.#widths.x, width]);
    return graph.add('AddV2', [graph.add('MatMul', [x, zeros]), name]);
  }

  /**
   * Adds the nodes of an expression. @returns `rows`: whether it is [batch × width], or the same for the
   * whole batch and without that dimension
   */
  #evaluate(expression: Expression): { name: string; rows: boolean } {
    const graph = this.#graph;
    switch (expression.kind) {
      case 'number':
        return { name: graph.constant([expression.value]), rows: false };
      case 'given':
      case 'positioned':
      case 'over':
        throw new Error('Only a decoder reads from an encoder.');
      case 'parameter':
        return { name: graph.weight(this.#prefix + expression.name), rows: false };
      case 'vector':
        return { name: this.#vectors.get(expression.name)!(expression.lag), rows: true };
      case 'product': {
        const { name, rows } = this.#evaluate(expression.operand);
        const row = rows ? name : graph.add('Reshape', [name, graph.constant([1, -1], [2], 'int32')]);
        const matrix = graph.weight(this.#prefix + expression.matrix);
        const product = graph.add('MatMul', [row, matrix], expression.transposed ? {} : transposed);
        return {
          name: rows ? product : graph.add('Reshape', [product, graph.constant([-1], [1], 'int32')]),
          rows,
        };
      }
      case 'unary': {
        const { name, rows } = this.#evaluate(expression.operand);
        return { name: this.#unary(expression.function, name), rows };
      }
      case 'binary': {
        const sides = [expression.left, expression.right].map((side) => this.#evaluate(side));
        return {
          name: graph.add(
            binaryOperations[expression.operator].graphDef,
            sides.map(({ name }) => name),
          ),
          rows: sides.some(({ rows }) => rows),
        };
      }
    }
  }

  #unary(of: UnaryFunction, x: string): string {
    if (of === 'layerNorm') return this.#layerNorm(x);
    if (of === 'rowSum')
      return this.#graph.add('Sum', [x, this.#graph.constant([-1], [1], 'int32')], {
        keep_dims: { b: true },
      });
    return this.#graph.add(of === 'softmax' ? 'Softmax' : unaryOperations[of].graphDef, [x]);
  }

  #layerNorm(x: string): string {
    const graph = this.#graph;
    const mean = (of: string) =>
      graph.add('Mean', [of, graph.constant([-1], [1], 'int32')], { keep_dims: { b: true } });
    const centred = graph.add('Sub', [x, mean(x)]);
    const variance = mean(graph.add('Mul', [centred, centred]));
    const deviation = graph.add('Sqrt', [graph.add('AddV2', [variance, graph.constant([layerNormEpsilon])])]);
    return graph.add('RealDiv', [centred, deviation]);
  }
}

interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly tensorShape: { readonly dim: readonly { readonly size: string }[] };
}

/** Builds the nodes of TensorFlow's GraphDef, written as JSON. */
class Topology {
  readonly #weights: Weights;
  readonly #nodes: { name: string; op: string; input: readonly string[]; attr: object }[] = [];
  readonly #stored = new Map<
    string,
    { shape: readonly number[]; dtype: Type; data: Float32Array | Int32Array }
  >();
  readonly #inputs: Record<string, TensorInfo> = {};
  readonly #outputs: Record<string, { name: string }> = {};
  readonly #states: ExportedState[] = [];

  constructor(weights: Weights) {
    this.#weights = weights;
  }

  values(weight: string): Float32Array {
    return this.#weights.get(weight)!.data;
  }

  input(name: string, dtype: Type, shape: readonly number[]): string {
    const dim = shape.map((size) => ({ size: `${size}` }));
    this.#inputs[name] = { name: `${name}:0`, dtype: typeName[dtype], tensorShape: { dim } };
    return this.#node(name, 'Placeholder', [], {
      dtype: { type: typeName[dtype] },
      shape: { shape: { dim } },
    });
  }

  output(name: string, node: string): void {
    this.#node(name, 'Identity', [node]);
    this.#outputs[name] = { name: `${name}:0` };
  }

  /** Adds the inputs for a vector that is read up to `lags` steps later. */
  state(key: string, lags: number, width: number, initial: (unit: number) => number): Lagged {
    for (let lag = 1; lag <= lags; lag++) {
      const name = `${key}-${lag}`;
      this.input(name, 'float32', [-1, width]);
      const values = Array.from({ length: width }, (_, unit) => initial(unit));
      this.#states.push({ input: name, output: `next/${name}`, initial: values });
    }
    return (lag) => `${key}-${lag}`;
  }

  /** Adds the outputs for these inputs: each step moves every value to the next lag. */
  next(key: string, lags: number, now: string): void {
    for (let lag = 1; lag <= lags; lag++)
      this.output(`next/${key}-${lag}`, lag === 1 ? now : `${key}-${lag - 1}`);
  }

  weight(name: string): string {
    const { shape, data } = this.#weights.get(name)!;
    return this.#store(name, { shape, dtype: 'float32', data });
  }

  /** Adds a constant: one number, or several that are identified by the first two. */
  constant(values: readonly number[], shape: readonly number[] = [], dtype: Type = 'float32'): string {
    const data = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
    return this.#store(`constant/${dtype}/${shape.join('x')}/${values.slice(0, 2)}`, { shape, dtype, data });
  }

  add(op: string, input: readonly string[], attr: object = {}): string {
    return this.#node(`${op}/${this.#nodes.length}`, op, input, attr);
  }

  model(): GraphModel {
    const stored = [...this.#stored];
    const weights = new Uint8Array(stored.reduce((sum, [, { data }]) => sum + data.byteLength, 0));
    let at = 0;
    for (const [, { data }] of stored) {
      weights.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
      at += data.byteLength;
    }
    return {
      topology: { node: this.#nodes, library: {}, versions: { producer: 1 } },
      signature: { inputs: this.#inputs, outputs: this.#outputs },
      manifest: stored.map(([name, { shape, dtype }]) => ({ name, shape, dtype })),
      weights,
      states: this.#states,
    };
  }

  #store(
    name: string,
    what: { shape: readonly number[]; dtype: Type; data: Float32Array | Int32Array },
  ): string {
    if (this.#stored.has(name)) return name;
    this.#stored.set(name, what);
    return this.#node(name, 'Const', [], { dtype: { type: typeName[what.dtype] } });
  }

  #node(name: string, op: string, input: readonly string[], attr: object = {}): string {
    this.#nodes.push({ name, op, input, attr });
    return name;
  }
}

const typeName = { float32: 'DT_FLOAT', int32: 'DT_INT32' } as const;
