// Finds the vectors of one unit that no `width` statement names: those whose equations combine nothing but
// sums, vectors of one unit, numbers and trained vectors.

import type { Node } from '../syntax/syntax.ts';
import { children } from '../syntax/walk.ts';
import { isKnown, isOne, type Term, term, unify } from '../widths.ts';
import { functions, given } from '../words.ts';
import type { CellNames } from './cellNames.ts';

/** The vectors that an equation combines unit by unit, outside of sums and of products with matrices. */
interface Parts {
  /** The vectors whose width is not known yet. */
  readonly reads: Set<string>;
  /** Whether there is a part of one unit. */
  one: boolean;
  /** Whether there is a part that may have more units. */
  other: boolean;
}

/**
 * Gives one unit to these vectors. It is called after the `width` statements have been read and before any
 * equation, so that the order of the equations does not matter.
 */
export function setSingleUnits(names: CellNames): void {
  const open = [...names.equations].filter(([name]) => !isKnown(names.vectors.get(name)!));
  const parts = new Map(open.map(([name, { value }]) => [name, partsOf(names, value)]));
  const readers = new Map<string, string[]>(open.map(([name]) => [name, []]));
  for (const [name, { reads }] of parts) for (const read of reads) readers.get(read)!.push(name);

  /** Returns the vectors that `begins` holds for, and those that read one of them, however indirectly. */
  const closure = (begins: (name: string) => boolean, isOut: (name: string) => boolean) => {
    const reached = new Set<string>();
    const waiting = [...parts.keys()].filter(begins);
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (reached.has(name) || isOut(name)) continue;
      reached.add(name);
      waiting.push(...readers.get(name)!);
    }
    return reached;
  };
  const wide = closure(
    (name) => parts.get(name)!.other,
    () => false,
  );
  const single = closure(
    (name) => parts.get(name)!.one,
    (name) => wide.has(name),
  );
  for (const name of single) unify(names.vectors.get(name)!, term(1));
}

function partsOf(names: CellNames, value: Node): Parts {
  const parts: Parts = { reads: new Set(), one: false, other: false };
  const see = (width: Term | undefined, name: string) => {
    if (width === undefined) return;
    if (isOne(width)) parts.one = true;
    else if (isKnown(width)) parts.other = true;
    else if (names.equations.has(name)) parts.reads.add(name);
  };
  const waiting = [value];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.kind === 'name' && node.text === given) parts.other = true;
    else if (node.kind === 'at') see(names.vectors.get(node.name.text), node.name.text);
    else if (node.kind === 'name') see(names.biases.get(node.text), node.text);
    else if (node.kind === 'product') parts.other = true;
    else if (node.kind === 'binary' && node.operator === '·') parts.one = true;
    else if (node.kind === 'call' && functions.get(node.function.text)?.means === 'rowSum') parts.one = true;
    else waiting.push(...children(node));
  }
  return parts;
}
