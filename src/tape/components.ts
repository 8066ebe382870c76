import type { Node } from './graph.ts';

/**
 * Returns the strongly connected components of a graph, each after all that it depends on (Tarjan 1972). A
 * component of several nodes, or of one node that reads itself, is a recurrence.
 */
export function components(roots: readonly Node[]): Node[][] {
  const result: Node[][] = [];
  const indices = new Map<Node, number>();
  const low = new Map<Node, number>();
  const stack: Node[] = [];
  const onStack = new Set<Node>();
  const visit = (node: Node) => {
    const index = indices.size;
    indices.set(node, index);
    low.set(node, index);
    stack.push(node);
    onStack.add(node);
    for (const { node: input } of node.inputs) {
      if (!indices.has(input)) {
        visit(input);
        low.set(node, Math.min(low.get(node)!, low.get(input)!));
      } else if (onStack.has(input)) low.set(node, Math.min(low.get(node)!, indices.get(input)!));
    }
    if (low.get(node) !== index) return;
    const component: Node[] = [];
    let member: Node;
    do {
      member = stack.pop()!;
      onStack.delete(member);
      component.push(member);
    } while (member !== node);
    result.push(component);
  };
  for (const root of roots) if (!indices.has(root)) visit(root);
  return result;
}

/** Returns whether the nodes of a component depend on themselves, at an earlier step or position. */
export const isRecurrence = (component: readonly Node[]): boolean =>
  component.length > 1 || component[0].inputs.some(({ node }) => node === component[0]);
