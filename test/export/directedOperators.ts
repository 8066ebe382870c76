// Nodes LSTM, GRU and RNN of ONNX that read rows from their ends, or rows of different lengths, run by the engine: as a
// layer of cells that read both ways, with padding behind each row.
import type { Architecture, Engine, Weight } from '../../src/backend/engine.ts';
import { attributesOf, readTensor } from '../../src/export/onnx/constants.ts';
import {
  attributeOf,
  decodeModel,
  type Graph,
  type Model,
  type Node,
  tensorOf,
} from '../../src/export/onnx/format.ts';
import type { OperatorCell } from '../../src/export/onnx/operatorCell.ts';
import { readOperators } from '../../src/export/onnx/readGraph.ts';
import { Problem } from '../../src/protocol/problem.ts';
import { readCell } from '../../src/training/readOptions.ts';
import type { Tensor } from './runtime.ts';

/** Whether a model's recurrent node reads from the end, or has lengths of its rows. */
export function isDirected(model: Model): boolean {
  const node = recurrentNode(model.graph!);
  return directionOf(node) !== 'forward' || (node.inputs[4] ?? '') !== '';
}

const recurrentNode = ({ nodes }: Graph): Node =>
  nodes.find(({ operator }) => ['LSTM', 'GRU', 'RNN'].includes(operator))!;
const directionOf = (node: Node): string => attributesOf(node).get('direction')?.string || 'forward';

/**
 * Runs the only recurrent node of a model. @returns Y [T × directions × B × H] and Y_h [directions × B × H]; with a layout
 * by rows [B × T × directions × H] and [B × directions × H]
 * @param x [T × B × X], or [B × T × X]
 * @throws Problem when the language or the engine cannot say what the node computes
 */
export function runDirected(engine: Engine, bytes: Uint8Array, x: Tensor): readonly Tensor[] {
  const model = decodeModel(bytes);
  const graph = model.graph!;
  const node = recurrentNode(graph);
  const byRows = attributesOf(node).get('layout')?.int === 1;
  const [rows, steps, width] = byRows ? x.dims : [x.dims[1], x.dims[0], x.dims[2]];
  const lengths = lengthsOf(graph, node, rows, steps);
  const direction = directionOf(node);
  const count = direction === 'bidirectional' ? 2 : 1;
  const cells = Array.from({ length: count }, (_, at) => cellOf(graph, node, at, count));
  // A cell that reads from the end alone is the second of two.
  const [ahead, back] = [cells[0], cells.at(-1)!];
  if (ahead.text !== back.text || ahead.hidden !== back.hidden)
    throw new Problem(
      'Its two directions have different equations, and both cells of a layer have the same ones.',
    );
  const values = run(engine, [ahead, back], { x, rows, steps, width, byRows, lengths });
  const { hidden } = ahead;
  const places = direction === 'bidirectional' ? [0, 1] : [direction === 'reverse' ? 1 : 0];
  const at = (row: number, step: number, place: number) => {
    const from = (row * steps + step) * 2 * hidden + place * hidden;
    return values.subarray(from, from + hidden);
  };
  const lay = (dims: readonly number[], each: (index: readonly number[]) => Float32Array): Tensor => {
    const data = new Float32Array(dims.reduce((product, dim) => product * dim, hidden));
    for (let block = 0; block * hidden < data.length; block++) {
      const index: number[] = [];
      for (let rest = block, axis = dims.length - 1; axis >= 0; axis--) {
        index.unshift(rest % dims[axis]);
        rest = Math.floor(rest / dims[axis]);
      }
      data.set(each(index), block * hidden);
    }
    return { dims: [...dims, hidden], data };
  };
  const end = (row: number, place: number) => at(row, place === 1 ? 0 : lengths[row] - 1, place);
  return byRows
    ? [
        lay([rows, steps, count], ([row, step, way]) => at(row, step, places[way])),
        lay([rows, count], ([row, way]) => end(row, places[way])),
      ]
    : [
        lay([steps, count, rows], ([step, way, row]) => at(row, step, places[way])),
        lay([count, rows], ([way, row]) => end(row, places[way])),
      ];
}

function lengthsOf(graph: Graph, node: Node, rows: number, steps: number): readonly number[] {
  const name = node.inputs[4] ?? '';
  if (name === '') return Array(rows).fill(steps);
  const lengths = [...readTensor(graph.initializers.find((each) => each.name === name)!).data];
  if (lengths.some((length) => length < 1))
    throw new Problem('A row has no steps, and a row here has one at least.');
  return lengths;
}

/** Reads one direction of a node as if it were a node of its own that reads forward. */
function cellOf(graph: Graph, node: Node, at: number, count: number): OperatorCell {
  const part = <Item>(items: readonly Item[]): Item[] => {
    const size = items.length / count;
    return items.slice(at * size, (at + 1) * size);
  };
  const byRows = attributesOf(node).get('layout')?.int === 1;
  const states = new Set(node.inputs.slice(5, 7));
  const initializers = graph.initializers.map((tensor) => {
    const { shape, data } = readTensor(tensor);
    const axis = states.has(tensor.name) && byRows ? 1 : 0;
    if (shape.length < 2 || shape[axis] !== count) return tensor;
    const own = axis === 0 ? part([...data]) : chunksOf(data, shape[2], at, count);
    return tensorOf(
      tensor.name,
      shape.map((size, index) => (index === axis ? 1 : size)),
      Float32Array.from(own),
    );
  });
  const attributes = node.attributes
    .filter(({ name }) => name !== 'direction')
    .map((attribute) =>
      ['activations', 'activation_alpha', 'activation_beta'].includes(attribute.name)
        ? attribute.strings.length > 0
          ? attributeOf(attribute.name, part(attribute.strings))
          : attributeOf(attribute.name, { floats: part(attribute.floats) })
        : attribute,
    );
  const inputs = node.inputs.map((name, index) => (index === 4 ? '' : name));
  const [read] = readOperators({ ...graph, initializers, nodes: [{ ...node, inputs, attributes }] });
  return read;
}

/** The numbers of one direction of [B × directions × H]. */
const chunksOf = (data: ArrayLike<number>, hidden: number, at: number, count: number): number[] =>
  Array.from(data).filter((_, index) => Math.floor(index / hidden) % count === at);

interface Rows {
  readonly x: Tensor;
  readonly rows: number;
  readonly steps: number;
  readonly width: number;
  readonly byRows: boolean;
  readonly lengths: readonly number[];
}

/** Returns the outputs of both cells side by side, [B × T × 2 H], which are zero in padding. */
function run(engine: Engine, cells: readonly OperatorCell[], of: Rows): Float32Array {
  const { x, rows, steps, width, byRows, lengths } = of;
  const [{ name, text, hidden }] = cells;
  const outputs = 2 * hidden;
  const cell = readCell(text, 'The imported cell', name);
  const architecture: Architecture = {
    input: 'numbers',
    inputs: width,
    embedding: 0,
    layers: [{ cell, hidden, bidirectional: true }],
    outputs,
    tied: false,
    head: { kind: 'every step' },
  };
  // The logits are the outputs of the cells themselves.
  const identity = Float32Array.from({ length: outputs ** 2 }, (_, i) => (i % (outputs + 1) === 0 ? 1 : 0));
  const weights = new Map<string, Weight>([
    ...cells.flatMap((each, index) =>
      [...each.weights].map(
        ([own, weight]) => [`layers.0.${index === 0 ? 'forward' : 'backward'}.${own}`, weight] as const,
      ),
    ),
    ['output.W', { shape: [outputs, outputs], data: identity }],
    ['output.b', { shape: [outputs], data: new Float32Array(outputs) }],
  ]);
  const inputs = new Float32Array(x.data.length);
  const isThere = (row: number, step: number) => step < lengths[row];
  for (let row = 0; row < rows; row++)
    for (let step = 0; step < steps; step++) {
      const from = (byRows ? row * steps + step : step * rows + row) * width;
      inputs.set(x.data.subarray(from, from + width), (row * steps + step) * width);
    }
  const places = Array.from(
    { length: rows * steps },
    (_, at) => [Math.floor(at / steps), at % steps] as const,
  );
  const tokens = Int32Array.from(places, ([row, step], at) => (isThere(row, step) ? at : -1));
  const targets = tokens.map((token) => Math.min(token, 0));
  const shape = { batch: rows, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
  const network = engine.train(architecture, shape, weights, { inputs, targets: inputs });
  const found = new Float32Array(rows * steps * outputs);
  network.logits(tokens, targets, rows, (at, logits) => found.set(logits, at * outputs));
  network.dispose();
  return found;
}
