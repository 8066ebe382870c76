// Reports names that stand where they mean nothing.

import type { Index } from '../cell.ts';
import { insert, type Range, replace } from '../syntax/source.ts';
import { stemOfStep } from '../syntax/subscripts.ts';
import type { Name } from '../syntax/syntax.ts';
import { encoded, functions, isMatrixName } from '../words.ts';
import type { CellNames } from './cellNames.ts';

/** Reports a name that has no value by itself. @returns whether it has none */
export function reportNoValue(names: CellNames, { text: name, range }: Name): boolean {
  if (names.vectors.has(name)) {
    const now = name === 'x' ? '[t]' : '[t-1]';
    const choice = name === 'x' || name === 'y' ? '' : `, or \`${name}[t]\` for this one`;
    const step = name === 'x' ? 'this step' : 'the step before';
    const message = `\`${name}\` changes with time: write \`${name}${now}\` for ${step}${choice}.`;
    names.report.error(range, message, replace(range, name + now));
    return true;
  }
  if (isMatrixName(name)) {
    const message = `\`${name}\` is a matrix, for its capital letter: it stands before the vector that it multiplies, as in \`${name} x[t]\`.`;
    names.report.error(range, message);
    return true;
  }
  if (name === 't') {
    names.report.error(
      range,
      '`t` is the step, and has no value of its own: read a vector at it, as in `x[t]`.',
    );
    return true;
  }
  if (functions.has(name)) {
    const mend = insert(range.to, '(x[t])', `Write \`${name}(x[t])\``);
    names.report.error(range, `\`${name}\` is a function: say of what, as in \`${name}(x[t])\`.`, mend);
    return true;
  }
  const stem = stemOfStep(name);
  if (stem !== null && names.vectors.has(stem)) {
    const message = `The step is written in brackets: \`${stem}[t]\`.`;
    names.report.error(range, message, replace(range, `${stem}[t]`));
    return true;
  }
  return false;
}

/** Reports a vector that has no equation. */
export function reportNoVector(names: CellNames, node: Name, index: Index, range: Range): void {
  const { text: name } = node;
  if (name === '') return;
  if (names.constants.has(name) || names.plain.has(name) || isMatrixName(name)) {
    const what = names.constants.has(name) ? 'a constant' : isMatrixName(name) ? 'a matrix' : 'a parameter';
    const message = `\`${name}\` is ${what} and does not change with time: write \`${name}\`.`;
    names.report.error(range, message, replace(range, name));
  } else {
    const encoder = name === encoded ? ' (what the encoder wrote is `m[s]`)' : '';
    names.unknown(node, names.vectors.keys(), `\`${name}[${index}]\` has no equation${encoder}`);
  }
}
