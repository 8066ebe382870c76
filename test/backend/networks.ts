// Makes small networks for tests of engines.
import type { Architecture } from '../../src/backend/engine.ts';
import { builtinCells } from '../../src/cells/index.ts';
import type { CheckedCell } from '../../src/language/cell.ts';
import { readCells } from '../../src/language/check.ts';
import { functions } from '../../src/language/words.ts';
import { random } from '../../src/tape/random.ts';

/** The names of the functions of one vector. */
export const functionsOfOne: readonly string[] = [...functions]
  .filter(([, word]) => word.arguments.length === 1)
  .map(([name]) => name);

export function cell(text: string): CheckedCell {
  const { cells, diagnostics } = readCells(text);
  if (diagnostics.length > 0) throw new Error(diagnostics[0].message);
  return cells[0];
}

export function builtin(name: string): CheckedCell {
  return cell(builtinCells.get(name)!);
}

/**
 * The names of the built-in cells that may stand anywhere in a network. The others read the symbols themselves or
 * from an encoder, or give a distribution, and have tests of their own.
 */
export const stackableCells: readonly string[] = [...builtinCells.keys()].filter((name) => {
  const { distribution, readsSymbols, readsGiven, readsPositions } = builtin(name);
  return !distribution && !readsSymbols && !readsGiven && !readsPositions;
});

export function network(cells: readonly CheckedCell[], more: Partial<Architecture> = {}): Architecture {
  return {
    inputs: 5,
    outputs: 5,
    embedding: 0,
    layers: cells.map((each, index) => ({ cell: each, hidden: 4 + index })),
    tied: false,
    head: { kind: 'every step' },
    ...more,
  };
}

/** Returns random tokens below `vocabulary`. */
export function tokens(length: number, vocabulary: number, seed: number): Int32Array {
  const next = random(seed);
  return Int32Array.from({ length }, () => Math.floor(next() * vocabulary));
}
