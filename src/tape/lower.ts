// Lowers an architecture to the graph of one step of the whole network: embedding, layers, head.
import type { CheckedCell } from '../language/cell.ts';
import type { Widths } from '../language/widths.ts';
import { encoded } from '../language/words.ts';
import {
  type Architecture,
  cellsOf,
  encoderOf,
  encoderRole,
  outputWidth,
  type PlacedStack,
  type Stack,
  tokensOfStep,
} from './architecture.ts';
import { type Axis, Graph, type Node, now } from './graph.ts';
import { headOf } from './heads/index.ts';
import { lowerCell } from './lowerCell.ts';

/** The options on which the graph depends besides the architecture. */
export interface LowerOptions {
  /** Whether each layer's output is dropped in part, as it is in training alone. The rate stands in the tape's memory. */
  readonly dropout: boolean;
  /** B, the number of streams of all threads together, which determines how dropout masks are numbered. */
  readonly batch: number;
  /**
   * Whether the caller gives what an encoder has written, `m` at each position and `given`, so that the graph is that of
   * the decoder alone.
   */
  readonly decoderAlone?: boolean;
}

/** The graph of a network's forward pass. */
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
    if (dropout && !cell.distribution)
      x = graph.add({ kind: 'dropout', first, perStep }, [now(x)], x.width, axis);
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
