// The derivative of each operation, written as operations. Values that the backward pass reads are saved, and
// a comment says which. An operation without a derivative here passes no gradient back.
import { binaryOperations, type Gradient, unaryOperations } from '../operations/elementwise.ts';
import { combined, type Kind, type Node, type Per, type Read } from './graph.ts';

/** The operation of which a derivative is written, with what may be read of it. */
export interface Local {
  /** The loss's derivative with respect to this node. */
  readonly dy: Read;
  /** The node's value. */
  readonly y: Read;
  /** The values of the node's operands. */
  readonly inputs: readonly Read[];
  readonly node: Node;
  /** Adds an operation, which is as wide as the node unless `width` is given, and for all that its inputs have. */
  make(operation: Node['operation'], inputs: readonly Read[], width?: number, per?: Per): Read;
  constant(value: number): Read;
}

/** Returns the gradient of each operand, in order; null where there is none. */
type Derivative = (local: Local) => readonly (Read | null)[];

/** Writes the derivative of an element-wise operation in nodes of the graph. */
const onGraph =
  (gradient: Gradient): Derivative =>
  ({ make, ...local }) =>
    gradient<Read>({ ...local, apply: (kind, ...operands) => make({ kind }, operands) });

/** The derivatives by the kind of operation; one that is missing passes no gradient back. */
export const derivatives: Partial<Record<Kind, Derivative>> = {
  ...Object.fromEntries(
    Object.entries({ ...unaryOperations, ...binaryOperations }).map(([name, { gradient }]) => [
      name,
      onGraph(gradient),
    ]),
  ),
  copy: ({ dy }) => [dy],
  /** A state before the first step gets its gradient where a later step reads it. */
  begin: ({ dy }) => [dy, null],
  /** Each position passes its gradient on; what was added to gets dy unchanged. */
  repeat: ({ dy, inputs: [a, onto], make }) => [
    make({ kind: 'positionSum' }, [make({ kind: 'constant', value: 1 }, [], 1), dy], a.node.width, 'step'),
    onto ? dy : null,
  ],
  /** Saves the value. */
  positionSoftmax: ({ dy, y, make }) => [make({ kind: 'positionSoftmaxGradient' }, [dy, y])],
  /** Saves both operands, as the dot product does. */
  positionSum: ({ dy, inputs: [a, b], make }) => {
    const per = combined([dy.node.per, a.node.per, b.node.per]);
    return [
      a.node.per === 'once' ? null : make({ kind: 'positionDot' }, [dy, b], 1, per),
      make({ kind: 'positionOuter' }, [a, dy], b.node.width, per),
    ];
  },
  positionDot: ({ dy, inputs: [a, b], make }) => [
    make({ kind: 'positionSum' }, [dy, b], a.node.width, dy.node.per === 'pair' ? 'step' : 'row'),
    make({ kind: 'positionOuter' }, [dy, a], b.node.width, dy.node.per),
  ],
  end: ({ dy, node, inputs: [a], make }) => {
    const { end } = node.operation as { end: 'first' | 'last' };
    return [make({ kind: 'endGradient', end }, [dy], node.width, a.node.per)];
  },
  sum: ({ dy, inputs }) => inputs.map(() => dy),
  /** Saves the value. */
  softmax: ({ dy, y, make }) => [make({ kind: 'softmaxGradient' }, [dy, y])],
  /** Saves the value and the operand. */
  layerNorm: ({ dy, y, inputs: [a], make }) => [make({ kind: 'layerNormGradient' }, [dy, y, a])],
  broadcast: ({ dy, inputs: [a], make }) => [make({ kind: 'rowSum' }, [dy], a.node.width)],
  rowSum: ({ dy, inputs: [a], make }) => [make({ kind: 'broadcast' }, [dy], a.node.width)],
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
  join: ({ dy, inputs, node, make }) =>
    inputs.map(({ node: { width } }, index) => {
      const { columns } = node.operation as { columns: readonly number[] };
      return make({ kind: 'slice', from: columns[index] }, [dy], width);
    }),
  /** Saves the logits. The gradient begins here: each counted target weighs one over their number. */
  crossEntropy: ({ inputs: [logits], make }) => [
    make({ kind: 'crossEntropyGradient' }, [logits], logits.node.width),
  ],
  /** Saves the means and spreads, and begins like `crossEntropy`. */
  gaussian: ({ inputs: [moments], make }) => [
    make({ kind: 'gaussianGradient' }, [moments], moments.node.width),
  ],
};
