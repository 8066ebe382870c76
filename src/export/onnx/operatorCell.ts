// Reads a node LSTM, GRU or RNN as a cell of the language: a built-in one where the equations are the same,
// and otherwise the text of a cell that says what the node computes.
import type { Weight } from '../../backend/engine.ts';
import { builtinCells } from '../../cells/index.ts';
import { Problem } from '../../protocol/problem.ts';
import { type Activation, activationText, isSimple, numberText } from './activations.ts';
import { attributesOf, type Constant } from './constants.ts';
import type { Node } from './format.ts';
import { unpackGates } from './packedGates.ts';
import type { Gate, RecurrentCell } from './recurrentCell.ts';

export interface OperatorCell {
  readonly name: string;
  readonly text: string;
  readonly hidden: number;
  /** The width of the vectors that the cell reads. */
  readonly input: number;
  /** The parameters by their names in the cell. */
  readonly weights: ReadonlyMap<string, Weight>;
  /** The names of the matrices that multiply what the cell reads. */
  readonly inputMatrices: readonly string[];
  readonly direction: 'forward' | 'backward';
}

/** The properties of a node's inputs in a graph. */
export interface NodeInputs {
  /** Returns a value that depends on no input; null where it does. */
  constant(name: string): Constant | null;
  /** Returns an initial state, [H]; null where it is zero or comes from the caller. @throws Problem */
  initialState(name: string, hidden: number): Float32Array | null;
  /** The number of steps that the graph always reads; null where it is open. */
  readonly steps: number | null;
}

export const isRecurrent = ({ operator }: Node): boolean => Object.hasOwn(gateNames, operator);

/** The gates in the operators' order, by the names that they have in the built-in cells. */
const gateNames: Readonly<Record<string, readonly string[]>> = {
  LSTM: ['i', 'o', 'f', 'g'],
  GRU: ['z', 'r', 'g'],
  RNN: [''],
};

const defaultActivations: Readonly<Record<string, readonly string[]>> = {
  LSTM: ['Sigmoid', 'Tanh', 'Tanh'],
  GRU: ['Sigmoid', 'Tanh'],
  RNN: ['Tanh'],
};

/** The built-in cells of operators that have nothing special, by their activations. */
const builtin: Readonly<Record<string, string>> = {
  'LSTM Sigmoid Tanh Tanh': 'LSTM',
  'LSTM Sigmoid Tanh Tanh with peepholes': 'PeepholeLSTM',
  'GRU Sigmoid Tanh': 'GRU',
  'RNN Tanh': 'Elman',
  'RNN Sigmoid': 'ElmanSigmoid',
  'RNN Relu': 'ElmanReLU',
};

/** @throws Problem when the language or the engine cannot say what the node computes */
export function operatorCell(node: Node, inputs: NodeInputs): OperatorCell {
  return new OperatorReader(node, inputs).read();
}

class OperatorReader {
  readonly #node: Node;
  readonly #inputs: NodeInputs;
  readonly #attributes: ReturnType<typeof attributesOf>;
  readonly #what: string;

  constructor(node: Node, inputs: NodeInputs) {
    this.#node = node;
    this.#inputs = inputs;
    this.#attributes = attributesOf(node);
    this.#what = `The ${node.operator} ${JSON.stringify(node.name || node.outputs.find((name) => name !== ''))}`;
  }

  read(): OperatorCell {
    const { operator } = this.#node;
    const direction = this.#direction();
    this.#checkLengths();
    const [W, R] = [this.#weight(1, 'W'), this.#weight(2, 'R')];
    const B = this.#optional(3);
    const P = operator === 'LSTM' ? this.#optional(7) : null;
    const hidden = R.shape[2];
    const input = W.shape[2];
    const activations = this.#activations();
    const clip = this.#attributes.get('clip')?.float ?? 0;
    const couples = operator === 'LSTM' && this.#attributes.get('input_forget')?.int === 1;
    const after = operator === 'GRU' && this.#attributes.get('linear_before_reset')?.int === 1;
    const cell = describe(operator, { peepholes: P !== null, couples, after });
    let weights: Map<string, Weight>;
    try {
      weights = unpackGates(cell, { W, R, B, P }, { x: input, h: hidden });
    } catch (error) {
      if (error instanceof Problem) throw new Problem(`${this.#what} is damaged: ${error.message}`);
      throw error;
    }
    const states = operator === 'LSTM' ? (['h', 'c'] as const) : (['h'] as const);
    const learned = states.flatMap((state, index) => {
      const value = this.#inputs.initialState(this.#node.inputs[5 + index] ?? '', hidden);
      if (!value) return [];
      weights.set(`${state}[0]`, { shape: [hidden], data: value });
      return [state];
    });
    const usual = [operator, ...activations.map(({ name }) => name)].join(' ') + (P ? ' with peepholes' : '');
    const known = clip === 0 && !couples && !after && learned.length === 0 ? builtin[usual] : undefined;
    const name = known ?? `Imported${operator}`;
    const text = known ? builtinCells.get(known)! : cellText(name, cell, activations, clip, couples, learned);
    const inputMatrices = cell.gates.flatMap(({ x }) => (x === null ? [] : [x]));
    return { name, text, hidden, input, weights, inputMatrices, direction };
  }

  #direction(): 'forward' | 'backward' {
    const direction = this.#attributes.get('direction')?.string || 'forward';
    if (direction === 'forward') return 'forward';
    if (direction === 'reverse') return 'backward';
    throw new Problem(
      `${this.#what} is ${direction}: a network that reads a text in both directions cannot write it. Export one that reads forward.`,
    );
  }

  /** The engine reads whole rows, so lengths must all be the number of steps. */
  #checkLengths(): void {
    const name = this.#node.inputs[4] ?? '';
    if (name === '') return;
    const lengths = this.#inputs.constant(name);
    const { steps } = this.#inputs;
    if (!lengths || steps === null || lengths.data.some((length) => length !== steps))
      throw new Problem(
        `${this.#what} reads rows of different lengths (\`sequence_lens\`): export the model without them.`,
      );
  }

  #weight(index: number, letter: string): Weight {
    const weight = this.#optional(index);
    if (weight?.shape.length !== 3)
      throw new Problem(
        `${this.#what} has weights (${letter}) that are computed or given by the caller: export the model with its weights.`,
      );
    return weight;
  }

  #optional(index: number): Weight | null {
    const name = this.#node.inputs[index] ?? '';
    if (name === '') return null;
    const found = this.#inputs.constant(name);
    if (!found)
      throw new Problem(
        `${this.#what} has weights ${JSON.stringify(name)} that are computed or given by the caller: export the model with its weights.`,
      );
    return { shape: found.shape, data: Float32Array.from(found.data) };
  }

  #activations(): Activation[] {
    const names = this.#attributes.get('activations')?.strings ?? defaultActivations[this.#node.operator];
    const usual = defaultActivations[this.#node.operator];
    if (names.length !== usual.length)
      throw new Problem(`${this.#what} has ${names.length} activations where there are ${usual.length}.`);
    // The numbers stand in the activations' order, and only those that use one have one.
    const alphas = [...(this.#attributes.get('activation_alpha')?.floats ?? [])];
    const betas = [...(this.#attributes.get('activation_beta')?.floats ?? [])];
    return names.map((name) => {
      const key = name.toLowerCase();
      const canonical = usual.find((each) => each.toLowerCase() === key) ?? (key === 'relu' ? 'Relu' : name);
      const alpha = withAlpha.has(key) ? (alphas.shift() ?? null) : null;
      const beta = withBeta.has(key) ? (betas.shift() ?? null) : null;
      return { name: canonical, alpha, beta };
    });
  }
}

const withAlpha = new Set(['affine', 'leakyrelu', 'thresholdedrelu', 'scaledtanh', 'hardsigmoid', 'elu']);
const withBeta = new Set(['affine', 'scaledtanh', 'hardsigmoid']);

/** Names the parameters as the built-in cells do. */
function describe(
  operator: string,
  { peepholes, couples, after }: { peepholes: boolean; couples: boolean; after: boolean },
): RecurrentCell {
  const gates = gateNames[operator].map((name): Gate => {
    if (couples && name === 'f') return { x: null, h: null, bias: null, peephole: null };
    const end = name === '' ? '' : `_${name}`;
    const peephole = peepholes && name !== 'g' ? `p${end}` : null;
    return { x: `W${end}`, h: `U${end}`, bias: `b${end}`, peephole };
  });
  const common = { gates, activations: [], h: 'h' };
  if (operator === 'LSTM') return { ...common, operator, c: 'c' };
  if (operator === 'GRU') return { ...common, operator, resetAfter: after ? { bias: 'd_g' } : null };
  return { ...common, operator: 'RNN' };
}

function cellText(
  name: string,
  cell: RecurrentCell,
  activations: readonly Activation[],
  clip: number,
  couples: boolean,
  learned: readonly string[],
): string {
  const lines: string[] = [];
  /** Writes the equation of a gate, in two lines where its activation reads its argument more than once. */
  const gate = (name: string, activation: Activation, argument: string, limit = clip) => {
    if (limit === 0 && isSimple(activation)) {
      lines.push(`${name}[t] = ${activationText(activation, argument)}`);
      return;
    }
    const inner = `${name}_in[t]`;
    const bound = numberText(limit);
    lines.push(`${inner} = ${limit === 0 ? argument : `clip(${argument}, -${bound}, ${bound})`}`);
    lines.push(`${name}[t] = ${activationText(activation, inner)}`);
  };
  const sum = ({ x, h, bias, peephole }: Gate, memory: string) =>
    [`${x} x[t]`, `${h} h[t-1]`, ...(peephole ? [`${peephole} * ${memory}`] : []), bias].join(' + ');
  const [f, g, shown] = activations;
  switch (cell.operator) {
    case 'RNN':
      gate('h', f, sum(cell.gates[0], ''));
      break;
    case 'GRU': {
      const [z, r, candidate] = cell.gates;
      gate('z', f, sum(z, ''));
      gate('r', f, sum(r, ''));
      const { x, h, bias } = candidate;
      const product = cell.resetAfter
        ? `r[t] * (${h} h[t-1] + ${cell.resetAfter.bias})`
        : `${h} (r[t] * h[t-1])`;
      gate('g', g, `${x} x[t] + ${product} + ${bias}`);
      lines.push('h[t] = z[t] * h[t-1] + (1 - z[t]) * g[t]');
      break;
    }
    case 'LSTM': {
      const [i, o, forget, candidate] = cell.gates;
      gate('i', f, sum(i, 'c[t-1]'));
      if (couples) lines.push('f[t] = 1 - i[t]');
      else gate('f', f, sum(forget, 'c[t-1]'));
      gate('g', g, sum(candidate, ''));
      lines.push('c[t] = f[t] * c[t-1] + i[t] * g[t]');
      gate('o', f, sum(o, 'c[t]'));
      // ONNX Runtime clips the sums of the gates, and not the memory.
      gate('m', shown, 'c[t]', 0);
      lines.push('h[t] = o[t] * m[t]');
    }
  }
  return [`cell ${name}`, ...lines, ...learned.map((state) => `${state}[0] = learned`)]
    .join('\n  ')
    .concat('\n');
}
