// Converts between a cell's parameters and the arrays of the operators LSTM, GRU and RNN, in which all gates
// stand one above the other: W [1 × G·H × X], R [1 × G·H × H], B [1 × 2·G·H] and P [1 × 3·H].
import type { Weight, Weights } from '../../backend/engine.ts';
import { Problem } from '../../protocol/problem.ts';
import type { Gate, RecurrentCell } from './recurrentCell.ts';

export interface PackedGates {
  readonly W: Weight;
  readonly R: Weight;
  /** The biases of the products with x, then those of the products with the state; null where none has one. */
  readonly B: Weight | null;
  /** The peepholes of the gates i, o and f; null where none has one. */
  readonly P: Weight | null;
}

export interface PackedWidths {
  readonly x: number;
  readonly h: number;
}

/** @param prefix what stands before the parameters' names in `weights` */
export function packGates(
  cell: RecurrentCell,
  weights: Weights,
  prefix: string,
  { x, h }: PackedWidths,
): PackedGates {
  const data = (name: string | null, size: number): Float32Array =>
    name === null ? new Float32Array(size) : weights.get(prefix + name)!.data;
  const stack = (role: keyof Gate, size: number) => cell.gates.map((gate) => data(gate[role], size));
  const after = cell.operator === 'GRU' ? (cell.resetAfter?.bias ?? null) : null;
  const stateBiases = cell.gates.map((_, index) => data(index === 2 ? after : null, h));
  const hasBias = after !== null || cell.gates.some(({ bias }) => bias !== null);
  const hasPeephole = cell.gates.some(({ peephole }) => peephole !== null);
  const count = cell.gates.length;
  return {
    W: { shape: [1, count * h, x], data: joined(stack('x', h * x)) },
    R: { shape: [1, count * h, h], data: joined(stack('h', h * h)) },
    B: hasBias ? { shape: [1, 2 * count * h], data: joined([...stack('bias', h), ...stateBiases]) } : null,
    P: hasPeephole ? { shape: [1, 3 * h], data: joined(stack('peephole', h).slice(0, 3)) } : null,
  };
}

/**
 * Returns the parameters of a cell by their names, without a prefix. The two biases of a gate are added.
 * @throws Problem when an array has another shape
 */
export function unpackGates(
  cell: RecurrentCell,
  { W, R, B, P }: PackedGates,
  { x, h }: PackedWidths,
): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  const count = cell.gates.length;
  checkShape('W', W, [1, count * h, x]);
  checkShape('R', R, [1, count * h, h]);
  checkShape('B', B, [1, 2 * count * h]);
  checkShape('P', P, [1, 3 * h]);
  const put = (name: string | null, shape: number[], from: Weight | null, index: number) => {
    if (name === null) return;
    const size = shape.reduce((a, b) => a * b, 1);
    const data = from ? from.data.slice(index * size, (index + 1) * size) : new Float32Array(size);
    weights.set(name, { shape, data });
  };
  const after = cell.operator === 'GRU' ? cell.resetAfter : null;
  for (const [index, gate] of cell.gates.entries()) {
    put(gate.x, [h, x], W, index);
    put(gate.h, [h, h], R, index);
    put(gate.bias, [h], B, index);
    if (index < 3) put(gate.peephole, [h], P, index);
    const isApart = after !== null && index === 2;
    if (isApart) put(after.bias, [h], B, count + index);
    else if (gate.bias !== null && B) {
      const { data } = weights.get(gate.bias)!;
      for (let unit = 0; unit < h; unit++) data[unit] += B.data[(count + index) * h + unit];
    }
  }
  return weights;
}

function checkShape(name: string, weight: Weight | null, wanted: readonly number[]): void {
  if (weight && `${weight.shape}` !== `${wanted}`)
    throw new Problem(`${name} should be ${wanted.join(' × ')} and is ${weight.shape.join(' × ')}.`);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
