// The derivative of each operation, as operations. Where a value is read again on the way back it is saved: the
// comment says which. What has none passes nothing back.
import type { Kind, Node, Read } from './graph.ts';

export interface Local {
  /** The loss's derivative with respect to this node. */
  readonly dy: Read;
  /** Its value. */
  readonly y: Read;
  /** Its operands' values. */
  readonly inputs: readonly Read[];
  readonly node: Node;
  /** A new operation, as wide as the node unless said otherwise. */
  make(operation: Node['operation'], inputs: readonly Read[], width?: number): Read;
  constant(value: number): Read;
}

/** What each operand gets, in order; null is nothing. */
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
  /** Saves both; where they are equal the first gets all. */
  min: ({ dy, inputs: [a, b], make }) => [
    make({ kind: 'keepLessEqual' }, [dy, a, b]),
    make({ kind: 'keepGreater' }, [dy, a, b]),
  ],
  max: ({ dy, inputs: [a, b], make }) => [
    make({ kind: 'keepLessEqual' }, [dy, b, a]),
    make({ kind: 'keepGreater' }, [dy, b, a]),
  ],
  /** Saves both and the value. b·a^(b-1), not b·y/a: that is wrong at 0. An exponent learns where a > 0. */
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
  norm: ({ dy, y, inputs: [a], make }) => [make({ kind: 'normGradient' }, [dy, y, a])],
  spread: ({ dy, inputs: [a], make }) => [make({ kind: 'rowSum' }, [dy], a.node.width)],
  /** Makes the mask again. */
  dropout: ({ dy, node, make }) => [make(node.operation, [dy])],
  /** For the operand; what the product was added to gets dy as it is. */
  product: ({ dy, inputs: [x], node, make }) => [
    node.operation.kind === 'product'
      ? make({ ...node.operation, transposed: !node.operation.transposed }, [dy], x.node.width)
      : null,
    dy,
  ],
  gather: ({ dy }) => [dy],
  /** Saves the logits. The gradient begins here: dy is 1 for each counted target, over their number. */
  crossEntropy: ({ inputs: [logits], make }) => [
    make({ kind: 'crossEntropyGradient' }, [logits], logits.node.width),
  ],
};
