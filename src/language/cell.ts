// The checked form of a cell: what the checker hands to everything behind it (tape, reference engine,
// editor). Plain data: names are keys of maps and never reach JavaScript as code.

/**
 * A width that gets its number when the cell takes its place in a network: `x` is the width of what the
 * layer reads, `h` its number of units, `y` the network's output (the vocabulary). A number is itself.
 */
export type Width = 'x' | 'h' | 'y' | number;

export type UnaryFunction =
  | 'negate'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'abs'
  | 'softmax'
  | 'norm';

export type BinaryOperator = 'add' | 'subtract' | 'multiply' | 'divide' | 'power' | 'min' | 'max';

/**
 * The value of an expression is a vector of `width` (a number, being the same for every unit, has width 1
 * and is broadcast). `clip(v, a, b)` has become `min(max(v, a), b)` and a named constant its number.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly width: 1 }
  /** `name[t-lag]`; lag 0 is this step. The names `x` (input) and `y` (network's output) need no equation. */
  | { readonly kind: 'vector'; readonly name: string; readonly lag: number; readonly width: Width }
  /** A trained vector: a bias, a gain, a peephole's diagonal. */
  | { readonly kind: 'parameter'; readonly name: string; readonly width: Width }
  /** `matrix` [width × operand.width] times the operand. */
  | {
      readonly kind: 'product';
      readonly matrix: string;
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

/** How a parameter is initialised, before training. */
export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'identity' }
  | { readonly kind: 'orthogonal' }
  /** Uniform in ±sqrt(6 / (rows + columns)): Glorot & Bengio 2010. */
  | { readonly kind: 'glorot' }
  /** Uniform in ±limit. */
  | { readonly kind: 'uniform'; readonly limit: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** A share `density` of entries is not zero; scaled to spectral radius `radius` (Jaeger 2001) if given. */
  | { readonly kind: 'sparse'; readonly density: number; readonly radius: number | null };

export interface Parameter {
  readonly name: string;
  readonly kind: 'matrix' | 'vector';
  readonly rows: Width;
  /** 1 for a vector. */
  readonly columns: Width;
  readonly initialiser: Initialiser;
  /** False for what `fixed` names. */
  readonly trained: boolean;
}

/** The state of a vector before the first step. `first` units get it (all, where null), the rest are zero. */
export interface InitialState {
  readonly kind: 'constant' | 'learned';
  /** The constant, or the value from which a learned state starts. */
  readonly value: number;
  readonly first: number | null;
}

/** A vector that changes with time, and its equation. */
export interface Equation {
  readonly name: string;
  readonly width: Width;
  readonly value: Expression;
  /** The longest lag with which any equation reads it; 0 when nothing but this step does. */
  readonly maxLag: number;
  /** Its value at t = 0 and, where maxLag is more than 1, before. */
  readonly initial: InitialState;
}

export interface CheckedCell {
  readonly name: string;
  /** In an order in which each uses, of this step, only `x` and what stands before it. */
  readonly equations: readonly Equation[];
  readonly parameters: readonly Parameter[];
  /** Of the equations, the vector that the layer above, or the output layer, sees. */
  readonly output: string;
  /** The longest lag with which the network's output `y` is read (Jordan networks), else 0. */
  readonly outputLag: number;
}
