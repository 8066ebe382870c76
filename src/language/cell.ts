// The checked form of a cell, which the checker hands to the tape, the reference engine and the editor. It is
// plain data: names are keys of maps and never reach JavaScript as code.

import type { BinaryName, UnaryName } from '../operations/elementwise.ts';

/**
 * A width that becomes a number when the cell is placed in a network: `x` is the width of the layer's input,
 * `h` its number of units, `y` the width of the network's output (the vocabulary), `m` the width of the
 * encoder's output. A number stands for itself.
 */
export type Width = 'x' | 'h' | 'y' | 'm' | number;

/** The index at which a vector is read or defined: a step t, a position s of the source, or both. */
export type Index = 't' | 's' | 't,s';

export type UnaryFunction = UnaryName | 'softmax' | 'layerNorm' | 'rowSum';

export type BinaryOperator = BinaryName;

/**
 * An expression, whose value is a vector of `width`. A number is the same for every unit, so it has width 1;
 * a vector of width 1 is broadcast where it is combined with a wider one. `clip(v, a, b)` is stored as `min(max(v, a), b)` and a named constant as its number.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly width: 1 }
  /**
   * `name[t-lag]`; lag 0 is this step. The names `x` (input) and `y` (network's output) need no equation, and
   * are zero before the first step.
   */
  | { readonly kind: 'vector'; readonly name: string; readonly lag: number; readonly width: Width }
  /** `m[s]`, what the encoder wrote at a position s, or another vector that has positions: `k[s]`, `a[t,s]`. */
  | { readonly kind: 'positioned'; readonly name: string; readonly width: Width }
  /** Combines the values of the operand at all positions of a source: softmax has one for each, and sum one. */
  | {
      readonly kind: 'over';
      readonly function: 'softmax' | 'sum';
      readonly operand: Expression;
      readonly width: Width;
    }
  /** The encoder's end, from which a decoder starts: `given`. */
  | { readonly kind: 'given'; readonly width: 'm' }
  /** A trained vector: a bias, a gain, a peephole's diagonal. */
  | { readonly kind: 'parameter'; readonly name: string; readonly width: Width }
  /**
   * The product of `matrix` [width × operand.width] and the operand or, `transposed`, that of the transpose of
   * `matrix` [operand.width × width].
   */
  | {
      readonly kind: 'product';
      readonly matrix: string;
      readonly transposed: boolean;
      readonly operand: Expression;
      readonly width: Width;
    }
  | {
      readonly kind: 'unary';
      readonly function: UnaryFunction;
      readonly operand: Expression;
      readonly width: Width;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly width: Width;
    };

/** The initialisation of a parameter, before training. */
export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  /** Ones on the diagonal, or `radius` if given (Le, Jaitly & Hinton 2015). */
  | { readonly kind: 'identity'; readonly radius: number | null }
  /** A random rotation (Saxe et al. 2014), times `radius` if given. */
  | { readonly kind: 'orthogonal'; readonly radius: number | null }
  /** The uniform distribution in ±sqrt(6 / (rows + columns)): Glorot & Bengio 2010. */
  | { readonly kind: 'glorot' }
  /** The uniform distribution in ±limit. */
  | { readonly kind: 'uniform'; readonly limit: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /**
   * A share `density` of the entries is not zero; they are scaled to spectral radius `radius` (Jaeger 2001)
   * if given.
   */
  | { readonly kind: 'sparse'; readonly density: number; readonly radius: number | null }
  /**
   * That many entries of each row are drawn from a Gaussian, and the others are zero (Martens 2010); they are scaled to
   * spectral radius `radius` (Sutskever et al. 2013) if given.
   */
  | { readonly kind: 'connections'; readonly count: number; readonly radius: number | null };

export interface Parameter {
  readonly name: string;
  readonly kind: 'matrix' | 'vector';
  readonly rows: Width;
  /** The number of columns; 1 for a vector. */
  readonly columns: Width;
  readonly initialiser: Initialiser;
  /** False for a parameter that a `fixed` statement names. */
  readonly trained: boolean;
  /**
   * Whether it is a matrix of probabilities, each column of which sums to 1: the softmax of a column of free
   * numbers, which are what is trained and kept.
   */
  readonly stochastic: boolean;
}

/**
 * The state of a vector before the first step: the first `first` units (all if null) get it, the rest are
 * zero. It is a constant, learned from a value on, or computed from parameters and what is given.
 */
export type InitialState =
  | { readonly kind: 'constant' | 'learned'; readonly value: number; readonly first: number | null }
  | { readonly kind: 'computed'; readonly value: Expression; readonly first: number | null };

/** A vector that changes with time, and its equation. */
export interface Equation {
  readonly name: string;
  readonly width: Width;
  /** The index of the vector: a step, a position of the source, or both. */
  readonly index: Index;
  readonly value: Expression;
  /** The longest lag with which any equation reads it; 0 if it is read only within its own step. */
  readonly maxLag: number;
  /** The vector's value at t = 0 and, if maxLag is more than 1, at the steps before. */
  readonly initial: InitialState;
}

export interface CheckedCell {
  readonly name: string;
  /** The equations, ordered so that each one reads, of this step, only `x` and vectors computed before it. */
  readonly equations: readonly Equation[];
  readonly parameters: readonly Parameter[];
  /** The name of the vector that the layer above, or the output layer, reads. */
  readonly output: string;
  /** Whether the output is itself the distribution of what comes next, so that no output layer stands above it. */
  readonly distribution: boolean;
  /** The longest lag with which the network's output `y` is read (Jordan networks), else 0. */
  readonly outputLag: number;
  /**
   * Whether the input is as wide as the network's output, as `width x = y` says: the cell reads the symbols
   * themselves that come next.
   */
  readonly readsSymbols: boolean;
  /** The longest lag with which the input `x` is read, else 0. */
  readonly inputLag: number;
  /** Whether the cell reads `given`, or what the encoder wrote at each position, so that only a decoder can have it. */
  readonly readsGiven: boolean;
  readonly readsPositions: boolean;
}
