// Schedules a graph. A node outside of every recurrence runs once, for all steps together; a recurrence
// becomes a loop over the steps, in the direction in which it reads itself. A network of several layers thus
// gets one loop for each layer, with everything between the layers outside of the loops.
import { components, isRecurrence } from './components.ts';
import type { Graph, Node } from './graph.ts';

export type Stage =
  | { readonly kind: 'all'; readonly node: Node }
  | { readonly kind: 'loop'; readonly reverse: boolean; readonly nodes: readonly Node[] };

export function schedule(graph: Graph): Stage[] {
  const roots = [...graph.states.map(({ node }) => node), ...graph.roots];
  return components(roots).map((component): Stage => {
    if (!isRecurrence(component)) return { kind: 'all', node: component[0] };
    const members = new Set(component);
    const lags = component.flatMap(({ inputs }) =>
      inputs.filter(({ node }) => members.has(node)).map(({ lag }) => lag),
    );
    const reverse = lags.some((lag) => lag < 0);
    if (reverse && lags.some((lag) => lag > 0)) throw new Error('A recurrence reads both ways in time.');
    return { kind: 'loop', reverse, nodes: withinStep(component, members) };
  });
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
