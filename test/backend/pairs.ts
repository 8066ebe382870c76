// The loss of an encoder-decoder on one pair in plain operations of TensorFlow.js, without batches, padding or tapes:
// the slow reference.
import * as tf from '@tensorflow/tfjs';
import { binary, unary } from '../../src/backend/tfjs/operations.ts';
import type { Expression } from '../../src/language/cell.ts';
import { widthOf } from '../../src/language/widths.ts';
import {
  type Architecture,
  cellsOf,
  type DirectedCell,
  encoderOf,
  encoderRole,
  type PlacedStack,
} from '../../src/tape/architecture.ts';

export interface Pair {
  readonly source: readonly number[];
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
}

type Parameters = Readonly<Record<string, tf.Tensor>>;

/** The end of the source and its positions, which a decoder's cells read. */
interface Encoded {
  readonly given: tf.Tensor;
  readonly positions: readonly tf.Tensor[];
}

/** Returns the sum of the cross-entropies of the counted targets, in nats. */
export function lossOfPair(architecture: Architecture, parameters: Parameters, pair: Pair): tf.Scalar {
  const encoded = encode(encoderOf(architecture)!, parameters, pair.source);
  const outputs = readStack(architecture, '', parameters, pair.inputs, encoded);
  const losses = outputs.flatMap((output, t) => {
    const target = pair.targets[t];
    const logits = tf.add(times(parameters['output.W'], output), parameters['output.b']);
    return target < 0 ? [] : [tf.neg(tf.gather(tf.logSoftmax(logits), target))];
  });
  return tf.sum(tf.stack(losses));
}

function encode(stack: PlacedStack, parameters: Parameters, source: readonly number[]): Encoded {
  const positions = readStack(stack, encoderRole, parameters, source, null);
  const [first, last] = [positions[0], positions.at(-1)!];
  const half = last.size / 2;
  const given = stack.layers.at(-1)?.bidirectional
    ? tf.concat([tf.slice(last, 0, half), tf.slice(first, half, half)])
    : last;
  return { given, positions };
}

function readStack(
  stack: PlacedStack,
  role: string,
  parameters: Parameters,
  tokens: readonly number[],
  encoded: Encoded | null,
): tf.Tensor[] {
  let sequence: tf.Tensor[] = tokens.map((token) => {
    const hot = tf.oneHot(tf.scalar(token, 'int32'), stack.inputs).toFloat();
    return stack.embedding > 0 ? tf.dot(hot as tf.Tensor1D, parameters[`${role}embedding`]) : hot;
  });
  for (const index of stack.layers.keys()) {
    const below = sequence;
    const [ahead, back] = cellsOf(stack, index, role).map((directed) => {
      const read = readCell(directed, parameters, directed.backward ? below.toReversed() : below, encoded);
      return directed.backward ? read.toReversed() : read;
    });
    sequence = back ? ahead.map((value, t) => tf.concat([value, back[t]])) : ahead;
  }
  return sequence;
}

function readCell(
  { cell, widths, prefix }: DirectedCell,
  parameters: Parameters,
  inputs: readonly tf.Tensor[],
  encoded: Encoded | null,
): tf.Tensor[] {
  const values = new Map<string, tf.Tensor[]>();
  const positioned = new Map<string, readonly tf.Tensor[]>([['m', encoded?.positions ?? []]]);
  const evaluate = (expression: Expression, t: number, s = -1): tf.Tensor => {
    switch (expression.kind) {
      case 'number':
        return tf.tensor1d([expression.value]);
      case 'given':
        return encoded!.given;
      case 'positioned':
        return positioned.get(expression.name)![s];
      case 'over': {
        const all = tf.stack(encoded!.positions.map((_, at) => evaluate(expression.operand, t, at)));
        if (expression.function === 'sum') return tf.sum(all, 0);
        return tf.gather(tf.softmax(tf.transpose(all)), s, 1);
      }
      case 'parameter':
        return parameters[prefix + expression.name];
      case 'vector': {
        const { name, lag } = expression;
        if (name === 'x') return t >= lag ? inputs[t - lag] : tf.zerosLike(inputs[0]);
        return t >= lag ? values.get(name)![t - lag] : start(name);
      }
      case 'product':
        return times(
          parameters[prefix + expression.matrix],
          evaluate(expression.operand, t, s),
          expression.transposed,
        );
      case 'unary':
        return unary[expression.function](evaluate(expression.operand, t, s));
      case 'binary':
        return binary[expression.operator](evaluate(expression.left, t, s), evaluate(expression.right, t, s));
    }
  };
  const start = (name: string): tf.Tensor => {
    const { width, initial } = cell.equations.find((equation) => equation.name === name)!;
    const units = widthOf(width, widths);
    const first = Math.min(initial.first ?? units, units);
    const value =
      initial.kind === 'computed'
        ? evaluate(initial.value, 0)
        : initial.kind === 'learned'
          ? parameters[`${prefix}${name}[0]`]
          : tf.fill([first], initial.value);
    const full = value.size === 1 ? tf.tile(value, [first]) : tf.slice(value, 0, first);
    return tf.pad(full as tf.Tensor1D, [[0, units - first]]);
  };
  for (const { name } of cell.equations) values.set(name, []);
  for (const t of inputs.keys())
    for (const { name, value, width, index } of cell.equations) {
      const full = (result: tf.Tensor) => {
        const units = widthOf(width, widths);
        return result.size === units ? result : tf.tile(result, [units]);
      };
      if (index === 't') values.get(name)!.push(full(evaluate(value, t)));
      else
        positioned.set(
          name,
          encoded!.positions.map((_, s) => full(evaluate(value, t, s))),
        );
    }
  return values.get(cell.output)!;
}

const times = (matrix: tf.Tensor, vector: tf.Tensor, transposed = false): tf.Tensor =>
  tf.reshape(tf.matMul(matrix as tf.Tensor2D, tf.reshape(vector, [-1, 1]), transposed), [-1]);
