import { describe, expect, test } from 'vitest';
import { builtinCells } from '../../src/cells/index.ts';
import type { CheckedCell } from '../../src/language/cell.ts';
import { readCells } from '../../src/language/check.ts';
import { format } from '../../src/language/printer.ts';
import { run, type Vector } from '../../src/language/values.ts';
import { widthOf } from '../../src/language/widths.ts';

const builtin = (name: string): CheckedCell => readCells(builtinCells.get(name)!).cells[0];

describe.each([...builtinCells])('%s', (name, text) => {
  test('is sound, and named as it is listed', () => {
    const { cells, diagnostics } = readCells(text);
    expect(diagnostics).toEqual([]);
    expect(cells.map((cell) => cell.name)).toEqual([name]);
  });

  test('is written as the formatter writes', () => expect(format(text)).toBe(text));
});

const widths = { x: 3, h: 4, y: 5 };

/** Generates numbers in -1 … 1 that are the same in every run. */
function* numbers(): Generator<number> {
  for (let n = 1; ; n++) yield Math.sin(n * n);
}

function fill(cell: CheckedCell, steps: number) {
  const source = numbers();
  const vector = (length: number): Vector => Float64Array.from({ length }, () => source.next().value);
  const parameters = new Map(
    cell.parameters.map(({ name, rows, columns }) => [
      name,
      vector(widthOf(rows, widths) * widthOf(columns, widths)),
    ]),
  );
  return { parameters, inputs: Array.from({ length: steps }, () => vector(widths.x)) };
}

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));

/** Returns the preactivation of one unit of one gate, written out: W x + U h + b. */
function sum(
  parameters: ReadonlyMap<string, Vector>,
  gate: string,
  unit: number,
  x: Vector,
  h: Vector,
): number {
  const [W, U, b] = [`W_${gate}`, `U_${gate}`, `b_${gate}`].map((name) => parameters.get(name)!);
  let value = b[unit];
  for (let j = 0; j < x.length; j++) value += W[unit * x.length + j] * x[j];
  for (let j = 0; j < h.length; j++) value += U[unit * h.length + j] * h[j];
  return value;
}

/** Compares the cell with a step that was derived by hand. */
function compare(
  name: string,
  step: (at: { gate: Gate; x: Vector; h: Vector; c: Vector }) => [Vector, Vector],
): void {
  const cell = builtin(name);
  const { parameters, inputs } = fill(cell, 6);
  const states = run({ cell, widths, parameters, inputs }).get('h')!;
  let h: Vector = new Float64Array(widths.h);
  let c: Vector = new Float64Array(widths.h);
  for (const [t, x] of inputs.entries()) {
    const gate: Gate = (name, unit, state) => sum(parameters, name, unit, x, state);
    [h, c] = step({ gate, x, h, c });
    for (const [unit, value] of h.entries()) expect(states[t + 1][unit]).toBeCloseTo(value, 12);
  }
}

type Gate = (name: string, unit: number, state: Vector) => number;

test('LSTM is what Gers et al. derive', () =>
  compare('LSTM', ({ gate, h, c }) => {
    const memory = c.map(
      (before, k) =>
        sigmoid(gate('f', k, h)) * before + sigmoid(gate('i', k, h)) * Math.tanh(gate('g', k, h)),
    );
    return [memory.map((value, k) => sigmoid(gate('o', k, h)) * Math.tanh(value)), memory];
  }));

test('LSTM of 1997 keeps all of its memory', () =>
  compare('LSTM1997', ({ gate, h, c }) => {
    const memory = c.map((before, k) => before + sigmoid(gate('i', k, h)) * Math.tanh(gate('g', k, h)));
    return [memory.map((value, k) => sigmoid(gate('o', k, h)) * Math.tanh(value)), memory];
  }));

test('GRU is what Cho et al. derive', () =>
  compare('GRU', ({ gate, h, c }) => {
    const seen = h.map((value, k) => sigmoid(gate('r', k, h)) * value);
    const candidate = (k: number): number => {
      // The gates read the state, the candidate only what the reset gate lets through.
      return Math.tanh(gate('g', k, seen));
    };
    const next = h.map((before, k) => {
      const z = sigmoid(gate('z', k, h));
      return z * before + (1 - z) * candidate(k);
    });
    return [next, c];
  }));

test('MGU has one gate for both (Zhou et al.)', () =>
  compare('MGU', ({ gate, h, c }) => {
    const f = h.map((_, k) => sigmoid(gate('f', k, h)));
    const seen = h.map((value, k) => f[k] * value);
    return [h.map((before, k) => (1 - f[k]) * before + f[k] * Math.tanh(gate('g', k, seen))), c];
  }));

test('a state of the Babylonian cell is the fraction that Heron found', () => {
  const cell = builtin('Babylonian');
  const inputs = Array.from({ length: 6 }, () => Float64Array.of(0));
  const states = run({ cell, widths: { x: 1, h: 1, y: 1 }, parameters: new Map(), inputs }).get('h')!;
  const fractions = [2, 3 / 2, 17 / 12, 577 / 408, 665857 / 470832];
  for (const [t, fraction] of fractions.entries()) expect(states[t][0]).toBeCloseTo(fraction, 14);
  expect(states[6][0]).toBeCloseTo(Math.SQRT2, 15);
});
