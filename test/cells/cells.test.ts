import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtinCells, cellFamilies } from '../../src/cells/index.ts';
import type { CheckedCell } from '../../src/language/cell.ts';
import { readCells } from '../../src/language/check.ts';
import { format } from '../../src/language/syntax/printer.ts';
import { runCell, type Vector } from '../../src/language/values.ts';
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
  const states = runCell({ cell, widths, parameters, inputs }).get('h')!;
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
  const states = runCell({ cell, widths: { x: 1, h: 1, y: 1 }, parameters: new Map(), inputs }).get('h')!;
  const fractions = [2, 3 / 2, 17 / 12, 577 / 408, 665857 / 470832];
  for (const [t, fraction] of fractions.entries()) expect(states[t][0]).toBeCloseTo(fraction, 14);
  expect(states[6][0]).toBeCloseTo(Math.SQRT2, 15);
});

test('MinGRU and MinLSTM are what Feng et al. derive', () => {
  const written = (parameters: ReadonlyMap<string, Vector>, gate: string, unit: number, x: Vector) => {
    const [W, b] = [parameters.get(`W_${gate}`)!, parameters.get(`b_${gate}`)!];
    return x.reduce((sum, value, j) => sum + W[unit * x.length + j] * value, b[unit]);
  };
  for (const name of ['MinGRU', 'MinLSTM']) {
    const cell = builtin(name);
    const { parameters, inputs } = fill(cell, 6);
    const states = runCell({ cell, widths, parameters, inputs }).get('h')!;
    let h: Vector = new Float64Array(widths.h);
    for (const [t, x] of inputs.entries()) {
      h = h.map((before, unit) => {
        const gate = (of: string) => written(parameters, of, unit, x);
        const [z, f, i] = ['z', 'f', 'i'].map((of) => (parameters.has(`W_${of}`) ? sigmoid(gate(of)) : 0));
        return name === 'MinGRU'
          ? (1 - z) * before + z * gate('g')
          : (f / (f + i)) * before + (i / (f + i)) * gate('g');
      });
      for (const [unit, value] of h.entries()) expect(states[t + 1][unit]).toBeCloseTo(value, 12);
    }
  }
});

test('the memory of LRU is a complex number that turns', () => {
  const cell = builtin('LRU');
  const { parameters, inputs } = fill(cell, 8);
  const values = runCell({ cell, widths, parameters, inputs });
  const [nu, theta] = [parameters.get('nu')!, parameters.get('theta')!];
  for (let unit = 0; unit < widths.h; unit++) {
    const size = Math.exp(-Math.exp(nu[unit] - 4));
    // The state is the sum of all inputs, each turned and made smaller once for each step since.
    for (let t = 1; t <= inputs.length; t++) {
      let [real, imaginary] = [0, 0];
      for (let s = 1; s <= t; s++) {
        const by = (matrix: string) =>
          inputs[s - 1].reduce((sum, x, j) => sum + x * parameters.get(matrix)![unit * widths.x + j], 0);
        const [a, b] = [by('B'), by('E')].map((part) => part * Math.sqrt(1 - size ** 2) * size ** (t - s));
        const angle = theta[unit] * (t - s);
        real += a * Math.cos(angle) - b * Math.sin(angle);
        imaginary += a * Math.sin(angle) + b * Math.cos(angle);
      }
      expect(values.get('r')![t][unit]).toBeCloseTo(real, 12);
      expect(values.get('q')![t][unit]).toBeCloseTo(imaginary, 12);
    }
  }
});

test('the modules of Clockwork change at every step, every second, fourth and eighth', () => {
  const cell = builtin('Clockwork');
  const { parameters, inputs } = fill(cell, 33);
  const values = runCell({ cell, widths, parameters, inputs });
  for (const [name, period] of Object.entries({ a: 1, b: 2, c: 4, d: 8 }))
    for (let t = 1; t <= inputs.length; t++) {
      const [before, after] = [values.get(name)![t - 1], values.get(name)![t]];
      expect(
        [...after].some((value, unit) => value !== before[unit]),
        `${name}[${t}]`,
      ).toBe(t % period === 0);
    }
});

test('StateAttention gives weights that sum to 1 to the last states', () => {
  const cell = builtin('StateAttention');
  const { parameters, inputs } = fill(cell, 7);
  // The state is then the mean of the last four, moved by what is read.
  for (const name of ['v', 'W', 'b']) parameters.get(name)!.fill(0);
  parameters.set('b', Float64Array.of(0.1, 0.2, 0.3, 0.4));
  parameters.set(
    'U',
    Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)),
  );
  const states = runCell({ cell, widths, parameters, inputs }).get('h')!;
  const at = (t: number) => states[Math.max(0, t)];
  for (let t = 1; t <= inputs.length; t++)
    for (const [unit, value] of states[t].entries()) {
      const mean = [1, 2, 3, 4].reduce((sum, lag) => sum + at(t - lag)[unit] / 4, 0);
      expect(value).toBeCloseTo(Math.tanh(mean + parameters.get('b')![unit]), 12);
    }
});

test('the families hold every file of a cell once, with its reference first', () => {
  const files = readdirSync(new URL('../../src/cells/', import.meta.url)).filter((name) =>
    name.endsWith('.rnn'),
  );
  const listed = Object.values(cellFamilies).flat();
  expect(listed).toHaveLength(files.length);
  expect(new Set(listed.map(({ name }) => name)).size).toBe(files.length);
  for (const { name, text } of listed) expect(text.split('\n')[0], name).toMatch(/^# [A-Z].*/);
});
