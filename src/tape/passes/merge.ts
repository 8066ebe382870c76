// Merges equal operations on neighbouring columns into one operation: the gates of a cell stand side by side,
// with one product for all of them and one sigmoid for three.
import { isElementwise } from '../../operations/elementwise.ts';
import {
  axisOf,
  type Graph,
  type Node,
  namesOf,
  now,
  type Operation,
  type Read,
  type Use,
} from '../graph.ts';

/**
 * @param trained the names of trained parameters, which are not merged with fixed ones
 * @param apart the names of parameters that are not merged with any, because they have a location of their own
 */
export function mergeSideBySide(
  graph: Graph,
  trained: ReadonlySet<string>,
  apart: ReadonlySet<string> = new Set(),
): void {
  const stacked = new Set<string>();
  for (let merged = true; merged; ) {
    merged = false;
    const readers = graph.users();
    const uses = countUses(graph);
    const groups = new Map<string, Node[]>();
    for (const node of graph.nodes()) {
      const signature = signatureOf(node, { uses, stacked, trained, apart });
      if (signature === null) continue;
      const group = groups.get(signature);
      if (group) group.push(node);
      else groups.set(signature, [node]);
    }
    for (const group of groups.values()) {
      const run = neighbours(group, readers);
      if (run.length < 2) continue;
      merge(graph, run, stacked);
      merged = true;
      break;
    }
  }
}

/** Counts how often each parameter occurs; only one that occurs once can be stacked with others. */
function countUses(graph: Graph): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { operation } of graph.nodes())
    for (const name of namesOf(operation)) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

interface Parameters {
  readonly uses: ReadonlyMap<string, number>;
  /** The parameters that are stacked already. */
  readonly stacked: ReadonlySet<string>;
  readonly trained: ReadonlySet<string>;
  readonly apart: ReadonlySet<string>;
}

/** Returns a signature, or null: nodes of equal signatures may be merged if their columns are neighbours. */
function signatureOf(node: Node, { uses, stacked, trained, apart }: Parameters): string | null {
  const { operation, inputs } = node;
  if (axisOf(node) === null) return null;
  const operandKind = (read: Read): string | null => {
    const { node: input, lag } = read;
    const { operation: of } = input;
    if (of.kind === 'slice' && lag === 0) return `slice ${input.inputs[0].node.id}`;
    if (of.kind === 'constant') return `constant ${of.value}`;
    if (of.kind === 'parameter')
      return of.names.some((name) => stacked.has(name) || uses.get(name)! > 1)
        ? null
        : `parameter ${trained.has(of.names[0])}`;
    return null;
  };
  const operandKinds = (reads: readonly Read[]): string | null => {
    const all = reads.map(operandKind);
    return all.includes(null) ? null : all.join(', ');
  };
  if (operation.kind === 'matmul' || operation.kind === 'gather') {
    if (operation.matrices.some((matrix) => apart.has(matrix) || uses.get(matrix)! > 1)) return null;
    // Transposes of stacked matrices would stand side by side.
    if (operation.kind === 'matmul' && operation.transposed) return null;
    if (operation.kind === 'gather' && !operation.byColumns) return null;
    const operands = operation.kind === 'matmul' ? 1 : 0;
    const operand = inputs.slice(0, operands).map((read) => `${read.node.id}[${read.lag}]`);
    const onto = operandKinds(inputs.slice(operands));
    return onto === null
      ? null
      : `${operation.kind} ${node.per} ${trained.has(operation.matrices[0])} ${operand} onto ${onto}`;
  }
  if (!isElementwise(operation.kind)) return null;
  const all = operandKinds(inputs);
  return all?.includes('slice') ? `${operation.kind} ${node.per} ${all}` : null;
}

/** Returns the first run of nodes whose slices follow each other, in the order of the slices. */
function neighbours(group: readonly Node[], readers: Map<Node, Use[]>): Node[] {
  const slices = (node: Node) =>
    node.inputs.map((read) => read.node).filter(({ operation }) => operation.kind === 'slice');
  const from = (slice: Node) => (slice.operation as Extract<Operation, { kind: 'slice' }>).from;
  if (slices(group[0]).length === 0) return byFunction(group, readers);
  const sorted = [...group].sort((a, b) => from(slices(a)[0]) - from(slices(b)[0]));
  const follows = (a: Node, b: Node) =>
    slices(a).every((slice, index) => from(slice) + slice.width === from(slices(b)[index]));
  for (let start = 0; start < sorted.length; start++) {
    let end = start + 1;
    while (end < sorted.length && follows(sorted[end - 1], sorted[end])) end++;
    if (end - start > 1) return sorted.slice(start, end);
  }
  return [];
}

/**
 * Groups gates of the same function, otherwise in their written order, so that one sigmoid serves several.
 */
function byFunction(group: readonly Node[], readers: Map<Node, Use[]>): Node[] {
  const functionOf = (node: Node): string => {
    const [reader, ...others] = readers.get(node)!;
    if (others.length > 0 || reader.node === null) return '';
    const { kind } = reader.node.operation;
    return ['add', 'sum', 'matmul', 'gather'].includes(kind) ? functionOf(reader.node) : kind;
  };
  const order = [...new Set(group.map(functionOf))];
  return [...group].sort((a, b) => order.indexOf(functionOf(a)) - order.indexOf(functionOf(b)));
}

function merge(graph: Graph, run: readonly Node[], stacked: Set<string>): void {
  const [first] = run;
  const width = run.reduce((sum, node) => sum + node.width, 0);
  const operands = first.operation.kind === 'matmul' ? 1 : 0;
  const inputs = first.inputs.map((read, index): Read => {
    if (index < operands) return read;
    const { operation, inputs: of } = read.node;
    if (operation.kind === 'constant') return now(graph.add(operation, [], width, 'once'));
    if (operation.kind === 'slice') {
      const parent = of[0].node;
      return parent.width === width ? of[0] : now(graph.add(operation, of, width, read.node.per));
    }
    const names = run.flatMap((node) => namesOf(node.inputs[index].node.operation));
    for (const name of names) stacked.add(name);
    return now(graph.add({ kind: 'parameter', names }, [], width, 'once'));
  });
  const operation: Operation =
    'matrices' in first.operation
      ? { ...first.operation, matrices: run.flatMap((node) => namesOf(node.operation)) }
      : first.operation;
  const wide = graph.add(operation, inputs, width, first.per);
  let from = 0;
  for (const node of run) {
    graph.replace(node, now(graph.add({ kind: 'slice', from }, [now(wide)], node.width, node.per)));
    from += node.width;
  }
}
