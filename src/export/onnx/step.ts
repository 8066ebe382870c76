// Writes the graph of one step as operators of ONNX: of a row of the batch, or of all steps at once where no
// value is read from an earlier step. What a decoder has at each position of a source has a dimension more,
// [rows × positions × width].
import { layerNormEpsilon } from '../../language/values.ts';
import { binaryOperations, isBinary, isUnary, unaryOperations } from '../../operations/elementwise.ts';
import type { Node, Read } from '../../tape/graph.ts';
import type { GraphBuilder } from './graphBuilder.ts';

export interface Step {
  /** The prefix of the names of parameters and states, as in `layers.0.`. */
  readonly prefix: string;
  /** The value that the step reads: tokens [rows], several of them [rows × tokens], or a vector [rows × width]. */
  readonly input: string;
  /** The number of tokens of a step. */
  readonly tokens: number;
  /** The sizes of the dimensions before the width, a vector of whole numbers. */
  readonly rows: string;
  /** Returns the value of a state `lag` steps before. */
  readonly earlier: (node: Node, lag: number) => string;
}

/**
 * Adds the operators of what `roots` depend on.
 * @param given the names of the values that are there already
 * @returns the name of each node's value
 */
export function writeStep(
  builder: GraphBuilder,
  step: Step,
  roots: readonly Node[],
  given: ReadonlyMap<Node, string> = new Map(),
): (node: Node) => string {
  const values = new Map(given);
  const value = ({ node, lag }: Read) => (lag > 0 ? step.earlier(node, lag) : values.get(node)!);
  for (const node of nodesOfStep(roots, (each) => given.has(each)))
    values.set(node, writeNode(builder, step, node, value));
  return (node) => values.get(node)!;
}

/** Returns the roots and what they depend on within a step, in the order of creation. @param isGiven ends the search */
export function nodesOfStep(roots: readonly Node[], isGiven: (node: Node) => boolean): Node[] {
  const found = new Set<Node>();
  const waiting = [...roots];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (found.has(node) || isGiven(node)) continue;
    found.add(node);
    for (const { node: operand, lag } of operandsOf(node)) if (lag === 0) waiting.push(operand);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

/** The operands that count at each step: what a state is before the first one comes from outside. */
export const operandsOf = ({ operation, inputs }: Node): readonly Read[] =>
  operation.kind === 'begin' ? inputs.slice(0, 1) : inputs;

const isPositioned = ({ per }: Node): boolean => per === 'position' || per === 'pair';

function writeNode(
  builder: GraphBuilder,
  { prefix, input, tokens, rows }: Step,
  node: Node,
  value: (read: Read) => string,
): string {
  const { operation, width } = node;
  const inputs = operandsOf(node).map((read) =>
    // A value without positions is the same at each of them.
    isPositioned(node) && !isPositioned(read.node) && read.node.per !== 'once'
      ? builder.add('Unsqueeze', [value(read), builder.integers(1)])
      : value(read),
  );
  switch (operation.kind) {
    case 'given':
    case 'numbers':
      return input;
    case 'constant':
      return builder.number(operation.value);
    case 'parameter':
      return builder.weight(prefix + operation.names[0]);
    case 'oneHot': {
      const values = builder.constant('constant/off,on', [2], Float32Array.of(0, 1));
      return builder.add('OneHot', [input, builder.integers(width), values]);
    }
    case 'gather': {
      const table = prefix + operation.matrices[0];
      // Among several tokens of a step there may be some that are not there.
      if (tokens === 1) return builder.add('Gather', [builder.weight(table), input]);
      const token = builder.add('Gather', [input, builder.whole(operation.token ?? 0)], { axis: 1 });
      const row = builder.add('Gather', [builder.withZeros(table), token]);
      return inputs.length > 0 ? builder.add('Add', [inputs[0], row]) : row;
    }
    case 'slice':
      return builder.slice(inputs[0], -1, operation.from, operation.from + width);
    case 'matmul':
      return builder.add('MatMul', [
        inputs[0],
        operation.transposed
          ? builder.weight(prefix + operation.matrices[0])
          : builder.transposed(prefix + operation.matrices[0]),
      ]);
    case 'rowSum':
      return builder.add('ReduceSum', [inputs[0], builder.integers(-1)], { keepdims: 1 });
    case 'broadcast':
      return builder.add('Expand', [inputs[0], builder.integers(width)]);
    case 'copy':
      // One row for all becomes a row for each.
      return node.inputs[0].node.per === 'once' ? builder.expand(inputs[0], rows, width) : inputs[0];
    case 'begin':
    case 'repeat':
      return inputs[0];
    case 'join': {
      // A state of which only the first units begin with something.
      const pads = [...Array(node.per === 'once' ? 1 : 3).fill(0), width - node.inputs[0].node.width];
      return builder.add('Pad', [inputs[0], builder.integers(...pads)]);
    }
    case 'softmax':
      return builder.add('Softmax', inputs, { axis: -1 });
    case 'positionSoftmax':
      return builder.add('Softmax', inputs, { axis: 1 });
    case 'positionSum': {
      const weighted = builder.add('Mul', inputs);
      return builder.add('ReduceSum', [weighted, builder.integers(1)], { keepdims: 0 });
    }
    case 'positionDot': {
      const products = builder.add('Mul', inputs);
      return builder.add('ReduceSum', [products, builder.integers(-1)], { keepdims: 1 });
    }
    case 'layerNorm': {
      const ones = builder.constant(`constant/ones/${width}`, [width], new Float32Array(width).fill(1));
      return builder.add('LayerNormalization', [inputs[0], ones], {
        axis: -1,
        epsilon: { float: layerNormEpsilon },
      });
    }
    default: {
      const { kind } = operation;
      if (isUnary(kind)) return builder.add(unaryOperations[kind].onnx, inputs);
      if (isBinary(kind)) return builder.add(binaryOperations[kind].onnx, inputs);
      throw new Error(`The graph of a step holds ${kind} only after a pass.`);
    }
  }
}
