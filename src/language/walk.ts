// Ways through a syntax tree.

import type { Node } from './syntax.ts';

function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'group':
      return [node.inner];
    case 'product':
    case 'negate':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'call':
      return node.arguments;
    default:
      return [];
  }
}

/** Every node, each before its parts. With a stack of its own, a step costs the same at any depth. */
export function* walk(node: Node): Generator<Node> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    waiting.push(...children(next).toReversed());
  }
}

/** `h[t-1]` and the like, as they are read. */
export const vectorReads = (node: Node) => [...walk(node)].filter((part) => part.kind === 'at');

/** Names without a step. */
export const plainNames = (node: Node): readonly string[] =>
  [...walk(node)].flatMap((part) => (part.kind === 'name' ? [part.text] : []));

const missing = new WeakMap<Node, boolean>();

/** Whether the parser has reported something about it. Remembered, since it is asked of a node within a node within a node. */
export function hasMissing(node: Node): boolean {
  let known = missing.get(node);
  if (known === undefined) {
    known = node.kind === 'missing' || children(node).some(hasMissing);
    missing.set(node, known);
  }
  return known;
}
