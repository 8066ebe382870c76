// Lowers an architecture to the graph of one step of the whole network: embedding, layers, head.
import type { CheckedCell, Equation, Expression } from '../language/cell.ts';
import { type Widths, widthOf } from '../language/widths.ts';
import { type Architecture, layerWidths, outputWidth } from './architecture.ts';
import { Graph, type Node, now, type Read } from './graph.ts';
import { headOf } from './heads/index.ts';

export interface LowerOptions {
  /** The dropout rate of each layer's output, which is 0 outside of training. */
  readonly dropout: number;
  /** B, the number of streams of all threads together, which determines how dropout masks are numbered. */
  readonly batch: number;
}

export interface Lowered {
  readonly graph: Graph;
  readonly logits: Node;
  /** The vectors that the cells' equations define, by layer and name: `layers.0.h`. */
  readonly vectors: Map<string, Node>;
}

export function lower(architecture: Architecture, options: LowerOptions): Lowered {
  const { inputs, outputs, embedding, layers } = architecture;
  const graph = new Graph();
  const outputLag = Math.max(0, ...layers.map(({ cell }) => cell.outputLag));
  // The output is read before it is computed, so a placeholder stands for it until the value exists.
  const y = graph.add({ kind: 'copy' }, [], outputs, 'step');

  let x =
    embedding > 0
      ? graph.add({ kind: 'gather', matrices: ['embedding'], byColumns: false }, [], embedding, 'step')
      : graph.add({ kind: 'oneHot' }, [], inputs, 'step');
  const dropped = layers.map((_, index) => outputWidth(architecture, index));
  const perStep = dropped.reduce((sum, width) => sum + width, 0) * options.batch;
  const vectors = new Map<string, Node>();
  let first = 0;
  for (const [index, { cell }] of layers.entries()) {
    const prefix = `layers.${index}.`;
    const own = lowerCell(graph, cell.equations, prefix, layerWidths(architecture, index), { x, y });
    for (const [name, node] of own) vectors.set(prefix + name, node);
    x = own.get(cell.output)!;
    if (options.dropout > 0)
      x = graph.add({ kind: 'dropout', rate: options.dropout, first, perStep }, [now(x)], x.width, 'step');
    first += dropped[index] * options.batch;
  }

  const logits = headOf(architecture).lower(graph, x, architecture);
  graph.roots.push(logits);
  if (outputLag > 0) {
    y.inputs = [now(graph.add({ kind: 'softmax' }, [now(logits)], outputs, 'step'))];
    graph.states.push({ key: 'y', node: y, lags: outputLag, initial: { value: 0 }, first: outputs });
    graph.replace(y, y.inputs[0]);
  }
  return { graph, logits, vectors };
}

/** Lowers a cell by itself, over inputs that the caller gives; its names have no prefix. */
export function lowerRecurrence({ equations, output }: CheckedCell, widths: Widths) {
  const graph = new Graph();
  const x = graph.add({ kind: 'given', name: 'x' }, [], widths.x, 'step');
  graph.roots.push(lowerCell(graph, equations, '', widths, { x }).get(output)!);
  return { graph, x };
}

/** @param given the vectors that the equations read but do not define */
function lowerCell(
  graph: Graph,
  equations: readonly Equation[],
  prefix: string,
  widths: Widths,
  given: Readonly<Record<string, Node>>,
): Map<string, Node> {
  const vectors = new Map<string, Node>(Object.entries(given));
  for (const { name, width } of equations)
    vectors.set(name, graph.add({ kind: 'copy' }, [], widthOf(width, widths), 'step'));

  const read = (expression: Expression): Read => {
    const width = widthOf(expression.width, widths);
    const add = (operation: Parameters<Graph['add']>[0], inputs: Read[]): Read => {
      const once = inputs.every(({ node }) => node.per === 'once');
      return now(graph.add(operation, inputs, width, once ? 'once' : 'step'));
    };
    switch (expression.kind) {
      case 'number':
        return add({ kind: 'constant', value: expression.value }, []);
      case 'parameter':
        return add({ kind: 'parameter', names: [prefix + expression.name] }, []);
      case 'vector':
        return { node: vectors.get(expression.name)!, lag: expression.lag };
      case 'product':
        return add({ kind: 'matmul', matrices: [prefix + expression.matrix], transposed: false }, [
          read(expression.operand),
        ]);
      case 'unary':
        return add({ kind: expression.function }, [read(expression.operand)]);
      case 'binary': {
        const { operator, left, right } = expression;
        const operands = [left, right].map((operand) => widen(graph, read(operand), width));
        if (operator === 'power' && right.kind === 'number' && right.value === 2)
          return add({ kind: 'multiply' }, [operands[0], operands[0]]);
        return add({ kind: operator }, operands);
      }
    }
  };
  for (const { name, value, maxLag, initial } of equations) {
    const stand = vectors.get(name)!;
    let result = widen(graph, read(value), stand.width);
    // A state has a place of its own with a row for each stream, so another vector's value, or one row for
    // all, is copied.
    if (value.kind === 'vector' || result.node.per === 'once')
      result = now(graph.add({ kind: 'copy' }, [result], stand.width, 'step'));
    stand.inputs = [result];
    if (maxLag > 0)
      graph.states.push({
        key: prefix + name,
        node: stand,
        lags: maxLag,
        initial: initial.kind === 'learned' ? { learned: `${prefix}${name}[0]` } : { value: initial.value },
        first: Math.min(initial.first ?? stand.width, stand.width),
      });
    vectors.set(name, stand);
  }
  const stands = equations.map(({ name }) => vectors.get(name)!);
  const defined = new Map(equations.map(({ name }, index) => [name, stands[index].inputs[0].node]));
  // Only expressions may read a placeholder, and the graph finds those through its roots alone.
  const roots = graph.roots;
  graph.roots = stands.map((stand) => stand.inputs[0].node);
  for (const stand of stands) graph.replace(stand, stand.inputs[0]);
  graph.roots = roots;
  return defined;
}

/** Broadcasts one number for all units to the width of the other operand. */
function widen(graph: Graph, read: Read, width: number): Read {
  const { node } = read;
  if (node.width === width) return read;
  if (node.operation.kind === 'constant') return now(graph.add(node.operation, [], width, 'once'));
  return now(graph.add({ kind: 'broadcast' }, [read], width, node.per));
}
