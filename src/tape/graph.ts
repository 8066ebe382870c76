// What one step of a network computes, as a graph: nodes are values, and an edge says with which lag a value is
// read. The same graph holds the forward pass (lags ≥ 0) and the backward pass (which reads later steps: lags
// ≤ 0), so that one set of passes, one scheduler and one planner serve both.

export interface Read {
  readonly node: Node;
  /** At step t, the value of step t - lag is read; before the window that is the carried state, after it zero. */
  readonly lag: number;
}

export type Operation =
  /** The values of trained or fixed vectors, side by side. */
  | { readonly kind: 'parameter'; readonly names: readonly string[] }
  | { readonly kind: 'constant'; readonly value: number }
  /** What the caller writes there before a run, or before its second half. */
  | { readonly kind: 'given'; readonly name: string }
  /** The tokens as vectors of the vocabulary's width. */
  | { readonly kind: 'oneHot' }
  /**
   * Rows of a table chosen by the tokens, plus `inputs[0]` where there is one. The table is a matrix, or, by
   * columns, the transposes of matrices side by side: W times a one-hot vector.
   */
  | { readonly kind: 'gather'; readonly matrices: readonly string[]; readonly byColumns: boolean }
  /**
   * Matrices of the same operand, one above the other, times inputs[0]; transposed for the way back. Plus
   * inputs[1] where there is one.
   */
  | { readonly kind: 'product'; readonly matrices: readonly string[]; readonly transposed: boolean }
  | { readonly kind: 'sum' }
  | { readonly kind: Elementwise }
  | { readonly kind: 'softmax' | 'softmaxGradient' | 'norm' | 'normGradient' }
  /** One number a row to as many as the node is wide, and back. */
  | { readonly kind: 'spread' | 'rowSum' }
  /** Rows and steps summed: what is the same for all of them gets its gradient from all. */
  | { readonly kind: 'columnSum' }
  | { readonly kind: 'slice'; readonly from: number }
  /** The inputs side by side, each beginning at its column; between them zero. */
  | { readonly kind: 'join'; readonly columns: readonly number[] }
  /** `first`, `perStep`: see the kernel. */
  | { readonly kind: 'dropout'; readonly rate: number; readonly first: number; readonly perStep: number }
  | { readonly kind: 'crossEntropy' | 'crossEntropyGradient' }
  /** Gradients, added to the parameters' own places. */
  | { readonly kind: 'outer'; readonly matrices: readonly string[] }
  | { readonly kind: 'scatter'; readonly matrices: readonly string[]; readonly byColumns: boolean }
  | { readonly kind: 'collect'; readonly names: readonly string[] }
  /** The gradient of a learned initial state, from what the first `steps` steps of the streams that begin there read. */
  | {
      readonly kind: 'collectInitial';
      readonly name: string;
      readonly units: number;
      readonly steps: number;
    }
  /** Of the states before the window, row by row: of `state`, from who reads it `lag` steps later. */
  | { readonly kind: 'collectCarried'; readonly state: string; readonly lag: number };

export type Elementwise =
  | 'copy'
  | 'negate'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'abs'
  | 'sign'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'min'
  | 'max'
  | 'power'
  | 'sigmoidGradient'
  | 'tanhGradient'
  | 'keepLessEqual'
  | 'keepGreater'
  | 'multiplyAdd';

export const elementwise: ReadonlySet<string> = new Set<Elementwise>([
  'copy',
  'negate',
  'sigmoid',
  'tanh',
  'relu',
  'exp',
  'log',
  'sqrt',
  'abs',
  'sign',
  'add',
  'subtract',
  'multiply',
  'divide',
  'min',
  'max',
  'power',
  'sigmoidGradient',
  'tanhGradient',
  'keepLessEqual',
  'keepGreater',
  'multiplyAdd',
]);

export type Kind = Operation['kind'];

export interface Node {
  readonly id: number;
  operation: Operation;
  inputs: Read[];
  width: number;
  /** Whether there is a row for each stream at each step, or one row for all. */
  per: 'step' | 'once';
}

/** A value that the next window, or the first steps of this one, read from before. */
export interface State {
  /** `layers.0.h`, or `y`. */
  readonly key: string;
  node: Node;
  readonly lags: number;
  /** At the very first: the parameter of a learned state, or a constant; units from `first` on are zero. */
  readonly initial: { readonly learned: string } | { readonly value: number };
  readonly first: number;
}

export class Graph {
  readonly states: State[] = [];
  /** What is asked for besides the states: logits, loss, gradients. */
  roots: Node[] = [];
  #count = 0;

  add(operation: Operation, inputs: readonly Read[], width: number, per: Node['per']): Node {
    return { id: this.#count++, operation, inputs: [...inputs], width, per };
  }

  /** Everything that the roots and the states (and `others`) depend on, in the order of creation. */
  nodes(...others: readonly Node[]): Node[] {
    const roots = [...this.roots, ...this.states.map(({ node }) => node), ...others];
    return [...ancestors(roots)].sort((a, b) => a.id - b.id);
  }

  /** Who reads a node, and as which input; a state and a root count as a reader that is not a node. */
  readers(): Map<Node, Use[]> {
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

  /** Everyone who reads `node` reads `by` instead, with the lags added. */
  replace(node: Node, by: Read): void {
    for (const { inputs } of this.nodes(by.node))
      for (const [index, read] of inputs.entries())
        if (read.node === node) inputs[index] = { node: by.node, lag: by.lag + read.lag };
    if (by.lag !== 0) return;
    for (const state of this.states) if (state.node === node) state.node = by.node;
    this.roots = this.roots.map((root) => (root === node ? by.node : root));
  }
}

/** All that `roots` depend on, and they themselves. */
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

export interface Use {
  readonly node: Node | null;
  readonly index: number;
  readonly lag: number;
}

/** The parameters that an operation is about. */
export const namesOf = (operation: Operation): readonly string[] =>
  'matrices' in operation ? operation.matrices : 'names' in operation ? operation.names : [];

export const now = (node: Node): Read => ({ node, lag: 0 });
