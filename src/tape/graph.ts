// The graph describes what one step of a network computes: nodes are values, and an edge says with which lag
// a value is read. The same graph holds the forward pass (lags ≥ 0) and the backward pass (which reads later
// steps: lags ≤ 0), so that one set of passes, one scheduler and one planner serve both.

import type { Elementwise } from '../operations/elementwise.ts';

/** A value that an operation reads: an edge of the graph. */
export interface Read {
  readonly node: Node;
  /**
   * At step t, the value of step t - lag is read. Before the window it is the carried state; after it, zero.
   */
  readonly lag: number;
}

/**
 * Says of what a node has values: `once` has one row for all; `row` a row for each stream; `step` a row for each
 * stream at each step t; `position` one for each stream at each position s of the source; `pair` one for each
 * stream at each step for each position, [steps × positions × rows].
 */
export type Per = 'once' | 'row' | 'step' | 'position' | 'pair';

/** An axis along which there are recurrences: the steps, or the positions of the source. */
export type Axis = 'step' | 'position';

/** Returns the axis along which a node's values are computed; null where it has none. That of pairs is the steps. */
export const axisOf = ({ per }: Pick<Node, 'per'>): Axis | null =>
  per === 'pair' ? 'step' : per === 'step' || per === 'position' ? per : null;

const finest: readonly Per[] = ['once', 'row', 'step', 'position', 'pair'];

/** Returns what an operation has values of, whose operands have values of `pers`. */
export function combined(pers: readonly Per[]): Per {
  if (pers.includes('step') && pers.includes('position')) return 'pair';
  return finest[Math.max(0, ...pers.map((per) => finest.indexOf(per)))];
}

/** The kind of a node, with all that its kernel has to know besides its inputs. */
export type Operation =
  /** Concatenates the values of trained or fixed vectors. */
  | { readonly kind: 'parameter'; readonly names: readonly string[] }
  | { readonly kind: 'constant'; readonly value: number }
  /** Holds what the caller writes there before a run, or before its second half. */
  | { readonly kind: 'given'; readonly name: string }
  /** Encodes the tokens as one-hot vectors of the vocabulary's width. */
  | { readonly kind: 'oneHot' }
  /** Looks up the rows of numbers that the tokens are the indices of; padding is zero. */
  | { readonly kind: 'numbers' }
  /** Is 1 in every unit at the steps that have a token, and 0 where a row is padded. */
  | { readonly kind: 'paddingMask' }
  /**
   * Looks up the rows of a table by the tokens, and adds `inputs[0]` where there is one. The table is a
   * matrix or, with `byColumns`, the transposes of matrices side by side: W times a one-hot vector. `token` is
   * the index of the token among those of the step; it is 0 where it is left out.
   */
  | {
      readonly kind: 'gather';
      readonly matrices: readonly string[];
      readonly byColumns: boolean;
      readonly token?: number;
    }
  /**
   * Multiplies matrices, stacked one above the other, by inputs[0], and adds inputs[1] where there is one.
   * They are transposed in the backward pass.
   */
  | { readonly kind: 'matmul'; readonly matrices: readonly string[]; readonly transposed: boolean }
  | { readonly kind: 'sum' }
  /** Is inputs[0], and before the first step inputs[1] in the streams that begin there. */
  | { readonly kind: 'begin' }
  /** The gradient of what `begin` has before the first step, from a reader `lag` steps later. */
  | { readonly kind: 'beginGradient'; readonly lag: number }
  /** Is each stream's value at the first or the last position of its source. */
  | { readonly kind: 'end'; readonly end: 'first' | 'last' }
  /** Is inputs[0] at that position of each stream, and zero at the others. */
  | { readonly kind: 'endGradient'; readonly end: 'first' | 'last' }
  | { readonly kind: Elementwise }
  | { readonly kind: 'softmax' | 'softmaxGradient' | 'layerNorm' | 'layerNormGradient' }
  /** `broadcast` repeats each row's one number over the node's width; `rowSum` is its derivative. */
  | { readonly kind: 'broadcast' | 'rowSum' }
  /** Sums over rows and steps: a value that all of them share gets its gradient from all of them. */
  | { readonly kind: 'columnSum' }
  /** Sums over the steps, or the positions, that inputs[0] has: a row for each stream. */
  | { readonly kind: 'axisSum' }
  /** Is inputs[0] at each position, added to inputs[1] where there is one. */
  | { readonly kind: 'repeat' }
  /** Is softmax over the positions of each source, unit by unit, and its derivative; 0 at padding. */
  | { readonly kind: 'positionSoftmax' | 'positionSoftmaxGradient' }
  /** Sums inputs[1] over the positions of each source, weighted by the one unit of inputs[0]. */
  | { readonly kind: 'positionSum' }
  /** Is the dot product of inputs[0] with inputs[1] at each position; 0 at padding. */
  | { readonly kind: 'positionDot' }
  /** Is inputs[1] times the one unit that inputs[0] has at each position; 0 at padding. */
  | { readonly kind: 'positionOuter' }
  /** Sums `positionOuter` over the steps. */
  | { readonly kind: 'positionOuterSum' }
  | { readonly kind: 'slice'; readonly from: number }
  /** Places the inputs side by side, each beginning at its column, with zeros between them. */
  | { readonly kind: 'join'; readonly columns: readonly number[] }
  /** The kernel's documentation explains `first` and `perStep`. */
  | { readonly kind: 'dropout'; readonly first: number; readonly perStep: number }
  | { readonly kind: 'crossEntropy' | 'crossEntropyGradient' }
  | { readonly kind: 'gaussian' | 'gaussianGradient' }
  /** Is the weight of a target in every unit at the steps that have one, and 0 at the others. */
  | { readonly kind: 'targetWeight' }
  /** These add gradients to the locations of the parameters' gradients. */
  | { readonly kind: 'weightGradient'; readonly matrices: readonly string[] }
  | {
      readonly kind: 'scatter';
      readonly matrices: readonly string[];
      readonly byColumns: boolean;
      readonly token?: number;
    }
  | { readonly kind: 'collect'; readonly names: readonly string[] }
  /**
   * Adds up a learned initial state's gradient over the first `steps` steps of the streams that begin there.
   */
  | {
      readonly kind: 'collectInitial';
      readonly name: string;
      readonly units: number;
      readonly steps: number;
    }
  /** Collects, row by row, the carried gradient of `state` that comes from a reader `lag` steps later. */
  | { readonly kind: 'collectCarried'; readonly state: string; readonly lag: number };

export type Kind = Operation['kind'];

/** The operations that compute the loss of each row, and those that compute its gradient. */
export const losses: ReadonlySet<Kind> = new Set<Kind>(['crossEntropy', 'gaussian']);
export const lossGradients: ReadonlySet<Kind> = new Set<Kind>(['crossEntropyGradient', 'gaussianGradient']);

/** A value of a step and how it is computed. */
export interface Node {
  /** The number of nodes that were made before it in the graph, which orders them. */
  readonly id: number;
  operation: Operation;
  /** The operands, in the order that the operation says. */
  inputs: Read[];
  /** The number of units of a row. */
  width: number;
  per: Per;
}

/** A value that is carried into the next window, whose first steps read it. */
export interface State {
  /** The name of the state: `layers.0.h`, or `y`. */
  readonly key: string;
  node: Node;
  readonly lags: number;
  /** The initial state: a learned parameter or a constant. Units from `first` on are zero. */
  readonly initial: { readonly learned: string } | { readonly value: number };
  readonly first: number;
}

/** A graph is what its roots and states depend on; a node that none of them reaches is not in it. */
export class Graph {
  readonly states: State[] = [];
  /** The results besides the states: logits, loss and gradients. */
  roots: Node[] = [];
  #count = 0;

  /** Adds a node. @param width the number of units of a row of it. @param per what it has values of */
  add(operation: Operation, inputs: readonly Read[], width: number, per: Node['per']): Node {
    return { id: this.#count++, operation, inputs: [...inputs], width, per };
  }

  /** Returns everything that the roots and the states (and `others`) depend on, in the order of creation. */
  nodes(...others: readonly Node[]): Node[] {
    const roots = [...this.roots, ...this.states.map(({ node }) => node), ...others];
    return [...ancestors(roots)].sort((a, b) => a.id - b.id);
  }

  /**
   * Returns the readers of each node and the input they use; a state or a root is a reader without a node.
   */
  users(): Map<Node, Use[]> {
    const readers = new Map<Node, Use[]>();
    const enter = (node: Node, reader: Use) => {
      const list = readers.get(node);
      if (list) list.push(reader);
      else readers.set(node, [reader]);
    };
    for (const node of this.nodes())
      for (const [index, read] of node.inputs.entries()) enter(read.node, { node, index, lag: read.lag });
    for (const { node } of this.states) enter(node, { node: null, index: 0, lag: 0 });
    for (const node of this.roots) enter(node, { node: null, index: 0, lag: 0 });
    return readers;
  }

  /** Makes every reader of `node` read `by` instead, with the lags added. */
  replace(node: Node, by: Read): void {
    for (const { inputs } of this.nodes(by.node))
      for (const [index, read] of inputs.entries())
        if (read.node === node) inputs[index] = { node: by.node, lag: by.lag + read.lag };
    if (by.lag !== 0) return;
    for (const state of this.states) if (state.node === node) state.node = by.node;
    this.roots = this.roots.map((root) => (root === node ? by.node : root));
  }
}

/** Returns `roots` and everything that they depend on. */
export function ancestors(roots: Iterable<Node>): Set<Node> {
  const found = new Set<Node>();
  const waiting = [...roots];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    waiting.push(...node.inputs.map((read) => read.node));
  }
  return found;
}

/** A reader of a node: another node, by its input `index`; or a state or a root, which is no node. */
export interface Use {
  readonly node: Node | null;
  readonly index: number;
  readonly lag: number;
}

/** Returns the names of the parameters that an operation uses. */
export const namesOf = (operation: Operation): readonly string[] =>
  'matrices' in operation ? operation.matrices : 'names' in operation ? operation.names : [];

/** Reads a node at the same step. */
export const now = (node: Node): Read => ({ node, lag: 0 });
