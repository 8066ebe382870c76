// Lowers an architecture to the graph of one step of the whole network: embedding, layers, head.
import type { CheckedCell, Expression, InitialState } from '../language/cell.ts';
import { type Widths, widthOf } from '../language/widths.ts';
import { encoded } from '../language/words.ts';
import {
  type Architecture,
  cellsOf,
  type DirectedCell,
  encoderOf,
  encoderRole,
  outputWidth,
  type PlacedStack,
  type Stack,
  tokensOfStep,
} from './architecture.ts';
import { type Axis, axisOf, combined, Graph, type Node, now, type Read } from './graph.ts';
import { headOf } from './heads/index.ts';

export interface LowerOptions {
  /** The dropout rate of each layer's output, which is 0 outside of training. */
  readonly dropout: number;
  /** B, the number of streams of all threads together, which determines how dropout masks are numbered. */
  readonly batch: number;
  /**
   * Whether the caller gives what an encoder has written, `m` at each position and `given`, so that the graph is that of
   * the decoder alone.
   */
  readonly decoderAlone?: boolean;
}

export interface Lowered {
  readonly graph: Graph;
  readonly logits: Node;
  /** The vectors that the cells' equations define, by layer and name: `layers.0.h`. */
  readonly vectors: Map<string, Node>;
}

/** Lowers an architecture to the graph of its forward pass. */
export function lower(architecture: Architecture, options: LowerOptions): Lowered {
  const { outputs, layers } = architecture;
  const graph = new Graph();
  const outputLag = Math.max(0, ...layers.map(({ cell }) => cell.outputLag));
  // The output is read before it is computed, so a placeholder stands for it until the value exists.
  const y = graph.add({ kind: 'copy' }, [], outputs, 'step');

  const encoder = encoderOf(architecture);
  const stacks = encoder ? [encoder, architecture] : [architecture];
  const dropped = (stack: PlacedStack) => stack.layers.map((_, index) => outputWidth(stack, index));
  const perStep = sum(stacks.flatMap(dropped)) * options.batch;
  const vectors = new Map<string, Node>();
  const lowering = { graph, vectors, perStep, ...options };
  const written = encoder && writtenByEncoder(encoder, lowering);
  const first = encoder ? sum(dropped(encoder)) * options.batch : 0;
  const x = lowerStack(architecture, '', 'step', { y, ...written }, first, lowering);

  const head = headOf(architecture);
  const logits = head.lower(graph, x, architecture);
  graph.roots.push(logits);
  if (outputLag > 0) {
    y.inputs = [now(head.expected(graph, logits))];
    graph.states.push({ key: 'y', node: y, lags: outputLag, initial: { value: 0 }, first: outputs });
    graph.replace(y, y.inputs[0]);
  }
  return { graph, logits, vectors };
}

interface Lowering extends LowerOptions {
  readonly graph: Graph;
  readonly vectors: Map<string, Node>;
  /** The number of random numbers that the dropout masks of a step and a position take. */
  readonly perStep: number;
}

/** Returns what the encoder writes at each position, and what it ends with, by their names in a decoder. */
function writtenByEncoder(encoder: PlacedStack, lowering: Lowering): Readonly<Record<string, Node>> {
  const { graph, decoderAlone } = lowering;
  if (decoderAlone) {
    const width = outputWidth(encoder);
    const from = (name: string, per: Node['per']) => graph.add({ kind: 'given', name }, [], width, per);
    return { [encoded]: from(encoded, 'position'), given: from('given', 'row') };
  }
  const source = lowerStack(encoder, encoderRole, 'position', {}, 0, lowering);
  return { [encoded]: source, given: encodersEnd(graph, source, encoder) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/**
 * Lowers a stack of cells with its input.
 * @param outside the vectors that cells read besides their input
 * @param first the number of the first random number of its dropout masks
 * @returns the last layer's output, or the input where there is no layer
 */
function lowerStack(
  stack: PlacedStack,
  role: string,
  axis: Axis,
  outside: Readonly<Record<string, Node>>,
  first: number,
  { graph, vectors, perStep, dropout, batch }: Lowering,
): Node {
  const { inputs, input, embedding, layers } = stack;
  let x =
    input === 'numbers'
      ? graph.add({ kind: 'numbers' }, [], inputs, axis)
      : embedding > 0
        ? embed(graph, stack, role, axis)
        : graph.add({ kind: 'oneHot' }, [], inputs, axis);
  for (const [index, { cell }] of layers.entries()) {
    const outputsOfCells = cellsOf(stack, index, role).map((directed) => {
      const own = lowerCell(graph, directed, { x, ...outside }, axis);
      for (const [name, node] of own) vectors.set(directed.prefix + name, node);
      return own.get(cell.output)!;
    });
    x = sideBySide(graph, outputsOfCells);
    // A symbol whose probability is dropped would be impossible.
    if (dropout > 0 && !cell.distribution)
      x = graph.add({ kind: 'dropout', rate: dropout, first, perStep }, [now(x)], x.width, axis);
    first += outputWidth(stack, index) * batch;
  }
  return x;
}

/** Returns what the cells of an encoder's last layer put out when they have read the whole source. */
function encodersEnd(graph: Graph, output: Node, { layers }: Stack): Node {
  const both = layers.at(-1)?.bidirectional;
  const part = (from: number) =>
    graph.add({ kind: 'slice', from }, [now(output)], output.width / 2, output.per);
  const end = (of: Node, at: 'first' | 'last') =>
    graph.add({ kind: 'end', end: at }, [now(of)], of.width, 'row');
  return both
    ? sideBySide(graph, [end(part(0), 'last'), end(part(output.width / 2), 'first')])
    : end(output, 'last');
}

/** Sums the embeddings of a step's tokens. */
function embed(graph: Graph, stack: Stack, role: string, axis: Axis): Node {
  const gather = (token: number, onto: readonly Node[]): Node =>
    graph.add(
      { kind: 'gather', matrices: [`${role}embedding`], byColumns: false, ...(token > 0 && { token }) },
      onto.map(now),
      stack.embedding,
      axis,
    );
  let sum = gather(0, []);
  for (let token = 1; token < tokensOfStep(stack); token++) sum = gather(token, [sum]);
  return sum;
}

/** Lowers a cell by itself, over inputs that the caller gives; its names have no prefix. */
export function lowerRecurrence(cell: CheckedCell, widths: Widths) {
  const graph = new Graph();
  const x = graph.add({ kind: 'given', name: 'x' }, [], widths.x, 'step');
  const own = lowerCell(graph, { cell, widths, prefix: '', backward: false }, { x }, 'step');
  graph.roots.push(own.get(cell.output)!);
  return { graph, x };
}

/** Joins the outputs of a layer's cells. */
function sideBySide(graph: Graph, parts: readonly Node[]): Node {
  if (parts.length === 1) return parts[0];
  const columns = parts.map((_, index) => parts.slice(0, index).reduce((sum, { width }) => sum + width, 0));
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  return graph.add({ kind: 'join', columns }, parts.map(now), width, parts[0].per);
}

/**
 * @param outside the vectors that the equations read but do not define
 * @param axis what the cell reads step by step
 */
function lowerCell(
  graph: Graph,
  { cell: { equations, inputLag }, prefix, widths, backward }: DirectedCell,
  outside: Readonly<Record<string, Node>>,
  axis: Axis,
): Map<string, Node> {
  const vectors = new Map<string, Node>(Object.entries(outside));
  const pers = { t: axis, s: 'position', 't,s': 'pair' } as const;
  for (const { name, width, index } of equations)
    vectors.set(name, graph.add({ kind: 'copy' }, [], widthOf(width, widths), pers[index]));

  const kept = inputLag > 0 && !backward ? keptInput(graph, vectors.get('x')!, prefix, inputLag) : null;
  const masks = new Map<number, Node>();
  const maskOf = (width: number): Node => {
    const mask = masks.get(width) ?? graph.add({ kind: 'paddingMask' }, [], width, axis);
    masks.set(width, mask);
    return mask;
  };
  const starts = new Map(
    equations.map(({ name, initial, width }) => [
      name,
      () =>
        initialVector(graph, initial, `${prefix}${name}[0]`, widthOf(width, widths), (value) => read(value)),
    ]),
  );
  const masked = new Map<string, Node>();
  /**
   * Reads a vector `lag` steps later, where a row that is read from its end was before. Behind the row's last
   * step the vector is the initial state: m[t+lag] * v[t+lag] + (1 - m[t+lag]) * v[0], where m[t] is 0 at the
   * steps of padding and after the window.
   */
  const later = (name: string, lag: number): Read => {
    const node = vectors.get(name)!;
    const { width } = node;
    const mask = maskOf(width);
    const present = masked.get(name) ?? graph.add({ kind: 'multiply' }, [now(mask), now(node)], width, axis);
    masked.set(name, present);
    const read = { node: present, lag: -lag };
    const start = starts.get(name)?.() ?? null;
    if (!start) return read;
    const one = graph.add({ kind: 'constant', value: 1 }, [], width, 'once');
    const beyond = graph.add({ kind: 'subtract' }, [now(one), { node: mask, lag: -lag }], width, axis);
    const started = graph.add({ kind: 'multiply' }, [now(beyond), now(start)], width, axis);
    return now(graph.add({ kind: 'add' }, [read, now(started)], width, axis));
  };

  const read = (expression: Expression): Read => {
    const width = widthOf(expression.width, widths);
    const add = (operation: Parameters<Graph['add']>[0], inputs: Read[]): Read => {
      const per = combined(inputs.map(({ node }) => node.per));
      const operands = per === 'pair' ? inputs.map((input) => atEachPosition(graph, input)) : inputs;
      return now(graph.add(operation, operands, width, per));
    };
    switch (expression.kind) {
      case 'number':
        return add({ kind: 'constant', value: expression.value }, []);
      case 'parameter':
        return add({ kind: 'parameter', names: [prefix + expression.name] }, []);
      case 'given':
        return now(vectors.get('given')!);
      case 'positioned':
        return now(vectors.get(expression.name)!);
      case 'over':
        return expression.function === 'softmax'
          ? add({ kind: 'positionSoftmax' }, [read(expression.operand)])
          : sumOver(expression.operand);
      case 'vector':
        if (kept && expression.name === 'x' && expression.lag > 0) return { node: kept, lag: expression.lag };
        return backward && expression.lag > 0
          ? later(expression.name, expression.lag)
          : { node: vectors.get(expression.name)!, lag: expression.lag };
      case 'product':
        return add(
          {
            kind: 'matmul',
            matrices: [prefix + expression.matrix],
            transposed: expression.transposed,
          },
          [read(expression.operand)],
        );
      case 'unary':
        return (
          (expression.function === 'rowSum' && dot(expression.operand)) ||
          add({ kind: expression.function }, [read(expression.operand)])
        );
      case 'binary': {
        const { operator, left, right } = expression;
        const operands = [left, right].map((operand) => widen(graph, read(operand), width));
        if (operator === 'power' && right.kind === 'number' && right.value === 2)
          return add({ kind: 'multiply' }, [operands[0], operands[0]]);
        return add({ kind: operator }, operands);
      }
    }
  };
  /** Sums over the positions; a factor of one unit is the weight of each. */
  const sumOver = (operand: Expression): Read => {
    const factors = operand.kind === 'binary' && operand.operator === 'multiply' ? operand : null;
    const isWeight = ({ kind, width }: Expression) => kind !== 'number' && width === 1;
    const [weight, value] =
      factors && isWeight(factors.left)
        ? [factors.left, factors.right]
        : factors && isWeight(factors.right)
          ? [factors.right, factors.left]
          : [null, operand];
    const one = () => now(graph.add({ kind: 'constant', value: 1 }, [], 1, 'once'));
    let weights = weight ? read(weight) : one();
    let values = read(value);
    if (!isPositioned(values)) [weights, values] = [values, weights];
    if (!isPositioned(values)) throw new Error('What is summed has no positions.');
    // A value without positions weighs all of them alike.
    if (!isPositioned(weights)) {
      const { width } = values.node;
      const summed = addSum(one(), values, width);
      return now(
        graph.add(
          { kind: 'multiply' },
          [widen(graph, weights, width), summed],
          width,
          combined([weights.node.per, summed.node.per]),
        ),
      );
    }
    return addSum(weights, values, values.node.width);
  };
  const addSum = (weights: Read, values: Read, width: number): Read => {
    const isPair = [weights, values].some(({ node }) => node.per === 'pair');
    return now(graph.add({ kind: 'positionSum' }, [weights, values], width, isPair ? 'step' : 'row'));
  };
  /** Returns the dot product of a vector with one at each position; null where it is none. */
  const dot = (operand: Expression): Read | null => {
    if (operand.kind !== 'binary' || operand.operator !== 'multiply') return null;
    const width = widthOf(operand.width, widths);
    const sides = [operand.left, operand.right].map((side) => widen(graph, read(side), width));
    const [a, b] = isPositioned(sides[0]) ? [sides[1], sides[0]] : sides;
    if (isPositioned(a) || !isPositioned(b)) return null;
    return now(graph.add({ kind: 'positionDot' }, [a, b], 1, combined([a.node.per, b.node.per])));
  };
  for (const { name, value, maxLag, initial } of equations) {
    const stand = vectors.get(name)!;
    let result = widen(graph, read(value), stand.width);
    const isBare = value.kind === 'vector' || value.kind === 'positioned';
    // A state has a location of its own with a row for each stream, so another vector's value, or one row for
    // all, is copied.
    if (isBare || axisOf(result.node) === null)
      result = now(graph.add({ kind: 'copy' }, [result], stand.width, stand.per));
    if (maxLag > 0 && !backward) {
      // A computed state is zero in what is carried, and is written over it where a stream begins.
      if (initial.kind === 'computed')
        result = now(graph.add({ kind: 'begin' }, [result, now(starts.get(name)!()!)], stand.width, axis));
      graph.states.push({
        key: prefix + name,
        node: stand,
        lags: maxLag,
        initial:
          initial.kind === 'learned'
            ? { learned: `${prefix}${name}[0]` }
            : { value: initial.kind === 'constant' ? initial.value : 0 },
        first: Math.min(initial.first ?? stand.width, stand.width),
      });
    }
    stand.inputs = [result];
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

/** Adds the state that holds a layer's input for the steps that read it later; it is zero before the first. */
function keptInput(graph: Graph, x: Node, prefix: string, lags: number): Node {
  const node = graph.add({ kind: 'copy' }, [now(x)], x.width, x.per);
  graph.states.push({ key: `${prefix}x`, node, lags, initial: { value: 0 }, first: x.width });
  return node;
}

/**
 * Returns an initial state as a value that all rows share, or one for each stream; null where it is zero.
 * @param compute returns the value of an expression
 */
function initialVector(
  graph: Graph,
  { kind, value, first }: InitialState,
  name: string,
  width: number,
  compute: (value: Expression) => Read,
): Node | null {
  if (kind === 'constant' && value === 0) return null;
  const units = Math.min(first ?? width, width);
  if (kind === 'computed') {
    const { node } = widen(graph, compute(value), first ?? width);
    const start =
      node.width === units ? node : graph.add({ kind: 'slice', from: 0 }, [now(node)], units, node.per);
    return inFirstUnits(graph, start, width);
  }
  const start =
    kind === 'learned'
      ? graph.add({ kind: 'parameter', names: [name] }, [], units, 'once')
      : graph.add({ kind: 'constant', value }, [], units, 'once');
  return inFirstUnits(graph, start, width);
}

/** Fills a vector with zeros behind its first units. */
const inFirstUnits = (graph: Graph, start: Node, width: number): Node =>
  start.width === width ? start : graph.add({ kind: 'join', columns: [0] }, [now(start)], width, start.per);

const isPositioned = ({ node }: Read): boolean => node.per === 'position' || node.per === 'pair';

/** Repeats what has no positions at each of them; what all streams share needs no copies. */
const atEachPosition = (graph: Graph, read: Read): Read =>
  isPositioned(read) || read.node.per === 'once'
    ? read
    : now(graph.add({ kind: 'repeat' }, [read], read.node.width, 'pair'));

/** Broadcasts one number for all units to the width of the other operand. */
function widen(graph: Graph, read: Read, width: number): Read {
  const { node } = read;
  if (node.width === width) return read;
  if (node.operation.kind === 'constant') return now(graph.add(node.operation, [], width, 'once'));
  return now(graph.add({ kind: 'broadcast' }, [read], width, node.per));
}
