// Traversals of a syntax tree.

import type { Node } from './syntax.ts';

export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'group':
      return [node.inner];
    case 'product':
    case 'over':
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

/**
 * Yields every node, each before its parts. It keeps its own stack, so that a step costs the same at any
 * depth.
 */
export function* walk(node: Node): Generator<Node> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    waiting.push(...children(next).toReversed());
  }
}

/** Returns the vectors that an expression reads, such as `h[t-1]`. */
export const vectorReads = (node: Node) => [...walk(node)].filter((part) => part.kind === 'at');

/** Returns the names without a step. */
export const plainNames = (node: Node): readonly string[] =>
  [...walk(node)].flatMap((part) => (part.kind === 'name' ? [part.text] : []));

const missing = new WeakMap<Node, boolean>();

/**
 * Returns whether the parser has reported something missing in a node. The result is cached, since it is
 * asked at every level of nesting.
 */
export function hasMissing(node: Node): boolean {
  let known = missing.get(node);
  if (known === undefined) {
    known = node.kind === 'missing' || children(node).some(hasMissing);
    missing.set(node, known);
  }
  return known;
}
