// Which block of memory each value of a graph has, and for how long. Values share a block where one is part of
// another (a slice, an input of a join) or takes the place of what nobody else reads; blocks share memory where
// their lifetimes do not overlap.
import { elementwise, type Graph, type Node, type Use } from './graph.ts';
import { aligned } from './layout.ts';
import type { Stage } from './schedule.ts';

export interface Block {
  /** First word; known once all blocks are. */
  at: number;
  /** Numbers in a row. */
  readonly width: number;
  /** Rows of a step; 1 for what is the same for all. */
  readonly rows: number;
  /** Slots before the first step and after the last that others read; the latter are zero. */
  before: number;
  after: number;
  /** A slot for each step, or one for all: what is used up within a step of a loop. */
  lasting: boolean;
  readonly members: Node[];
  /** In the order of work. */
  start: number;
  end: number;
}

export interface Home {
  readonly block: Block;
  readonly column: number;
}

export interface Storage {
  home(node: Node): Home;
  readonly blocks: readonly Block[];
  /** Inputs of joins that have to be copied there. */
  copied(join: Node, input: number): boolean;
  /** Words needed by all blocks. */
  readonly size: number;
}

/** What has a place that is not a block: parameters, and gradients, which are added to theirs. */
export const placeless: ReadonlySet<string> = new Set([
  'parameter',
  'outer',
  'scatter',
  'collect',
  'collectInitial',
  'collectCarried',
]);

/** What hands on the place of its operand, to be read later. */
const views: ReadonlySet<string> = new Set(['slice', 'join']);

export function store(graph: Graph, stages: readonly Stage[], rows: number, steps: number): Storage {
  const order = stages.flatMap((stage) => (stage.kind === 'all' ? [stage.node] : stage.nodes));
  const parents = new Map<Node, { node: Node; column: number }>();
  const owner = (node: Node): { node: Node; column: number } => {
    let column = 0;
    for (let parent = parents.get(node); parent; parent = parents.get(node)) {
      column += parent.column;
      node = parent.node;
    }
    return { node, column };
  };
  const readers = graph.readers();
  shareParts(order, parents);
  // Positions in the order of work: for each node, of itself and of the loop that it is in.
  const positions = new Map<Node, Position>();
  let position = 0;
  for (const stage of stages) {
    if (stage.kind === 'all') {
      positions.set(stage.node, { at: position, from: position, to: position, loop: null });
      position++;
      continue;
    }
    const from = position;
    const to = position + stage.nodes.length - 1;
    for (const node of stage.nodes) positions.set(node, { at: position++, from, to, loop: stage });
  }

  shareInPlace(order, readers, positions, parents, owner);

  const blocks = new Map<Node, Block>();
  for (const node of order) {
    if (placeless.has(node.operation.kind)) continue;
    const { node: root } = owner(node);
    let block = blocks.get(root);
    if (!block) {
      block = {
        at: 0,
        width: root.width,
        rows: root.per === 'once' ? 1 : rows,
        before: 0,
        after: 0,
        lasting: false,
        members: [],
        start: Number.POSITIVE_INFINITY,
        end: 0,
      };
      blocks.set(root, block);
    }
    block.members.push(node);
  }

  for (const block of blocks.values()) {
    const touches = block.members.flatMap((node) => [
      ...(node.operation.kind === 'slice' ? [] : [positions.get(node)!]),
      ...readers.get(node)!.flatMap((reader) => (reader.node ? [positions.get(reader.node)!] : [])),
    ]);
    const lags = block.members.flatMap((node) => readers.get(node)!.map(({ lag }) => lag));
    for (const { node, lags: most } of graph.states) if (block.members.includes(node)) lags.push(most);
    block.before = Math.max(0, ...lags);
    block.after = Math.max(0, ...lags.map((lag) => -lag));
    const [{ loop }] = touches;
    const leaves = block.members.some((node) => readers.get(node)!.some((reader) => reader.node === null));
    const once = block.members.every(({ per }) => per === 'once');
    const withinStep =
      loop !== null && touches.every((touch) => touch.loop === loop) && lags.every((lag) => lag === 0);
    block.lasting = !once && (leaves || !withinStep);
    // What lives longer than a step lives as long as the loops that touch it.
    const whole = once || block.lasting;
    const given = block.members.some(({ operation }) => operation.kind === 'given');
    block.start = given ? 0 : Math.min(...touches.map(({ at, from }) => (whole ? from : at)));
    block.end = leaves
      ? Number.POSITIVE_INFINITY
      : Math.max(...touches.map(({ at, to }) => (whole ? to : at)));
  }

  const list = [...blocks.values()];
  const size = place(list, steps);
  return {
    home(node) {
      const { node: root, column } = owner(node);
      return { block: blocks.get(root)!, column };
    },
    blocks: list,
    copied: (join, input) => parents.get(join.inputs[input].node)?.node !== join,
    size,
  };
}

interface Position {
  readonly at: number;
  /** Of the loop, where it is in one. */
  readonly from: number;
  readonly to: number;
  readonly loop: Stage | null;
}

/** Slices are where their whole is; what is joined is computed where the join is, where it can be. */
function shareParts(order: readonly Node[], parents: Map<Node, { node: Node; column: number }>): void {
  for (const node of order) {
    const { operation, inputs } = node;
    if (operation.kind === 'slice') parents.set(node, { node: inputs[0].node, column: operation.from });
  }
  for (const node of order) {
    const { operation, inputs } = node;
    if (operation.kind !== 'join') continue;
    for (const [index, { node: part, lag }] of inputs.entries()) {
      const free =
        lag === 0 && part.per === 'step' && !parents.has(part) && !placeless.has(part.operation.kind);
      // The same part twice in one join has one place only.
      const alone = inputs.filter((read) => read.node === part).length === 1;
      if (free && alone) parents.set(part, { node, column: operation.columns[index] });
    }
  }
}

/** An operation takes the place of an operand of its shape that nobody reads afterwards. */
function shareInPlace(
  order: readonly Node[],
  readers: ReadonlyMap<Node, readonly Use[]>,
  positions: ReadonlyMap<Node, Position>,
  parents: Map<Node, { node: Node; column: number }>,
  owner: (node: Node) => { node: Node; column: number },
): void {
  /** Outside of loops; within one, an earlier reader may come again for the next step. */
  const isBefore = (earlier: Node, later: Node): boolean => {
    const [a, b] = [positions.get(earlier)!, positions.get(later)!];
    return a.loop === null && b.loop === null && a.at < b.at && !views.has(earlier.operation.kind);
  };
  const lastReader = (node: Node, operand: Node): boolean => {
    // What is also read of another step must outlast this one.
    const done = ({ node: reader, lag }: Use) =>
      reader === node ? lag === 0 : reader !== null && isBefore(reader, node);
    if (!readers.get(operand)!.every(done)) return false;
    if (operand.operation.kind !== 'slice') return true;
    const { from } = operand.operation;
    return readers.get(operand.inputs[0].node)!.every(({ node: other }) => {
      if (other === operand) return true;
      if (other?.operation.kind !== 'slice') return false;
      return other.operation.from + other.width <= from || from + operand.width <= other.operation.from;
    });
  };
  const children = new Map<Node, Node[]>();
  const putInto = (node: Node, parent: Node) => children.set(parent, [...(children.get(parent) ?? []), node]);
  for (const [node, parent] of parents) putInto(node, parent.node);
  /** Whether what else is in the operand's place, such as a part of a join, is not read any more either. */
  const placeIsFree = (node: Node, operand: Node): boolean => {
    const { node: root, column } = owner(operand);
    const members = [root];
    for (const member of members) members.push(...(children.get(member) ?? []));
    const sharing = members.filter((other) => {
      const { column: from } = owner(other);
      return other !== operand && from < column + operand.width && column < from + other.width;
    });
    const isDone = ({ node: reader, lag }: Use): boolean => {
      if (reader === null || (reader === node && lag !== 0)) return false;
      // What hands on the place has readers of its own, which are looked at where it shares the place.
      if (reader === operand || (views.has(reader.operation.kind) && members.includes(reader))) return true;
      const [a, b] = [positions.get(reader)!, positions.get(node)!];
      return a.at < b.at && (a.loop !== b.loop || a.loop === null || lag === 0);
    };
    return sharing.every((other) => readers.get(other)!.every(isDone));
  };
  for (const node of order) {
    const { operation, inputs, per, width } = node;
    const candidates =
      elementwise.has(operation.kind) || operation.kind === 'crossEntropyGradient'
        ? inputs
        : operation.kind === 'product'
          ? inputs.slice(1)
          : operation.kind === 'gather'
            ? inputs
            : [];
    for (const { node: operand, lag } of candidates) {
      if (lag !== 0 || per !== 'step' || operand.per !== 'step' || operand.width !== width) continue;
      if (placeless.has(operand.operation.kind) || !lastReader(node, operand)) continue;
      // A product reads its operand while it writes: it may be added to what it multiplies, but not in its place.
      if (operation.kind === 'product' && inputs[0].node === operand) continue;
      if (owner(node).node === owner(operand).node) break;
      if (!placeIsFree(node, operand)) continue;
      const [part, whole] = parents.has(node) ? [operand, node] : [node, operand];
      if (parents.has(part)) continue;
      parents.set(part, { node: whole, column: 0 });
      putInto(part, whole);
      break;
    }
  }
}

/** Lowest place first, the largest blocks first. Returns the size of all. */
function place(blocks: readonly Block[], steps: number): number {
  const sizeOf = ({ width, rows, before, after, lasting }: Block) =>
    aligned(width * rows * (lasting ? before + steps + after : 1));
  const placed: Block[] = [];
  let end = 0;
  for (const block of [...blocks].sort((a, b) => sizeOf(b) - sizeOf(a))) {
    const size = sizeOf(block);
    const others = placed
      .filter((other) => other.start <= block.end && block.start <= other.end)
      .sort((a, b) => a.at - b.at);
    let at = 0;
    for (const other of others) {
      if (at + size <= other.at) break;
      at = Math.max(at, other.at + sizeOf(other));
    }
    block.at = at;
    placed.push(block);
    end = Math.max(end, at + size);
  }
  return end;
}
