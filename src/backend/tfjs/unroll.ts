// Unrolls a network over the steps of a window, one TensorFlow.js operation after the other.
import * as tf from '@tensorflow/tfjs';
import type { Expression, InitialState } from '../../language/cell.ts';
import { widthOf } from '../../language/widths.ts';
import { cellsOf, type DirectedCell, outputLayerWidth, tokensOfStep } from '../../tape/architecture.ts';
import { givesDistribution, leastProbability } from '../../tape/heads/distribution.ts';
import type { Architecture } from '../engine.ts';
import { expected, headOf } from './heads.ts';
import { rowsOf } from './loss.ts';
import { binary, unary } from './operations.ts';

/** The tensors of the parameters, under the names that parameters() gives. */
export type Parameters = ReadonlyMap<string, tf.Tensor>;

/** The states that the next step reads, each [B × width]: `layers.0.h@1` is layer 0's h[t-1]. */
export type States = tf.NamedTensorMap;

/** The results of a window. */
export interface Unrolled {
  /** The logits, [steps·batch × outputs], step by step. */
  readonly logits: tf.Tensor2D;
  /** The states after `carry` steps. */
  readonly states: States;
}

/** The options of a window. */
export interface UnrollOptions {
  /** The number of steps after which the states are returned. */
  readonly carry: number;
  /** Marks the rows of `before` that the initial state replaces, [B × 1] booleans; null for none. */
  readonly fresh?: tf.Tensor2D | null;
  /** The numbers that tokens are the indices of, [n × inputs]; null where tokens are read. */
  readonly numbers?: tf.Tensor2D | null;
  /** Returns the dropout mask of a layer's output at a step, [B × width]; null drops nothing. */
  readonly dropout: ((layer: number, step: number, rows: number, width: number) => tf.Tensor2D) | null;
}

/**
 * The values of a vector at each step so far, older steps first, beginning `lags` steps before the window.
 */
interface History {
  readonly lags: number;
  readonly values: tf.Tensor2D[];
}

/**
 * Unrolls the network.
 * @param x [batch × steps × tokens of a step], row-major
 * @param before null means the initial state
 */
export function unrollNetwork(
  architecture: Architecture,
  parameters: Parameters,
  x: Int32Array,
  batch: number,
  before: States | null,
  options: UnrollOptions,
): Unrolled {
  const { inputs, embedding, layers } = architecture;
  const each = tokensOfStep(architecture);
  const steps = x.length / batch / each;
  const histories = new Map<string, History>();
  const head = headOf(architecture);
  for (const vector of remembered(architecture)) {
    const { key, lags } = vector;
    const initial = () => initialState(vector, batch, parameters);
    const values: tf.Tensor2D[] = [];
    for (let lag = lags; lag >= 1; lag--) {
      const carried = before?.[`${key}@${lag}`] as tf.Tensor2D | undefined;
      if (!carried) values.push(initial());
      else values.push(options.fresh ? tf.where(options.fresh, initial(), carried) : carried);
    }
    histories.set(key, { lags, values });
  }

  const outputMatrix = parameters.get(architecture.tied ? 'embedding' : 'output.W') as tf.Tensor2D;
  const last = (key: string) => histories.get(key)!.values.at(-1)!;
  const tokensAt = (t: number, index = 0) =>
    tf.tensor1d(
      Array.from({ length: batch }, (_, row) => x[(row * steps + t) * each + index]),
      'int32',
    );
  const embed = (t: number): tf.Tensor2D => {
    if (options.numbers) return rowsOf(options.numbers, tokensAt(t));
    const all = Array.from({ length: each }, (_, index) =>
      tf.oneHot(tokensAt(t, index), inputs).toFloat(),
    ) as tf.Tensor2D[];
    const hot: tf.Tensor2D = tf.addN(all);
    return embedding > 0 ? tf.matMul(hot, parameters.get('embedding') as tf.Tensor2D) : hot;
  };
  const drop = (layer: number, t: number, value: tf.Tensor2D): tf.Tensor2D =>
    options.dropout && !layers[layer].cell.distribution
      ? tf.mul(value, options.dropout(layer, t, batch, value.shape[1]))
      : value;
  const score = (input: tf.Tensor2D): tf.Tensor2D => {
    const pooled = head.step(input, last);
    for (const [key, value] of Object.entries(pooled.states)) histories.get(key)!.values.push(value);
    const scores: tf.Tensor2D = givesDistribution(architecture)
      ? tf.log(tf.maximum(pooled.vector, leastProbability))
      : tf.add(tf.matMul(pooled.vector, outputMatrix, false, true), parameters.get('output.b')!);
    histories.get('y')?.values.push(expected(scores, architecture));
    return scores;
  };
  /** Computes one step of a layer's cell that reads from the start. */
  const forward = (layer: number, input: tf.Tensor2D, t: number): tf.Tensor2D =>
    cellStep(cellsOf(architecture, layer)[0], input, t, parameters, histories);
  const readLayer = (sequence: readonly tf.Tensor2D[], layer: number): tf.Tensor2D[] => {
    const [, backward] = cellsOf(architecture, layer);
    const ahead = sequence.map((input, t) => forward(layer, input, t));
    const back = backward && readBackward(backward, sequence, parameters, tokensAt);
    return ahead.map((value, t) => drop(layer, t, back ? tf.concat([value, back[t]], 1) : value));
  };

  const embedded = Array.from({ length: steps }, (_, t) => embed(t));
  // A cell that reads the network's output needs all layers of a step before the next step.
  const logits = histories.has('y')
    ? embedded.map((input, t) =>
        score(layers.reduce((value, _, layer) => drop(layer, t, forward(layer, value, t)), input)),
      )
    : layers.reduce((sequence, _, layer) => readLayer(sequence, layer), embedded).map(score);

  const states: States = {};
  for (const [key, { lags, values }] of histories)
    for (let lag = 1; lag <= lags; lag++)
      states[`${key}@${lag}`] = tf.clone(values[options.carry + lags - lag]);
  return { logits: steps > 0 ? tf.concat(logits, 0) : tf.zeros([0, outputLayerWidth(architecture)]), states };
}

/** Returns the shape of each state, [B × width], under the names of `States`. */
export function stateShapes(architecture: Architecture, batch: number): Map<string, [number, number]> {
  return new Map(
    remembered(architecture).flatMap(({ key, lags, width }) =>
      Array.from({ length: lags }, (_, index) => [`${key}@${index + 1}`, [batch, width]] as const),
    ),
  );
}

interface Remembered {
  readonly key: string;
  readonly lags: number;
  readonly width: number;
  /** The initial state, and the cell that it belongs to; or a number for all units. */
  readonly initial: { readonly initial: InitialState; readonly directed: DirectedCell } | number;
}

/**
 * Lists what a step may read: the cells' vectors, the head's states, and the output where a cell reads it.
 */
function remembered(architecture: Architecture): Remembered[] {
  const { outputs, layers } = architecture;
  const vectors = layers.flatMap((_, index) => historiesOf(cellsOf(architecture, index)[0]));
  const outputLag = Math.max(0, ...layers.map(({ cell }) => cell.outputLag));
  const output = outputLag > 0 ? [{ key: 'y', lags: outputLag, width: outputs, initial: 0 }] : [];
  const pooled = headOf(architecture)
    .states(architecture)
    .map((state) => ({ ...state, lags: 1 }));
  // This is the order of the compiled engine.
  return [...vectors, ...pooled, ...output];
}

/** Lists the vectors of a cell, and its input where earlier ones are read. */
const historiesOf = (directed: DirectedCell): Remembered[] => {
  const { cell, prefix, widths } = directed;
  return [
    ...(cell.inputLag > 0 ? [{ key: `${prefix}x`, lags: cell.inputLag, width: widths.x, initial: 0 }] : []),
    ...cell.equations.map((equation) => ({
      key: prefix + equation.name,
      lags: equation.maxLag,
      width: widthOf(equation.width, widths),
      initial: { initial: equation.initial, directed },
    })),
  ];
};

/**
 * Reads a sequence from each row's own end.
 * @param sequence the inputs, [rows × width] for each step
 * @param tokensAt returns the tokens of a step, [rows], which are below 0 where a row is padded
 * @returns the outputs of the cell in the order of the sequence
 */
function readBackward(
  directed: DirectedCell,
  sequence: readonly tf.Tensor2D[],
  parameters: Parameters,
  tokensAt: (t: number) => tf.Tensor1D,
): tf.Tensor2D[] {
  const histories = new Map<string, History>();
  const initials = new Map<string, tf.Tensor2D>();
  const rows = sequence[0]?.shape[0] ?? 0;
  for (const vector of historiesOf(directed)) {
    const { key, lags } = vector;
    const value = initialState(vector, rows, parameters);
    initials.set(key, value);
    histories.set(key, { lags, values: Array.from({ length: lags }, () => value) });
  }
  const outputs: tf.Tensor2D[] = [];
  for (const [index, input] of [...sequence].reverse().entries()) {
    outputs.unshift(cellStep(directed, input, index, parameters, histories));
    // A row that has not begun yet stays in its initial state.
    const hasBegun = tf.greaterEqual(tokensAt(sequence.length - 1 - index), 0).reshape([rows, 1]);
    for (const [key, { values }] of histories)
      values.push(tf.where(hasBegun, values.pop()!, initials.get(key)!));
  }
  return outputs;
}

/** @param key the name of the vector, with the prefix of its cell */
function initialState(
  { key, width, initial: from }: Remembered,
  batch: number,
  parameters: Parameters,
): tf.Tensor2D {
  if (typeof from === 'number') return tf.fill([batch, width], from);
  const { initial, directed } = from;
  const units = Math.min(initial.first ?? width, width);
  const start =
    initial.kind === 'computed'
      ? tf.slice(
          tf.add(tf.zeros([initial.first ?? width]), computed(initial.value, directed, parameters)),
          0,
          units,
        )
      : initial.kind === 'learned'
        ? parameters.get(`${key}[0]`)!
        : tf.fill([units], initial.value);
  return tf.tile(tf.reshape(tf.pad(start as tf.Tensor1D, [[0, width - units]]), [1, width]), [batch, 1]);
}

/** Computes an initial state, which reads no vectors. @returns one vector for all rows */
const computed = (value: Expression, directed: DirectedCell, parameters: Parameters): tf.Tensor =>
  evaluate(value, directed, parameters, ({ name }) => {
    throw new Error(`${name} is not known before the first step.`);
  }).flatten();

/** @param vectorAt returns a vector that the expression reads */
function evaluate(
  expression: Expression,
  { cell, prefix }: Pick<DirectedCell, 'cell' | 'prefix'>,
  parameters: Parameters,
  vectorAt: (read: Extract<Expression, { kind: 'vector' }>) => tf.Tensor,
): tf.Tensor {
  const matrixOf = (name: string): tf.Tensor2D => {
    const matrix = parameters.get(prefix + name) as tf.Tensor2D;
    const isStochastic = cell.parameters.some((parameter) => parameter.stochastic && parameter.name === name);
    return isStochastic ? tf.transpose(tf.softmax(tf.transpose(matrix))) : matrix;
  };
  const value = (part: Expression): tf.Tensor => {
    switch (part.kind) {
      case 'number':
        return tf.scalar(part.value);
      case 'given':
      case 'positioned':
      case 'over':
        throw new Error('TensorFlow.js trains no encoder-decoders here.');
      case 'parameter':
        return parameters.get(prefix + part.name)!;
      case 'vector':
        return vectorAt(part);
      case 'product': {
        const operand = value(part.operand);
        return tf.matMul(
          operand.rank === 2 ? (operand as tf.Tensor2D) : operand.reshape([1, -1]),
          matrixOf(part.matrix),
          false,
          !part.transposed,
        );
      }
      case 'unary':
        return unary[part.function](value(part.operand));
      case 'binary':
        return binary[part.operator](value(part.left), value(part.right));
    }
  };
  return value(expression);
}

/** Computes one step of one layer, adds the values to the histories, and returns the output. */
function cellStep(
  directed: DirectedCell,
  x: tf.Tensor2D,
  t: number,
  parameters: Parameters,
  histories: ReadonlyMap<string, History>,
): tf.Tensor2D {
  const { cell, widths, prefix } = directed;
  const rows = x.shape[0];
  const vectorAt = ({ name, lag }: { readonly name: string; readonly lag: number }): tf.Tensor => {
    if (name === 'x' && lag === 0) return x;
    const { lags, values } = histories.get(histories.has(prefix + name) ? prefix + name : 'y')!;
    return values[t + lags - lag];
  };
  let output: tf.Tensor2D = x;
  histories.get(`${prefix}x`)?.values.push(x);
  for (const { name, value, width } of cell.equations) {
    const result = evaluate(value, directed, parameters, vectorAt);
    const history = histories.get(prefix + name)!;
    // An equation without a vector has one value for all rows.
    const full =
      result.rank === 2 && result.shape[0] === rows
        ? result
        : tf.add(tf.zeros([rows, widthOf(width, widths)]), result);
    history.values.push(full as tf.Tensor2D);
    if (name === cell.output) output = full as tf.Tensor2D;
  }
  return output;
}
