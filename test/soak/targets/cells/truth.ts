// Computes the reference values of a network of cells straight from the checked cells' expressions, in 64
// bits and one stream at a time. It shares no code with the tape: neither the graph and its passes nor a
// single derivative.
import type { CheckedCell, Expression } from '../../../../src/language/cell.ts';
import { type Widths, widthOf } from '../../../../src/language/widths.ts';
import type { Architecture } from '../../../../src/tape/architecture.ts';
import { type Observations, ObservedFunctions } from './observedFunctions.ts';

/** The weights by name, matrices row by row. A change in place takes effect at the next run. */
export type TrueWeights = ReadonlyMap<string, Float64Array>;

/** The values of one stream's vectors at the steps before a window, by layer and name; the last is the newest. */
export type History = ReadonlyMap<string, readonly Float64Array[]>;

type Evaluate = (t: number) => Float64Array;

/** A smaller probability of a distribution counts as this one. */
const leastProbability = 1e-30;

interface Layer {
  readonly steps: readonly { readonly name: string; readonly width: number; readonly evaluate: Evaluate }[];
  readonly output: string;
}

export class Truth {
  readonly #weights: TrueWeights;
  readonly #architecture: Architecture;
  readonly #layers: readonly Layer[];
  /** The numbers of rows of stochastic matrices. */
  readonly #stochastic = new Map<string, number>();
  readonly #logits: Float64Array;
  /** The values of every step of this run, after those of the steps before, by layer and name (and `y`). */
  readonly #values = new Map<string, Float64Array[]>();
  readonly #lags = new Map<string, number>();
  readonly #inputs: Float64Array[];
  readonly #outputLag: number;
  readonly #functions = new ObservedFunctions();

  constructor(architecture: Architecture, weights: TrueWeights) {
    const { inputs, outputs, embedding, layers } = architecture;
    this.#architecture = architecture;
    this.#weights = weights;
    this.#logits = new Float64Array(outputs);
    this.#outputLag = Math.max(0, ...layers.map(({ cell }) => cell.outputLag));
    if (this.#outputLag > 0) this.#define('y', this.#outputLag);
    let width = embedding || inputs;
    this.#inputs = [];
    this.#layers = layers.map(({ cell, hidden }, index) => {
      const widths: Widths = { x: width, h: hidden, y: outputs };
      this.#inputs.push(new Float64Array(width));
      const layer = this.#layer(cell, index, widths);
      width = widthOf(cell.equations.find(({ name }) => name === cell.output)!.width, widths);
      return layer;
    });
  }

  /** Returns the states before the first step. */
  begin(): History {
    const history = new Map<string, Float64Array[]>();
    const { layers, inputs, outputs, embedding } = this.#architecture;
    if (this.#outputLag > 0) history.set('y', repeated(new Float64Array(outputs), this.#outputLag));
    let x = embedding || inputs;
    for (const [index, { cell, hidden }] of layers.entries()) {
      const widths: Widths = { x, h: hidden, y: outputs };
      if (cell.inputLag > 0) history.set(`layers.${index}.x`, repeated(new Float64Array(x), cell.inputLag));
      for (const { name, width, maxLag, initial } of cell.equations) {
        const units = widthOf(width, widths);
        const learned = initial.kind === 'learned' ? this.#weights.get(`layers.${index}.${name}[0]`)! : null;
        const known =
          learned ??
          (initial.kind === 'computed'
            ? this.#compile(initial.value, index)(0)
            : Float64Array.of(initial.value as number));
        const start = Float64Array.from({ length: units }, (_, unit) =>
          unit < (initial.first ?? units) ? known[known.length === 1 ? 0 : unit] : 0,
        );
        history.set(`layers.${index}.${name}`, repeated(start, maxLag));
      }
      x = widthOf(cell.equations.find(({ name }) => name === cell.output)!.width, widths);
    }
    return history;
  }

  /**
   * Reads `tokens` from `history` on.
   * @param targets the target of each step; a negative one is not counted
   * @returns the sum of the counted cross-entropies, in nats
   */
  run(tokens: ArrayLike<number>, targets: ArrayLike<number>, history: History): number {
    this.#functions.reset();
    for (const [key, values] of this.#values) {
      const before = history.get(key)!;
      values.length = 0;
      for (const value of before) values.push(value);
    }
    let loss = 0;
    for (let t = 0; t < tokens.length; t++) {
      this.#step(tokens[t], t);
      if (this.#outputLag > 0) this.#values.get('y')!.push(softmax(this.#logits));
      if (targets[t] >= 0) loss += surprise(this.#logits, targets[t]);
    }
    return loss;
  }

  /** Returns the states after the first `steps` steps of the last run. */
  history(steps: number): History {
    return new Map(
      [...this.#values].map(([key, values]) => {
        const lags = this.#lags.get(key)!;
        return [key, values.slice(steps, steps + lags).map((value) => value.slice())];
      }),
    );
  }

  /** Properties of the values that the last run computed. */
  get observed(): Observations {
    return this.#functions.observed;
  }

  /** The logits of the last step of the last run. */
  get logits(): Float64Array {
    return this.#logits;
  }

  #define(key: string, lags: number): Float64Array[] {
    const values: Float64Array[] = [];
    this.#values.set(key, values);
    this.#lags.set(key, lags);
    return values;
  }

  #step(token: number, t: number): void {
    const { embedding, tied } = this.#architecture;
    const [first] = this.#inputs;
    if (embedding > 0) {
      const table = this.#weights.get('embedding')!;
      for (let i = 0; i < embedding; i++) first[i] = table[token * embedding + i];
    } else for (let i = 0; i < first.length; i++) first[i] = i === token ? 1 : 0;
    let output = first;
    for (const [index, layer] of this.#layers.entries()) {
      if (index > 0) this.#inputs[index].set(output);
      this.#values.get(`layers.${index}.x`)?.push(this.#inputs[index].slice());
      for (const { name, width, evaluate } of layer.steps) {
        const value = evaluate(t);
        const values = this.#values.get(`layers.${index}.${name}`)!;
        values.push(value.length === width ? value.slice() : new Float64Array(width).fill(value[0]));
      }
      output = this.#values.get(`layers.${index}.${layer.output}`)!.at(-1)!;
    }
    if (this.#architecture.layers.at(-1)!.cell.distribution) {
      for (const [symbol, probability] of output.entries()) {
        this.#functions.decide(probability > leastProbability ? 1 : 0, 0.5);
        this.#logits[symbol] = Math.log(Math.max(probability, leastProbability));
      }
      return;
    }
    const matrix = this.#weights.get(tied ? 'embedding' : 'output.W')!;
    const bias = this.#weights.get('output.b')!;
    for (let row = 0; row < bias.length; row++) {
      let sum = bias[row];
      for (let i = 0; i < output.length; i++) sum += matrix[row * output.length + i] * output[i];
      this.#logits[row] = sum;
    }
  }

  #layer(cell: CheckedCell, index: number, widths: Widths): Layer {
    const prefix = `layers.${index}.`;
    for (const { name, rows, stochastic } of cell.parameters)
      if (stochastic) this.#stochastic.set(prefix + name, widthOf(rows, widths));
    if (cell.inputLag > 0) this.#define(`${prefix}x`, cell.inputLag);
    for (const { name, maxLag } of cell.equations) this.#define(prefix + name, maxLag);
    const steps = cell.equations.map(({ name, width, value }) => ({
      name,
      width: widthOf(width, widths),
      evaluate: this.#compile(value, index),
    }));
    return { steps, output: cell.output };
  }

  /** Returns what reads a matrix: a stochastic one is computed anew, since the weights may change in place. */
  #matrix(name: string): () => Float64Array {
    const free = this.#weights.get(name)!;
    if (!this.#stochastic.has(name)) return () => free;
    const rows = this.#stochastic.get(name)!;
    const columns = free.length / rows;
    const result = new Float64Array(free.length);
    return () => {
      for (let column = 0; column < columns; column++) {
        const values = softmax(free.filter((_, i) => i % columns === column));
        for (const [row, value] of values.entries()) result[row * columns + column] = value;
      }
      return result;
    };
  }

  #compile(expression: Expression, index: number): Evaluate {
    const prefix = `layers.${index}.`;
    switch (expression.kind) {
      case 'number': {
        const value = Float64Array.of(expression.value);
        return () => value;
      }
      case 'given':
      case 'positioned':
      case 'over':
        throw new Error('There is no encoder here.');
      case 'parameter': {
        const value = this.#weights.get(prefix + expression.name)!;
        return () => value;
      }
      case 'vector': {
        const { name, lag } = expression;
        if (this.#values.has(prefix + name)) {
          const values = this.#values.get(prefix + name)!;
          const lags = this.#lags.get(prefix + name)!;
          return (t) => values[lags + t - lag];
        }
        const input = this.#inputs[index];
        if (name === 'x') return () => input;
        const values = this.#values.get('y')!;
        return (t) => values[this.#outputLag + t - lag];
      }
      case 'product': {
        const matrix = this.#matrix(prefix + expression.matrix);
        const operand = this.#compile(expression.operand, index);
        const { transposed } = expression;
        let result = new Float64Array(0);
        return (t) => {
          const v = operand(t);
          const values = matrix();
          const rows = values.length / v.length;
          if (result.length !== rows) result = new Float64Array(rows);
          for (let row = 0; row < rows; row++) {
            let sum = 0;
            for (let i = 0; i < v.length; i++)
              sum += values[transposed ? i * rows + row : row * v.length + i] * v[i];
            result[row] = sum;
          }
          return this.#functions.seen(result);
        };
      }
      case 'unary':
        return this.#unary(expression.function, this.#compile(expression.operand, index));
      case 'binary':
        return this.#binary(
          expression.operator,
          this.#compile(expression.left, index),
          this.#compile(expression.right, index),
        );
    }
  }

  #unary(name: Extract<Expression, { kind: 'unary' }>['function'], operand: Evaluate): Evaluate {
    if (name === 'softmax') return (t) => softmax(operand(t));
    if (name === 'layerNorm') return (t) => this.#functions.layerNorm(operand(t));
    if (name === 'rowSum') return (t) => this.#functions.seen(Float64Array.of(total(operand(t))));
    const f = this.#functions.unary(name);
    let result = new Float64Array(0);
    return (t) => {
      const v = operand(t);
      if (result.length !== v.length) result = new Float64Array(v.length);
      for (let i = 0; i < v.length; i++) result[i] = f(v[i]);
      return this.#functions.seen(result);
    };
  }

  #binary(
    operator: Extract<Expression, { kind: 'binary' }>['operator'],
    left: Evaluate,
    right: Evaluate,
  ): Evaluate {
    const f = this.#functions.binary(operator);
    let result = new Float64Array(0);
    return (t) => {
      const a = left(t);
      const b = right(t);
      const length = Math.max(a.length, b.length);
      if (result.length !== length) result = new Float64Array(length);
      for (let i = 0; i < length; i++) result[i] = f(a[a.length === 1 ? 0 : i], b[b.length === 1 ? 0 : i]);
      return this.#functions.seen(result);
    };
  }
}

function highest(v: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of v) most = Math.max(most, value);
  return most;
}

function total(v: Float64Array): number {
  let sum = 0;
  for (const value of v) sum += value;
  return sum;
}

function softmax(v: Float64Array): Float64Array {
  const most = highest(v);
  const powers = v.map((value) => Math.exp(value - most));
  let sum = 0;
  for (const power of powers) sum += power;
  return powers.map((power) => power / sum);
}

/** Returns -log softmax(v)[target]. */
function surprise(v: Float64Array, target: number): number {
  const most = highest(v);
  let sum = 0;
  for (const value of v) sum += Math.exp(value - most);
  return most - v[target] + Math.log(sum);
}

const repeated = (value: Float64Array, times: number): Float64Array[] =>
  Array.from({ length: times }, () => value);
