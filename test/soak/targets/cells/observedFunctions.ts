// The elementwise functions of the reference, in 64 bits. They record where they are not smooth, and how large their values
// become, since neither differences nor 32 bits say anything of a gradient there.
import type { Expression } from '../../../../src/language/cell.ts';
import { layerNormEpsilon } from '../../../../src/language/values.ts';
import { type UnaryName, unaryOperations } from '../../../../src/operations/elementwise.ts';

type Operator = Extract<Expression, { kind: 'binary' }>['operator'];

/** Properties of the values that a run computed. */
export interface Observations {
  /** A hash of all decisions of relu, abs, min and max: where it stays the same, no kink lies between two runs. */
  decisions: number;
  /** The smallest distance from a kink, relative to what is compared where that is above 1. */
  margin: number;
  /** Whether a derivative does not exist: a root or a logarithm at 0, a division by 0, a power that leaves its range. */
  singular: boolean;
  /** The largest absolute value of any expression; Infinity where one is no number. */
  largest: number;
  /**
   * The factor by which `norm` has enlarged rounding: the largest absolute value that it was given, over
   * their deviation.
   */
  cancellation: number;
}

const nothing: Readonly<Observations> = {
  decisions: 0,
  margin: Infinity,
  singular: false,
  largest: 0,
  cancellation: 0,
};

/** The functions of one network, which record what they observe in a run. */
export class ObservedFunctions {
  readonly observed: Observations = { ...nothing };

  /** Forgets what was observed in the run before. */
  reset(): void {
    Object.assign(this.observed, nothing);
  }

  layerNorm(v: Float64Array): Float64Array {
    let mean = 0;
    for (const value of v) mean += value / v.length;
    let variance = 0;
    for (const value of v) variance += (value - mean) ** 2 / v.length;
    const deviation = Math.sqrt(variance + layerNormEpsilon);
    for (const value of v)
      this.observed.cancellation = Math.max(this.observed.cancellation, Math.abs(value) / deviation);
    return v.map((value) => (value - mean) / deviation);
  }

  /** Returns the value of a function, which also records where it is not smooth. */
  unary(name: UnaryName): (v: number) => number {
    const { value } = unaryOperations[name];
    switch (name) {
      case 'log':
      case 'sqrt':
        return (v) => {
          if (v <= 0) this.observed.singular = true;
          return value(v);
        };
      case 'relu':
      case 'abs':
        return (v) => {
          this.decide(v, 0);
          return value(v);
        };
      case 'sin':
      case 'cos':
        return (v) => {
          this.#follow(Math.round(v / Math.PI));
          return value(v);
        };
      default:
        return value;
    }
  }

  binary(operator: Operator): (a: number, b: number) => number {
    switch (operator) {
      case 'add':
        return (a, b) => a + b;
      case 'subtract':
        return (a, b) => a - b;
      case 'multiply':
        return (a, b) => a * b;
      case 'divide':
        return (a, b) => {
          // The derivative to the divisor may be infinite although the quotient is not.
          if (!Number.isFinite(a / b / b)) this.observed.singular = true;
          return a / b;
        };
      case 'power':
        return (a, b) => {
          if (a <= 0 && !(Number.isInteger(b) && b >= 0)) this.observed.singular = true;
          if (a <= 0 && b === 0) this.observed.singular = true;
          return a ** b;
        };
      case 'min':
        return (a, b) => {
          this.decide(a, b);
          return Math.min(a, b);
        };
      case 'max':
        return (a, b) => {
          this.decide(a, b);
          return Math.max(a, b);
        };
    }
  }

  /**
   * Records a decision.
   * @returns -1, 0 or 1: on which side of the kink it is
   */
  decide(a: number, b: number): number {
    const side = a > b ? 1 : a < b ? -1 : 0;
    const { observed } = this;
    this.#follow(side + 2);
    // Rounding does not move two values that are 0, as states before the first step are.
    if (a !== 0 || b !== 0)
      observed.margin = Math.min(observed.margin, Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1));
    return side;
  }

  /**
   * Records on which branch of a function the value is. The half waves of a sine are branches: a difference that
   * spans several of them says nothing of the slope in one.
   */
  #follow(branch: number): void {
    this.observed.decisions = (Math.imul(this.observed.decisions, 31) + branch) | 0;
  }

  seen(values: Float64Array): Float64Array {
    for (const value of values)
      this.observed.largest = Number.isNaN(value)
        ? Infinity
        : Math.max(this.observed.largest, Math.abs(value));
    return values;
  }
}
