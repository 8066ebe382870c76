// Adds backpropagation through time to a graph. What a step passes back to an earlier one is read from the
// later step, so a lag of k in the forward pass is a lag of -k here, and the same passes and the same
// scheduler apply.
import { derivatives } from './derivatives.ts';
import {
  ancestors,
  axisOf,
  combined,
  type Graph,
  type Node,
  namesOf,
  now,
  type Per,
  type Read,
} from './graph.ts';

/** The gradients that are wanted. */
export interface Wanted {
  /** The names of the trained parameters, which include learned initial states. */
  readonly trained: ReadonlySet<string>;
  /** The nodes whose own gradients are asked for. */
  readonly watched?: readonly Node[];
  /**
   * Whether the states before the window get gradients, for the caller that computed them. If that caller
   * read a learned initial state, it also collects the gradient of that.
   */
  readonly carried?: boolean;
}

/**
 * Adds the gradients of all trained parameters to the graph's roots.
 * @param ends the nodes where the gradients begin, each with its given gradient; null for losses, one number
 * a row, whose gradient follows from their kernel
 * @returns the gradients of the watched nodes that lie between the ends and what is trained or given
 */
export function differentiate(
  graph: Graph,
  ends: ReadonlyMap<Node, Node | null>,
  { trained, watched = [], carried = false }: Wanted,
): Map<Node, Node> {
  const forward = graph.nodes();
  const states = new Map(carried ? graph.states.map(({ node, key }) => [node, key]) : []);
  const learned = new Map<Node, { name: string; units: number }>();
  for (const { node, initial, first } of graph.states)
    if (!carried && 'learned' in initial && trained.has(initial.learned))
      learned.set(node, { name: initial.learned, units: first });
  const needed = influenced(
    forward,
    (node) =>
      learned.has(node) || states.has(node) || node.operation.kind === 'given' || hasTrained(node, trained),
  );
  const relevant = ancestors(ends.keys());
  const wanted = new Set(
    forward.filter((node) => needed.has(node) && relevant.has(node) && node.operation.kind !== 'parameter'),
  );

  const gradients = new Map<Node, Node>();
  const sums = new Map<Node, Read[]>();
  const parts = new Map<Node, { from: number; read: Read }[]>();
  for (const node of wanted) {
    gradients.set(node, graph.add({ kind: 'sum' }, [], node.width, node.per));
    const end = ends.get(node);
    sums.set(node, end ? [now(end)] : []);
    parts.set(node, []);
  }
  const sinks: Node[] = [];

  // The nodes are visited from the ends back, so that gradients are created in the order of computation.
  for (const node of [...wanted].reverse()) {
    const dy = now(gradients.get(node)!);
    const { operation, inputs } = node;
    const make = (made: Node['operation'], of: readonly Read[], width = node.width, per?: Per): Read =>
      now(graph.add(made, of, width, per ?? combined(of.map((read) => read.node.per))));
    const sink = (made: Node['operation'], of: readonly Read[]) => {
      const added = graph.add(made, of, 1, 'once');
      sinks.push(added);
    };

    if (operation.kind === 'matmul' && hasTrained(node, trained)) {
      // The transpose's gradient is the transpose of the gradient.
      const factors = operation.transposed ? [inputs[0], dy] : [dy, inputs[0]];
      sink({ kind: 'weightGradient', matrices: operation.matrices }, factors);
    }
    if (operation.kind === 'gather' && hasTrained(node, trained))
      sink({ ...operation, kind: 'scatter' }, [dy]);
    if (operation.kind === 'slice') {
      parts.get(inputs[0].node)!.push({ from: operation.from, read: { node: dy.node, lag: -inputs[0].lag } });
      continue;
    }
    const constant = (value: number) => now(graph.add({ kind: 'constant', value }, [], node.width, 'once'));
    const derivative = derivatives[operation.kind];
    if (!derivative) continue;
    const contributions = derivative({ dy, y: now(node), inputs, node, make, constant });
    for (const [index, { node: input, lag }] of inputs.entries()) {
      const contribution = contributions[index];
      if (!contribution) continue;
      const initial = learned.get(input);
      if (initial && lag > 0)
        sink({ kind: 'collectInitial', name: initial.name, units: initial.units, steps: lag }, [
          contribution,
        ]);
      const start = input.operation.kind === 'begin' && lag > 0 ? input.inputs[1].node : null;
      if (start && !carried && wanted.has(start))
        sums
          .get(start)!
          .push(now(graph.add({ kind: 'beginGradient', lag }, [contribution], start.width, start.per)));
      const state = states.get(input);
      if (state !== undefined && lag > 0) sink({ kind: 'collectCarried', state, lag }, [contribution]);
      if (input.operation.kind === 'parameter') {
        if (hasTrained(input, trained))
          sink({ kind: 'collect', names: input.operation.names }, [contribution]);
        continue;
      }
      if (!wanted.has(input)) continue;
      const passed = summed(graph, contribution, input);
      sums.get(input)!.push({ node: passed.node, lag: passed.lag - lag });
    }
  }

  for (const [node, gradient] of gradients)
    gradient.inputs = [...sums.get(node)!, ...joined(graph, node, parts.get(node)!)];
  const asked = new Map<Node, Node>();
  for (const node of watched) {
    const gradient = gradients.get(node);
    if (gradient) asked.set(node, graph.add({ kind: 'copy' }, [now(gradient)], node.width, node.per));
  }
  graph.roots.push(...sinks, ...asked.values());
  for (const gradient of gradients.values())
    if (gradient.inputs.length === 1) graph.replace(gradient, gradient.inputs[0]);
  return asked;
}

/** Sums a gradient over all that one value of its node serves: rows, steps or positions. */
function summed(graph: Graph, gradient: Read, { per, width }: Node): Read {
  if (gradient.node.per === per) return gradient;
  if (per === 'once') return now(graph.add({ kind: 'columnSum' }, [gradient], width, per));
  if (per === 'position' && gradient.node.operation.kind === 'positionOuter' && gradient.lag === 0)
    return now(graph.add({ kind: 'positionOuterSum' }, gradient.node.inputs, width, per));
  return (per === 'row' && axisOf(gradient.node)) || (per === 'position' && gradient.node.per === 'pair')
    ? now(graph.add({ kind: 'axisSum' }, [gradient], width, per))
    : gradient;
}

const hasTrained = ({ operation }: Node, trained: ReadonlySet<string>): boolean =>
  namesOf(operation).some((name) => trained.has(name));

/** Returns the sources and all nodes that depend on one of them. */
function influenced(nodes: readonly Node[], source: (node: Node) => boolean): Set<Node> {
  const found = new Set(nodes.filter(source));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const node of nodes) if (node.inputs.some((read) => found.has(read.node))) found.add(node);
  }
  return found;
}

/** Joins the gradients of a node's slices side by side where they do not overlap. */
function joined(graph: Graph, node: Node, parts: readonly { from: number; read: Read }[]): Read[] {
  const rows: { from: number; read: Read }[][] = [];
  for (const part of [...parts].sort((a, b) => a.from - b.from)) {
    const end = (row: (typeof rows)[number]) => row.at(-1)!.from + row.at(-1)!.read.node.width;
    const row = rows.find((each) => end(each) <= part.from);
    if (row) row.push(part);
    else rows.push([part]);
  }
  return rows.map((row) =>
    now(
      graph.add(
        { kind: 'join', columns: row.map(({ from }) => from) },
        row.map(({ read }) => read),
        node.width,
        node.per,
      ),
    ),
  );
}
