// Recognises the cells whose equations are exactly those of torch.nn.LSTM, torch.nn.GRU or torch.nn.RNN, which have
// fast kernels of their own. Names, and the order of what is added or multiplied, do not matter.
import type { CheckedCell, Equation, Expression } from '../../language/cell.ts';

/** The parameters of one of the matrix products and biases that a module stacks. */
export interface Gate {
  /** The matrix that multiplies x[t]. */
  readonly W: string;
  /** The matrix that multiplies h[t-1]. */
  readonly U: string;
  /** The bias. */
  readonly b: string;
  /** The bias beside U h[t-1] that is multiplied by the reset gate: the candidate of a GRU has one. */
  readonly d?: string;
}

export interface TorchModule {
  readonly kind: 'LSTM' | 'GRU' | 'RNN';
  /** The gates in the order in which torch stacks them: i, f, g, o; or r, z, n; or the only one. */
  readonly gates: readonly Gate[];
  readonly nonlinearity: 'tanh' | 'relu';
  /** The names of the states: the output, and the memory of an LSTM. */
  readonly states: readonly string[];
}

/** @returns null where the cell is none of torch's */
export function torchModule(cell: CheckedCell): TorchModule | null {
  if (cell.outputLag > 0 || cell.distribution) return null;
  if (cell.parameters.some(({ trained, stochastic }) => !trained || stochastic)) return null;
  const find = (name: string) => cell.equations.find((equation) => equation.name === name);
  const output = find(cell.output);
  if (output?.maxLag !== 1 || output.width !== 'h') return null;
  const module = recogniseRnn(output) ?? recogniseLstm(output, find) ?? recogniseGru(output, find);
  if (!module) return null;
  const used = module.gates.flatMap(({ W, U, b, d }) => (d === undefined ? [W, U, b] : [W, U, b, d]));
  const states = cell.equations.filter(({ maxLag }) => maxLag > 0);
  const isWhole =
    new Set(used).size === used.length &&
    used.length === cell.parameters.length &&
    states.length === module.states.length &&
    cell.equations.length === { LSTM: 6, GRU: 4, RNN: 1 }[module.kind] &&
    cell.equations.every(({ width }) => width === 'h');
  return isWhole ? module : null;
}

type Find = (name: string) => Equation | undefined;

function recogniseRnn(output: Equation): TorchModule | null {
  const { value } = output;
  if (value.kind !== 'unary' || (value.function !== 'tanh' && value.function !== 'relu')) return null;
  const gate = affine(value.operand, output.name);
  if (!gate) return null;
  return { kind: 'RNN', gates: [gate], nonlinearity: value.function, states: [output.name] };
}

/** h[t] = o[t] * tanh(c[t]); c[t] = f[t] * c[t-1] + i[t] * g[t] */
function recogniseLstm(output: Equation, find: Find): TorchModule | null {
  for (const [shown, squashed] of pairs(output.value, 'multiply')) {
    if (squashed.kind !== 'unary' || squashed.function !== 'tanh') continue;
    const memory = vector(squashed.operand, 0, find);
    const o = gateOf(shown, 'sigmoid', output.name, find);
    if (!memory || !o || memory.maxLag !== 1) continue;
    for (const [kept, written] of pairs(memory.value, 'add'))
      for (const [forget, before] of pairs(kept, 'multiply')) {
        if (before.kind !== 'vector' || before.name !== memory.name || before.lag !== 1) continue;
        const f = gateOf(forget, 'sigmoid', output.name, find);
        for (const [input, candidate] of pairs(written, 'multiply')) {
          const i = gateOf(input, 'sigmoid', output.name, find);
          const g = gateOf(candidate, 'tanh', output.name, find);
          if (i && f && g)
            return {
              kind: 'LSTM',
              gates: [i, f, g, o],
              nonlinearity: 'tanh',
              states: [output.name, memory.name],
            };
        }
      }
  }
  return null;
}

/** h[t] = z[t] * h[t-1] + (1 - z[t]) * g[t]; g[t] = tanh(W x[t] + b + r[t] * (U h[t-1] + d)) */
function recogniseGru(output: Equation, find: Find): TorchModule | null {
  for (const [kept, written] of pairs(output.value, 'add'))
    for (const [update, before] of pairs(kept, 'multiply')) {
      if (before.kind !== 'vector' || before.name !== output.name || before.lag !== 1) continue;
      const z = gateOf(update, 'sigmoid', output.name, find);
      if (!z || update.kind !== 'vector') continue;
      for (const [rest, candidate] of pairs(written, 'multiply')) {
        if (rest.kind !== 'binary' || rest.operator !== 'subtract') continue;
        if (rest.left.kind !== 'number' || rest.left.value !== 1) continue;
        if (rest.right.kind !== 'vector' || rest.right.name !== update.name || rest.right.lag !== 0) continue;
        const found = candidateOf(candidate, output.name, find);
        if (found)
          return {
            kind: 'GRU',
            gates: [found.r, z, found.n],
            nonlinearity: 'tanh',
            states: [output.name],
          };
      }
    }
  return null;
}

/** The candidate of a GRU whose reset gate comes after the product. */
function candidateOf(candidate: Expression, output: string, find: Find): { r: Gate; n: Gate } | null {
  const value = vector(candidate, 0, find)?.value;
  if (value?.kind !== 'unary' || value.function !== 'tanh') return null;
  const terms = sum(value.operand);
  const gated = terms.find(({ kind }) => kind === 'binary');
  const others = terms.filter((term) => term !== gated);
  if (!gated || others.length !== 2) return null;
  for (const [reset, recurrent] of pairs(gated, 'multiply')) {
    const r = gateOf(reset, 'sigmoid', output, find);
    const inner = sum(recurrent);
    const U = inner.flatMap((term) => productOf(term, output, 1) ?? []);
    const d = inner.flatMap((term) => (term.kind === 'parameter' ? [term.name] : []));
    const W = others.flatMap((term) => productOf(term, 'x', 0) ?? []);
    const b = others.flatMap((term) => (term.kind === 'parameter' ? [term.name] : []));
    if (!r || inner.length !== 2) continue;
    if ([U, d, W, b].every(({ length }) => length === 1))
      return { r, n: { W: W[0], U: U[0], b: b[0], d: d[0] } };
  }
  return null;
}

/** The gate that a vector of this step is: a function of W x[t] + U h[t-1] + b. */
function gateOf(expression: Expression, squash: 'sigmoid' | 'tanh', output: string, find: Find): Gate | null {
  const value = vector(expression, 0, find)?.value;
  return value?.kind === 'unary' && value.function === squash ? affine(value.operand, output) : null;
}

function affine(expression: Expression, output: string): Gate | null {
  const terms = sum(expression);
  const W = terms.flatMap((term) => productOf(term, 'x', 0) ?? []);
  const U = terms.flatMap((term) => productOf(term, output, 1) ?? []);
  const b = terms.flatMap((term) => (term.kind === 'parameter' ? [term.name] : []));
  const isWhole = terms.length === 3 && [W, U, b].every(({ length }) => length === 1);
  return isWhole ? { W: W[0], U: U[0], b: b[0] } : null;
}

const productOf = (term: Expression, name: string, lag: number): string[] | null =>
  term.kind === 'product' &&
  !term.transposed &&
  term.operand.kind === 'vector' &&
  term.operand.name === name &&
  term.operand.lag === lag
    ? [term.matrix]
    : null;

const vector = (expression: Expression, lag: number, find: Find): Equation | undefined =>
  expression.kind === 'vector' && expression.lag === lag ? find(expression.name) : undefined;

/** The operands of an operation that commutes, in both orders. */
const pairs = (expression: Expression, operator: 'add' | 'multiply'): [Expression, Expression][] =>
  expression.kind === 'binary' && expression.operator === operator
    ? [
        [expression.left, expression.right],
        [expression.right, expression.left],
      ]
    : [];

const sum = (expression: Expression): Expression[] =>
  expression.kind === 'binary' && expression.operator === 'add'
    ? [...sum(expression.left), ...sum(expression.right)]
    : [expression];
