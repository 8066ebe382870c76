// Computes a cell in 64 bits with plain loops: the slow reference for forward values.

import { binaryOperations, unaryOperations } from '../operations/elementwise.ts';
import type { CheckedCell, Equation, Expression, UnaryFunction } from './cell.ts';
import { type Widths, widthOf } from './widths.ts';
import { encoded } from './words.ts';

export type Vector = Float64Array;

/**
 * The parameters by name: a matrix row by row, a vector, and under `h[0]` the learned state before the first
 * step (`first` values if the cell limits it). A learned state that is missing starts from its initial value.
 */
export type ParameterValues = ReadonlyMap<string, Vector>;

/** The number added to the variance in `norm`, so that equal units do not divide by zero (Ba et al. 2016). */
export const layerNormEpsilon = 1e-5;

function unary(name: UnaryFunction, v: Vector): Vector {
  if (name === 'softmax') return softmax(v);
  if (name === 'layerNorm') return layerNorm(v);
  if (name === 'rowSum') return Float64Array.of(v.reduce((sum, value) => sum + value, 0));
  const { value } = unaryOperations[name];
  return v.map((each) => value(each));
}

function layerNorm(v: Vector): Vector {
  const mean = v.reduce((sum, value) => sum + value, 0) / v.length;
  const variance = v.reduce((sum, value) => sum + (value - mean) ** 2, 0) / v.length;
  return v.map((value) => (value - mean) / Math.sqrt(variance + layerNormEpsilon));
}

export function softmax(v: Vector): Vector {
  const highest = v.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = v.map((value) => Math.exp(value - highest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}

/** Multiplies `matrix` [rows × v.length], stored row by row, by v. */
export function multiply(matrix: Vector, v: Vector): Vector {
  const rows = matrix.length / v.length;
  return Float64Array.from({ length: rows }, (_, row) =>
    v.reduce((sum, value, column) => sum + matrix[row * v.length + column] * value, 0),
  );
}

/** Multiplies the transpose of `matrix` [v.length × columns], stored row by row, by v. */
export function multiplyTransposed(matrix: Vector, v: Vector): Vector {
  const columns = matrix.length / v.length;
  return Float64Array.from({ length: columns }, (_, column) =>
    v.reduce((sum, value, row) => sum + matrix[row * columns + column] * value, 0),
  );
}

/** Returns the softmax of each column of a matrix that is stored row by row. */
export function columnSoftmax(matrix: Vector, rows: number): Vector {
  const columns = matrix.length / rows;
  const result = new Float64Array(matrix.length);
  for (let column = 0; column < columns; column++) {
    const values = softmax(Float64Array.from({ length: rows }, (_, row) => matrix[row * columns + column]));
    for (const [row, value] of values.entries()) result[row * columns + column] = value;
  }
  return result;
}

export interface CellRun {
  readonly cell: CheckedCell;
  readonly widths: Widths;
  readonly parameters: ParameterValues;
  /** The inputs x[1], x[2], …, each of width x. */
  readonly inputs: readonly Vector[];
  /**
   * Computes the network's output y [y] from the cell's output, for cells that read `y[t-1]`. y[0] is zero.
   */
  readonly readout?: (output: Vector) => Vector;
  /** The vector from which the cell starts, [m], where it reads `given`. */
  readonly given?: Vector;
  /** The encoder's output at each position, [m] each, where it is read. */
  readonly positions?: readonly Vector[];
}

/**
 * Returns the values of every equation by name: at t = 0 (the initial state), then one for each input. A vector at
 * positions has one value for each position, and one at steps and positions has those of the first step, then those of
 * the second.
 */
export function runCell({
  cell,
  widths,
  parameters: free,
  inputs,
  readout,
  given,
  positions = [],
}: CellRun): Map<string, Vector[]> {
  const parameters = new Map(free);
  for (const { name, rows, stochastic } of cell.parameters)
    if (stochastic) parameters.set(name, columnSoftmax(free.get(name)!, widthOf(rows, widths)));
  const values = new Map<string, Vector[]>();
  const positioned = new Map<string, readonly Vector[]>([[encoded, positions]]);
  for (const equation of cell.equations) {
    const start = equation.index === 't' ? [initialState(equation, widths, parameters, given)] : [];
    values.set(equation.name, start);
  }
  if (cell.outputLag > 0) values.set('y', [new Float64Array(widths.y)]);
  values.set('x', [new Float64Array(widths.x), ...inputs]);

  for (let t = 1; t <= inputs.length; t++) {
    for (const { name, value, width, index } of cell.equations) {
      const units = widthOf(width, widths);
      if (index !== 't') {
        const all = positions.map((_, s) =>
          broadcast(evaluate(value, { values, positioned, parameters, given, t, s }), units),
        );
        positioned.set(name, all);
        if (index === 't,s' || t === 1) values.get(name)!.push(...all);
        continue;
      }
      values
        .get(name)!
        .push(broadcast(evaluate(value, { values, positioned, parameters, given, t, s: null }), units));
    }
    if (cell.outputLag > 0) {
      if (!readout) throw new Error(`${cell.name} reads the network's output: runCell needs a readout.`);
      values.get('y')!.push(readout(values.get(cell.output)![t]));
    }
  }
  return values;
}

export function initialState(
  { name, width, initial }: Equation,
  widths: Widths,
  parameters: ParameterValues,
  given?: Vector,
): Vector {
  const units = widthOf(width, widths);
  const first = Math.min(initial.first ?? units, units);
  const start =
    initial.kind === 'computed'
      ? evaluate(initial.value, {
          values: new Map(),
          positioned: new Map(),
          parameters,
          given,
          t: 0,
          s: null,
        })
      : (parameters.get(`${name}[0]`) ?? Float64Array.of(initial.value));
  const spread = start.length === 1 ? broadcast(start, first) : start;
  return Float64Array.from({ length: units }, (_, unit) => (unit < first ? spread[unit] : 0));
}

interface Moment {
  readonly values: ReadonlyMap<string, readonly Vector[]>;
  readonly parameters: ParameterValues;
  readonly given: Vector | undefined;
  readonly t: number;
  /** The values at each position of the vectors that have positions, at this step. */
  readonly positioned: ReadonlyMap<string, readonly Vector[]>;
  /** The position; null where there is none. */
  readonly s: number | null;
}

function evaluate(expression: Expression, moment: Moment): Vector {
  switch (expression.kind) {
    case 'number':
      return Float64Array.of(expression.value);
    case 'vector':
      return moment.values.get(expression.name)![Math.max(0, moment.t - expression.lag)];
    case 'given':
      if (!moment.given) throw new Error('Nothing is given.');
      return moment.given;
    case 'positioned':
      return moment.positioned.get(expression.name)![moment.s!];
    case 'over': {
      const all = moment.positioned
        .get(encoded)!
        .map((_, s) => evaluate(expression.operand, { ...moment, s }));
      const along = (unit: number) => Float64Array.from(all, (value) => value[unit]);
      const of = (unit: number) =>
        expression.function === 'sum'
          ? along(unit).reduce((sum, value) => sum + value, 0)
          : softmax(along(unit))[moment.s!];
      return all[0].map((_, unit) => of(unit));
    }
    case 'parameter':
      return moment.parameters.get(expression.name)!;
    case 'product': {
      const by = expression.transposed ? multiplyTransposed : multiply;
      return by(moment.parameters.get(expression.matrix)!, evaluate(expression.operand, moment));
    }
    case 'unary':
      return unary(expression.function, evaluate(expression.operand, moment));
    case 'binary': {
      const [left, right] = [evaluate(expression.left, moment), evaluate(expression.right, moment)];
      const units = Math.max(left.length, right.length);
      const [a, b] = [broadcast(left, units), broadcast(right, units)];
      const { value: f } = binaryOperations[expression.operator];
      return a.map((value, unit) => f(value, b[unit]));
    }
  }
}

/** Broadcasts a number, which is the same for every unit. */
const broadcast = (v: Vector, units: number): Vector =>
  v.length === units ? v : new Float64Array(units).fill(v[0]);
