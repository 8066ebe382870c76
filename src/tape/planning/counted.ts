// If the first steps of a window have no targets, everything that only targets need is computed for the
// other steps alone: the output layer with its loss, the gradient that it passes back, and its own gradients.
import { type Graph, losses, type Node, type Use } from '../graph.ts';
import type { Stage } from './schedule.ts';

/** The nodes that matter only at steps with a target. */
export interface Counted {
  /** The nodes that are computed for the counted steps only, where these begin later than the window. */
  readonly nodes: ReadonlySet<Node>;
  /** The nodes among these that are also read at the other steps, where they have to be zero. */
  readonly zeroElsewhere: ReadonlySet<Node>;
}

/** Finds the nodes of the whole window that are computed from the first step with a target on. */
export function counted(graph: Graph, stages: readonly Stage[]): Counted {
  const outside = stages.flatMap((stage) => (stage.kind === 'all' ? [stage.node] : []));
  const nodes = new Set(outside.filter(({ operation }) => losses.has(operation.kind)));
  const gradients = new Set<Node>();
  for (const node of outside) if (isZeroElsewhere(node, gradients)) gradients.add(node);
  for (const node of gradients) nodes.add(node);
  const readers = graph.users();
  const isCounted = ({ node, lag }: Use) => node !== null && lag === 0 && nodes.has(node);
  for (const node of outside.toReversed())
    if (node.per === 'step' && readers.get(node)!.every(isCounted)) nodes.add(node);
  const zeroElsewhere = [...gradients].filter(
    (node) => node.per === 'step' && !readers.get(node)!.every(isCounted),
  );
  return { nodes, zeroElsewhere: new Set(zeroElsewhere) };
}

/** Returns whether a node is zero at steps without targets. @param known the earlier nodes that are */
function isZeroElsewhere({ operation, inputs }: Node, known: ReadonlySet<Node>): boolean {
  const zero = (index: number) => inputs[index].lag === 0 && known.has(inputs[index].node);
  switch (operation.kind) {
    case 'crossEntropyGradient':
    case 'gaussianGradient':
      return true;
    case 'matmul':
      return inputs.length === 1 && zero(0);
    case 'dropout':
    case 'weightGradient':
    case 'collect':
      return zero(0);
    default:
      return false;
  }
}
