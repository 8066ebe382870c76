// Schedules a graph. A node outside of every recurrence runs once, for all steps together; a recurrence
// becomes a loop over the steps, in the direction in which it reads itself. A network of several layers thus
// gets one loop for each layer, with everything between the layers outside of the loops.
import { components, isRecurrence } from '../components.ts';
import { type Axis, axisOf, combined, type Graph, type Node } from '../graph.ts';

export type Stage =
  | { readonly kind: 'all'; readonly node: Node }
  | {
      readonly kind: 'loop';
      readonly axis: Axis;
      readonly reverse: boolean;
      readonly nodes: readonly Node[];
    };

/** Returns the stages of a graph in an order in which each reads only what earlier ones have computed. */
export function schedule(graph: Graph): Stage[] {
  const roots = [...graph.states.map(({ node }) => node), ...graph.roots];
  const stages: (Stage | Loop)[] = [];
  const stageOf = new Map<Node, number>();
  for (const component of components(roots)) {
    const [node] = component;
    const joined = isRecurrence(component) ? null : loopOf(node, stages, stageOf);
    const index = joined ?? stages.length;
    if (joined === null) stages.push(stageFor(component));
    else (stages[index] as Loop).nodes.push(node);
    for (const member of component) stageOf.set(member, index);
  }
  return stages;
}

/** A loop to which nodes may still be added. */
interface Loop extends Extract<Stage, { kind: 'loop' }> {
  readonly nodes: Node[];
}

function stageFor(component: readonly Node[]): Stage | Loop {
  if (!isRecurrence(component)) {
    const [node] = component;
    const axis = steppedAxis(node);
    return axis ? { kind: 'loop', axis, reverse: false, nodes: [node] } : { kind: 'all', node };
  }
  const members = new Set(component);
  const lags = component.flatMap(({ inputs }) =>
    inputs.filter(({ node }) => members.has(node)).map(({ lag }) => lag),
  );
  const reverse = lags.some((lag) => lag < 0);
  if (reverse && lags.some((lag) => lag > 0)) throw new Error('A recurrence reads both ways in time.');
  const axis = axisOf(component[0]);
  if (!axis || component.some((node) => axisOf(node) !== axis))
    throw new Error('A recurrence is along one axis.');
  return { kind: 'loop', axis, reverse, nodes: withinStep(component, members) };
}

/** The operations that add up what the steps of a loop compute. */
const sums: ReadonlySet<string> = new Set([
  'axisSum',
  'columnSum',
  'collect',
  'weightGradient',
  'positionOuterSum',
]);

/**
 * Returns the index of the loop that a sum along its axis joins, so that the values of one step are used before those
 * of the next are computed; null where it is a stage of its own.
 */
function loopOf(node: Node, stages: readonly Stage[], stageOf: ReadonlyMap<Node, number>): number | null {
  const axis = sums.has(node.operation.kind) ? steppedAxis(node) : null;
  if (axis === null) return null;
  const { inputs } = node;
  const last = Math.max(...inputs.map(({ node }) => stageOf.get(node)!));
  const stage = stages[last];
  const joins = stage.kind === 'loop' && stage.axis === axis && inputs.every(({ lag }) => lag === 0);
  return joins ? last : null;
}

/** The operations that read or write single steps or positions, for all streams. */
const wholeAxis: ReadonlySet<string> = new Set([
  'end',
  'endGradient',
  'beginGradient',
  'positionSum',
  'positionDot',
  'positionOuter',
]);

/**
 * Returns the axis along which a node outside of recurrences is computed step by step, because each stream's one row,
 * or each position, is repeated or summed along it; null where all steps are computed together.
 */
function steppedAxis(node: Node): Axis | null {
  const all = [node, ...node.inputs.map((read) => read.node)];
  if (combined(all.map(({ per }) => per)) === 'pair') return 'step';
  if (wholeAxis.has(node.operation.kind)) return null;
  if (!all.some(({ per }) => per === 'row')) return null;
  return all.map(axisOf).find((axis) => axis !== null) ?? null;
}

/** Orders the nodes of a loop so that each comes after the nodes that it reads at the same step. */
function withinStep(component: readonly Node[], members: ReadonlySet<Node>): Node[] {
  const ordered = new Set<Node>();
  const visit = (node: Node) => {
    if (ordered.has(node)) return;
    for (const { node: input, lag } of node.inputs) if (lag === 0 && members.has(input)) visit(input);
    ordered.add(node);
  };
  for (const node of [...component].sort((a, b) => a.id - b.id)) visit(node);
  return [...ordered];
}
