// Assigns a block of memory and a lifetime to each value of a graph. Values share a block where one is part
// of another (a slice, an input of a join) or replaces a value that is not read any more; blocks share memory
// where their lifetimes do not overlap.
import { isElementwise } from '../../operations/elementwise.ts';
import { type Axis, axisOf, type Graph, lossGradients, type Node, type State, type Use } from '../graph.ts';
import { aligned } from './layout.ts';
import type { Stage } from './schedule.ts';

/** A stretch of memory that nodes share, and when it is needed. Sizes are in words of four bytes. */
export interface Block {
  /** The first word, which is known once all blocks are known. */
  at: number;
  /** The number of values in a row. */
  readonly width: number;
  /** The number of rows of a step or position; 1 where all streams share one row. */
  readonly rows: number;
  /** The axis along which there are values; null where there is one value, or one for each stream. */
  readonly axis: Axis | null;
  /** The number of slots that are read before the first step and after the last; the latter hold zeros. */
  before: number;
  after: number;
  /** Whether each step or position has a slot of its own; one slot suffices for a value that is used within it. */
  lasting: boolean;
  readonly members: Node[];
  /** The lifetime: the first and the last point in the schedule at which the block is written or read. */
  start: number;
  end: number;
}

/** The location of a node's value. */
export interface Home {
  readonly block: Block;
  /** The first of the value's columns in the block's rows. */
  readonly column: number;
}

/** The locations of all values of a graph. */
export interface Storage {
  /** Returns the location of a node's value; nodes whose operation is `placeless` have none. */
  home(node: Node): Home;
  readonly blocks: readonly Block[];
  /** Whether an input of a join has to be copied into the join's location. */
  copied(join: Node, input: number): boolean;
  /** The number of words that all blocks need. */
  readonly size: number;
}

/** The operations without a block: parameters have a location already, and gradients are added to theirs. */
export const placeless: ReadonlySet<string> = new Set([
  'parameter',
  'weightGradient',
  'scatter',
  'collect',
  'collectInitial',
  'collectCarried',
]);

/** The operations whose result may be their operand's own location in memory, which is then read later. */
const views: ReadonlySet<string> = new Set(['slice', 'join']);

/** The numbers of streams, and the largest numbers of steps and of positions. */
export interface Extents {
  readonly rows: number;
  readonly steps: number;
  readonly positions: number;
}

/** A node's block belongs to its owner: the node that it is a part of, or whose location it writes over. */
interface Owned {
  readonly node: Node;
  /** The first column in the owner's rows. */
  readonly column: number;
}

/**
 * Assigns a location to each value of a graph.
 * @param stages the schedule of the graph
 * @param kept the nodes whose values last as long as the tape
 */
export function store(
  graph: Graph,
  stages: readonly Stage[],
  extents: Extents,
  kept: ReadonlySet<Node> = new Set(),
): Storage {
  const order = stages.flatMap((stage) => (stage.kind === 'all' ? [stage.node] : stage.nodes));
  const parents = new Map<Node, Owned>();
  const owner = (node: Node): Owned => {
    let column = 0;
    for (let parent = parents.get(node); parent; parent = parents.get(node)) {
      column += parent.column;
      node = parent.node;
    }
    return { node, column };
  };
  const readers = graph.users();
  const points = programPoints(stages);
  shareParts(order, parents);
  shareInPlace(order, readers, points, parents, owner);
  const blocks = blocksOf(order, owner, extents);
  for (const block of blocks.values()) setLifetime(block, graph.states, readers, points, kept);
  const list = [...blocks.values()];
  const size = allocate(list, { step: extents.steps, position: extents.positions });
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

/** The point in the schedule at which a node is computed. */
interface ProgramPoint {
  readonly at: number;
  /** The first and last point of the node's loop, or the node's own point outside of loops. */
  readonly from: number;
  readonly to: number;
  readonly loop: Extract<Stage, { kind: 'loop' }> | null;
}

/** Numbers the nodes in the order of the schedule. */
function programPoints(stages: readonly Stage[]): ReadonlyMap<Node, ProgramPoint> {
  const points = new Map<Node, ProgramPoint>();
  for (const stage of stages) {
    const from = points.size;
    if (stage.kind === 'all') {
      points.set(stage.node, { at: from, from, to: from, loop: null });
      continue;
    }
    const to = from + stage.nodes.length - 1;
    for (const node of stage.nodes) points.set(node, { at: points.size, from, to, loop: stage });
  }
  return points;
}

/** Makes a block for each owner, whose members are all nodes that it owns; lifetimes and addresses are still open. */
function blocksOf(
  order: readonly Node[],
  owner: (node: Node) => Owned,
  { rows, positions }: Extents,
): Map<Node, Block> {
  const blocks = new Map<Node, Block>();
  for (const node of order) {
    if (placeless.has(node.operation.kind)) continue;
    const { node: root } = owner(node);
    let block = blocks.get(root);
    if (!block) {
      block = {
        at: 0,
        width: root.width,
        rows: root.per === 'once' ? 1 : root.per === 'pair' ? rows * positions : rows,
        axis: axisOf(root),
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
  return blocks;
}

/** Sets how long a block lives, and how many slots it has. */
function setLifetime(
  block: Block,
  states: readonly State[],
  readers: ReadonlyMap<Node, readonly Use[]>,
  points: ReadonlyMap<Node, ProgramPoint>,
  kept: ReadonlySet<Node>,
): void {
  const touches = block.members.flatMap((node) => [
    ...(node.operation.kind === 'slice' ? [] : [points.get(node)!]),
    ...readers.get(node)!.flatMap((reader) => (reader.node ? [points.get(reader.node)!] : [])),
  ]);
  const lags = block.members.flatMap((node) => readers.get(node)!.map(({ lag }) => lag));
  for (const { node, lags: most } of states) if (block.members.includes(node)) lags.push(most);
  block.before = Math.max(0, ...lags);
  block.after = Math.max(0, ...lags.map((lag) => -lag));
  const [{ loop }] = touches;
  const leaves = block.members.some((node) => readers.get(node)!.some((reader) => reader.node === null));
  const withinStep =
    loop !== null &&
    loop.axis === block.axis &&
    touches.every((touch) => touch.loop === loop) &&
    lags.every((lag) => lag === 0);
  block.lasting = block.axis !== null && (leaves || !withinStep);
  // A value that outlives its step lives as long as the loops that touch it.
  const whole = block.axis === null || block.lasting;
  const lasts = block.members.some((node) => kept.has(node));
  const given = block.members.some(({ operation }) => operation.kind === 'given');
  block.start = given || lasts ? 0 : Math.min(...touches.map(({ at, from }) => (whole ? from : at)));
  block.end =
    leaves || lasts ? Number.POSITIVE_INFINITY : Math.max(...touches.map(({ at, to }) => (whole ? to : at)));
}

/** Places slices inside what they are slices of, and, where possible, inputs of a join inside the join. */
function shareParts(order: readonly Node[], parents: Map<Node, Owned>): void {
  for (const node of order) {
    const { operation, inputs } = node;
    if (operation.kind === 'slice') parents.set(node, { node: inputs[0].node, column: operation.from });
  }
  for (const node of order) {
    const { operation, inputs } = node;
    if (operation.kind !== 'join') continue;
    for (const [index, { node: part, lag }] of inputs.entries()) {
      const free =
        lag === 0 &&
        part.per === node.per &&
        axisOf(part) !== null &&
        !parents.has(part) &&
        !placeless.has(part.operation.kind);
      // A part that occurs twice in one join can be computed in one of its two locations only.
      const alone = inputs.filter((read) => read.node === part).length === 1;
      if (free && alone) parents.set(part, { node, column: operation.columns[index] });
    }
  }
}

/** Lets an operation write over an operand of the same shape that is not read afterwards. */
function shareInPlace(
  order: readonly Node[],
  readers: ReadonlyMap<Node, readonly Use[]>,
  points: ReadonlyMap<Node, ProgramPoint>,
  parents: Map<Node, Owned>,
  owner: (node: Node) => Owned,
): void {
  /** This holds outside of loops only, because within one an earlier reader reads again at the next step. */
  const isBefore = (earlier: Node, later: Node): boolean => {
    const [a, b] = [points.get(earlier)!, points.get(later)!];
    return a.loop === null && b.loop === null && a.at < b.at && !views.has(earlier.operation.kind);
  };
  const lastReader = (node: Node, operand: Node): boolean => {
    // An operand that is also read at another step must outlast this one.
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
  /** Whether all other values in the operand's location, such as a part of a join, are not read any more. */
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
      // A view has readers of its own, which are checked where the view itself shares the location.
      if (reader === operand || (views.has(reader.operation.kind) && members.includes(reader))) return true;
      const [a, b] = [points.get(reader)!, points.get(node)!];
      return a.at < b.at && (a.loop !== b.loop || a.loop === null || lag === 0);
    };
    return sharing.every((other) => readers.get(other)!.every(isDone));
  };
  for (const node of order) {
    const { operation, inputs, per, width } = node;
    const candidates =
      isElementwise(operation.kind) || lossGradients.has(operation.kind)
        ? inputs
        : operation.kind === 'repeat'
          ? inputs.slice(1)
          : operation.kind === 'begin'
            ? inputs.slice(0, 1)
            : operation.kind === 'matmul'
              ? inputs.slice(1)
              : operation.kind === 'gather'
                ? inputs
                : [];
    for (const { node: operand, lag } of candidates) {
      if (lag !== 0 || per === 'once' || operand.per !== per || operand.width !== width) continue;
      if (placeless.has(operand.operation.kind) || !lastReader(node, operand)) continue;
      // A product reads its operand while it writes, so it may be added to its operand but not replace it.
      if (operation.kind === 'matmul' && inputs[0].node === operand) continue;
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

/** Allocates the largest blocks first, each at the lowest free address, and returns the total size. */
function allocate(blocks: readonly Block[], most: Readonly<Record<Axis, number>>): number {
  const sizeOf = ({ width, rows, axis, before, after, lasting }: Block) =>
    aligned(width * rows * (lasting && axis ? before + most[axis] + after : 1));
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
