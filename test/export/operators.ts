// Nodes LSTM, GRU and RNN of ONNX, run by this program: each is read as a cell, and the cell is compiled.
import { fastestTile } from '../../src/backend/wasm/chooseTile.ts';
import { loadModule } from '../../src/backend/wasm/module.ts';
import { WasmRecurrence } from '../../src/backend/wasm/recurrence.ts';
import {
  attributeOf,
  decodeModel,
  describeValue,
  elementTypes,
  encodeModel,
  type Model,
  type Node,
  tensorOf,
} from '../../src/export/onnx/format.ts';
import type { OperatorCell } from '../../src/export/onnx/operatorCell.ts';
import { readOperators } from '../../src/export/onnx/readGraph.ts';
import { compileRecurrence } from '../../src/tape/compile.ts';
import { cellParameters } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { readCell } from '../../src/training/readOptions.ts';
import { readKernels } from '../kernels/modules.ts';
import type { Tensor } from './runtime.ts';

/** Runs the cell of a model's only recurrent node. @returns the values of the node's outputs, in order */
export async function runOperator(bytes: Uint8Array, x: Tensor): Promise<readonly Tensor[]> {
  const { graph } = decodeModel(bytes);
  const [read] = readOperators(graph!);
  const node = graph!.nodes.find(({ outputs }) => outputs.length > 0)!;
  const byRows = node.attributes.some(({ name, int }) => name === 'layout' && int === 1);
  const [rows, steps] = byRows ? x.dims : [x.dims[1], x.dims[0]];
  const { y, finals } = await runCell(read, inRows(x, byRows, read.direction === 'backward'), rows, steps);
  const sequence = { dims: [rows, steps, read.hidden], data: y };
  const ordered = inRows(sequence, true, read.direction === 'backward');
  return [byRows ? { ...sequence, data: ordered } : bySteps(ordered, rows, steps), ...finals];
}

async function runCell(
  { name, text, input, hidden, weights }: OperatorCell,
  x: Float32Array,
  rows: number,
  steps: number,
): Promise<{ y: Float32Array; finals: readonly Tensor[] }> {
  const loaded = (await loadModule(readKernels))!;
  const machine = { ...loaded, tile: fastestTile(loaded), spawn: null };
  const cell = readCell(text, 'The imported cell', name);
  const widths = { x: input, h: hidden, y: 0 };
  const compiled = compileRecurrence(cell, widths);
  const parameters = cellParameters(cell, widths);
  const recurrence = new WasmRecurrence(machine, compiled, parameters, rows, steps);
  const own = new Map(parameters.map(({ name }) => [name, weights.get(name)!]));
  const initial = compiled.graph.states.flatMap(({ key }) =>
    Array.from({ length: rows }, () => [...(weights.get(`${key}[0]`)?.data ?? new Float32Array(hidden))]),
  );
  const { y, states } = recurrence.forward(x, Float32Array.from(initial.flat()), own);
  const size = rows * hidden;
  const order = compiled.graph.states.map(({ key }) => key);
  const finals = ['h', 'c'].flatMap((key) => {
    const at = order.indexOf(key) * size;
    return at < 0 ? [] : [{ dims: [rows, hidden], data: states.slice(at, at + size) }];
  });
  return { y, finals };
}

/** Orders a sequence by rows, and turns its steps round where a node reads them backward. */
function inRows({ dims, data }: Tensor, byRows: boolean, backward: boolean): Float32Array {
  const [rows, steps, width] = byRows ? dims : [dims[1], dims[0], dims[2]];
  const ordered = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let step = 0; step < steps; step++) {
      const from = byRows ? row * steps + step : step * rows + row;
      const to = row * steps + (backward ? steps - 1 - step : step);
      ordered.set(data.subarray(from * width, (from + 1) * width), to * width);
    }
  return ordered;
}

function bySteps(data: Float32Array, rows: number, steps: number): Tensor {
  const width = data.length / rows / steps;
  const ordered = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let step = 0; step < steps; step++)
      ordered.set(
        data.subarray((row * steps + step) * width, (row * steps + step + 1) * width),
        (step * rows + row) * width,
      );
  return { dims: [steps, rows, width], data: ordered };
}

export interface OperatorCase {
  readonly name: string;
  readonly operator: 'LSTM' | 'GRU' | 'RNN';
  readonly attributes?: Readonly<Record<string, Parameters<typeof attributeOf>[1]>>;
  readonly bias?: false;
  readonly peepholes?: true;
  readonly states?: true;
  /** The number of steps of each of the three rows; all five where it is left out. */
  readonly lengths?: readonly number[];
}

/** The cases of nodes that read both ways, or rows of different lengths. */
export const directedCases: readonly OperatorCase[] = (
  [
    ['LSTM', {}],
    ['GRU', {}],
    ['GRU', { linear_before_reset: 1 }],
    ['RNN', {}],
  ] as const
).flatMap(([operator, attributes]): OperatorCase[] => {
  const after = 'linear_before_reset' in attributes ? ', reset after' : '';
  const both = { ...attributes, direction: 'bidirectional' };
  return [
    { name: `${operator}${after} both ways`, operator, attributes: both },
    {
      name: `${operator}${after} both ways, with initial states and lengths`,
      operator,
      attributes: both,
      states: true,
      lengths: [5, 2, 4],
    },
    { name: `${operator}${after}, lengths`, operator, attributes, lengths: [3, 5, 1] },
    {
      name: `${operator}${after} in reverse, lengths`,
      operator,
      attributes: { ...attributes, direction: 'reverse' },
      lengths: [3, 5, 1],
      states: true,
    },
  ];
});

/** Cases of the three operators' attributes, with random weights. */
export const operatorCases: readonly OperatorCase[] = [
  { name: 'LSTM', operator: 'LSTM' },
  { name: 'LSTM without biases', operator: 'LSTM', bias: false },
  { name: 'LSTM with peepholes', operator: 'LSTM', peepholes: true },
  { name: 'LSTM with initial states', operator: 'LSTM', states: true },
  { name: 'LSTM in reverse', operator: 'LSTM', attributes: { direction: 'reverse' }, states: true },
  { name: 'LSTM, clipped', operator: 'LSTM', attributes: { clip: { float: 0.3 } } },
  {
    name: 'LSTM, clipped, with peepholes',
    operator: 'LSTM',
    attributes: { clip: { float: 0.5 } },
    peepholes: true,
  },
  { name: 'LSTM, coupled gates', operator: 'LSTM', attributes: { input_forget: 1 } },
  {
    name: 'LSTM, other activations',
    operator: 'LSTM',
    attributes: { activations: ['HardSigmoid', 'Softsign', 'Relu'] },
  },
  { name: 'GRU', operator: 'GRU' },
  { name: 'GRU without biases', operator: 'GRU', bias: false },
  { name: 'GRU, reset after', operator: 'GRU', attributes: { linear_before_reset: 1 } },
  {
    name: 'GRU, reset after, with initial state',
    operator: 'GRU',
    attributes: { linear_before_reset: 1 },
    states: true,
  },
  { name: 'GRU in reverse', operator: 'GRU', attributes: { direction: 'reverse' } },
  { name: 'GRU, clipped', operator: 'GRU', attributes: { clip: { float: 0.4 } } },
  { name: 'GRU, other activations', operator: 'GRU', attributes: { activations: ['Sigmoid', 'Relu'] } },
  { name: 'RNN', operator: 'RNN' },
  {
    name: 'RNN, Relu, with initial state',
    operator: 'RNN',
    attributes: { activations: ['Relu'] },
    states: true,
  },
  {
    name: 'RNN, LeakyRelu',
    operator: 'RNN',
    attributes: { activations: ['LeakyRelu'], activation_alpha: { floats: [0.2] } },
  },
  {
    name: 'RNN, Affine, clipped, in reverse',
    operator: 'RNN',
    attributes: {
      activations: ['Affine'],
      activation_alpha: { floats: [0.7] },
      activation_beta: { floats: [-0.1] },
      clip: { float: 0.8 },
      direction: 'reverse',
    },
  },
];

const gates = { LSTM: 4, GRU: 3, RNN: 1 };

/** Makes the model of a case, with weights as initializers and the input `X`, [steps × rows × width]. */
export function operatorModel(
  { operator, attributes = {}, bias, peepholes, states, lengths }: OperatorCase,
  seed: number,
): { bytes: Uint8Array; x: Tensor } {
  const next = random(seed);
  const [steps, rows, width, hidden] = [5, 3, 4, 6];
  const numbers = (size: number) => Float32Array.from({ length: size }, () => 2 * next() - 1);
  const count = gates[operator];
  const ways = attributes.direction === 'bidirectional' ? 2 : 1;
  const shapes: Record<string, number[]> = {
    W: [ways, count * hidden, width],
    R: [ways, count * hidden, hidden],
    ...(bias === false ? {} : { B: [ways, 2 * count * hidden] }),
    ...(states ? { h0: [ways, rows, hidden] } : {}),
    ...(states && operator === 'LSTM' ? { c0: [ways, rows, hidden] } : {}),
    ...(peepholes ? { P: [ways, 3 * hidden] } : {}),
  };
  const initializers = Object.entries(shapes).map(([name, dims]) => {
    const size = dims.reduce((a, b) => a * b, 1);
    // All rows begin in one state.
    const one = name.endsWith('0') ? numbers(ways * hidden) : numbers(size);
    const way = (i: number) => Math.floor(i / (rows * hidden));
    return tensorOf(
      name,
      dims,
      Float32Array.from({ length: size }, (_, i) =>
        name.endsWith('0') ? one[way(i) * hidden + (i % hidden)] : one[i],
      ),
    );
  });
  if (lengths) {
    const raw = new Uint8Array(Int32Array.from(lengths).buffer);
    initializers.push({ ...tensorOf('lengths', [rows], new Float32Array()), type: elementTypes.int32, raw });
  }
  const given = (name: string) => (name in shapes ? name : '');
  const outputs = operator === 'LSTM' ? ['Y', 'Y_h', 'Y_c'] : ['Y', 'Y_h'];
  const node: Node = {
    inputs: [
      'X',
      'W',
      'R',
      given('B'),
      lengths ? 'lengths' : '',
      given('h0'),
      ...(operator === 'LSTM' ? [given('c0'), given('P')] : []),
    ],
    outputs,
    name: '',
    operator,
    attributes: Object.entries({ hidden_size: hidden, ...attributes }).map(([name, value]) =>
      attributeOf(name, value),
    ),
    domain: '',
  };
  const { float32 } = elementTypes;
  const model: Model = {
    irVersion: 8,
    producerName: 'test',
    producerVersion: '',
    graph: {
      nodes: [node],
      name: 'operator',
      initializers,
      inputs: [describeValue('X', float32, [steps, rows, width])],
      outputs: outputs.map((name) =>
        describeValue(name, float32, [...(name === 'Y' ? [steps] : []), ways, rows, hidden]),
      ),
    },
    opsets: [{ domain: '', version: 14 }],
    metadata: [],
  };
  return {
    bytes: encodeModel(model),
    x: { dims: [steps, rows, width], data: numbers(steps * rows * width) },
  };
}
