import { builtinCells } from '../cells/index.ts';
import type { CheckedCell } from '../language/cell.ts';
import { nearest } from '../language/words.ts';
import { Problem } from '../protocol/problem.ts';
import { readCell, readLastCell } from '../training/readOptions.ts';
import { readText } from './arguments.ts';

/**
 * Returns the cell that an argument names: a built-in one, or the last one of a `.rnn` file.
 *
 * @throws Problem when there is none, or a mistake in it
 */
export function cellArgument(argument: string | undefined): CheckedCell {
  if (argument === undefined) throw new Problem(`Name a cell: ${choices}.`);
  const text = builtinCells.get(argument);
  if (text !== undefined) return readCell(text, `The cell ${argument}`, argument);
  if (argument.endsWith('.rnn')) return readLastCell(readText(argument), argument);
  const likely = nearest(argument, builtinCells.keys());
  throw new Problem(
    `There is no cell ${argument}: ${likely === undefined ? `name ${choices}.` : `did you mean ${likely}?`}`,
  );
}

const choices = `${[...builtinCells.keys()].join(', ')}, or a .rnn file`;
