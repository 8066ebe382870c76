// The derivative of each operation, written as operations. Values that the backward pass reads are saved, and
// a comment says which. An operation without a derivative here passes no gradient back.
import type { Kind, Node, Read } from './graph.ts';

export interface Local {
  /** The loss's derivative with respect to this node. */
  readonly dy: Read;
  /** The node's value. */
  readonly y: Read;
  /** The values of the node's operands. */
  readonly inputs: readonly Read[];
  readonly node: Node;
  /** Adds an operation, which is as wide as the node unless `width` is given. */
  make(operation: Node['operation'], inputs: readonly Read[], width?: number): Read;
  constant(value: number): Read;
}

/** Returns the gradient of each operand, in order; null where there is none. */
type Derivative = (local: Local) => readonly (Read | null)[];

export const derivatives: Partial<Record<Kind, Derivative>> = {
  copy: ({ dy }) => [dy],
  negate: ({ dy, make }) => [make({ kind: 'negate' }, [dy])],
  add: ({ dy }) => [dy, dy],
  sum: ({ dy, inputs }) => inputs.map(() => dy),
  subtract: ({ dy, make }) => [dy, make({ kind: 'negate' }, [dy])],
  /** Saves both factors. */
  multiply: ({ dy, inputs: [a, b], make }) => [
    make({ kind: 'multiply' }, [dy, b]),
    make({ kind: 'multiply' }, [dy, a]),
  ],
  /** Saves the value and the divisor. */
  divide: ({ dy, y, inputs: [, b], make }) => {
    const quotient = make({ kind: 'divide' }, [dy, b]);
    return [quotient, make({ kind: 'negate' }, [make({ kind: 'multiply' }, [quotient, y])])];
  },
  /** Saves both operands; where they are equal, the first gets the whole gradient. */
  min: ({ dy, inputs: [a, b], make }) => [
    make({ kind: 'keepLessEqual' }, [dy, a, b]),
    make({ kind: 'keepGreater' }, [dy, a, b]),
  ],
  max: ({ dy, inputs: [a, b], make }) => [
    make({ kind: 'keepLessEqual' }, [dy, b, a]),
    make({ kind: 'keepGreater' }, [dy, b, a]),
  ],
  /**
   * Saves both operands and the value. The base gets b·a^(b-1) and not b·y/a, which is wrong at 0. The
   * exponent gets a gradient only where a > 0.
   */
  power: ({ dy, y, inputs: [a, b], make, constant }) => {
    const lower = make({ kind: 'power' }, [a, make({ kind: 'subtract' }, [b, constant(1)])]);
    const slope = make({ kind: 'multiply' }, [y, make({ kind: 'log' }, [a])]);
    return [
      make({ kind: 'multiply' }, [make({ kind: 'multiply' }, [dy, b]), lower]),
      make({ kind: 'keepGreater' }, [make({ kind: 'multiply' }, [dy, slope]), a, constant(0)]),
    ];
  },
  /** Saves the value. */
  sigmoid: ({ dy, y, make }) => [make({ kind: 'sigmoidGradient' }, [dy, y])],
  /** Saves the value. */
  tanh: ({ dy, y, make }) => [make({ kind: 'tanhGradient' }, [dy, y])],
  /** Saves the value. */
  relu: ({ dy, y, make, constant }) => [make({ kind: 'keepGreater' }, [dy, y, constant(0)])],
  /** Saves the value. */
  exp: ({ dy, y, make }) => [make({ kind: 'multiply' }, [dy, y])],
  /** Saves the operand. */
  log: ({ dy, inputs: [a], make }) => [make({ kind: 'divide' }, [dy, a])],
  /** Saves the value. */
  sqrt: ({ dy, y, make, constant }) => [
    make({ kind: 'divide' }, [make({ kind: 'multiply' }, [dy, constant(0.5)]), y]),
  ],
  /** Saves the operand. */
  abs: ({ dy, inputs: [a], make }) => [make({ kind: 'multiply' }, [dy, make({ kind: 'sign' }, [a])])],
  /** Saves the value. */
  softmax: ({ dy, y, make }) => [make({ kind: 'softmaxGradient' }, [dy, y])],
  /** Saves the value and the operand. */
  layerNorm: ({ dy, y, inputs: [a], make }) => [make({ kind: 'layerNormGradient' }, [dy, y, a])],
  broadcast: ({ dy, inputs: [a], make }) => [make({ kind: 'rowSum' }, [dy], a.node.width)],
  /** Generates the same mask again instead of saving it. */
  dropout: ({ dy, node, make }) => [make(node.operation, [dy])],
  /** The operand gets a product with the transpose; what the product was added to gets dy unchanged. */
  matmul: ({ dy, inputs: [x], node, make }) => [
    node.operation.kind === 'matmul'
      ? make({ ...node.operation, transposed: !node.operation.transposed }, [dy], x.node.width)
      : null,
    dy,
  ],
  gather: ({ dy }) => [dy],
  /** Saves the logits. The gradient begins here: each counted target weighs one over their number. */
  crossEntropy: ({ inputs: [logits], make }) => [
    make({ kind: 'crossEntropyGradient' }, [logits], logits.node.width),
  ],
};
