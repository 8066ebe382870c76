// Reads the widths that a cell states, before any equation.

import type { Width } from '../cell.ts';
import type { Range } from '../syntax/source.ts';
import type { Name } from '../syntax/syntax.ts';
import { resolve, term, unify } from '../widths.ts';
import type { CellNames } from './cellNames.ts';

/** Reads the `width` statements, and the outputs that are distributions. */
export function setWidths(names: CellNames): void {
  for (const statement of names.section.statements) {
    if (statement.kind === 'output' && statement.distribution) setDistribution(names, statement.target);
    if (statement.kind !== 'width') continue;
    const { targets, value } = statement;
    for (const target of targets) names.occurs(target, null, false);
    const width = value.kind === 'number' ? value.value : value.text;
    if (typeof width === 'number' && (!Number.isInteger(width) || width < 1 || width > 65536)) {
      names.report.error(value.range, 'A width is a whole number of units, from 1 to 65536.');
    } else if (typeof width === 'string' && !isLetter(width)) {
      names.report.error(value.range, 'A width is a number of units, or that of `x`, `h`, `y` or `m`.');
    } else {
      for (const target of targets) setWidth(names, target, width, statement.range);
    }
  }
}

/** A distribution has a unit for each symbol. */
function setDistribution(names: CellNames, { text: name, range }: Name): void {
  const known = names.vectors.get(name);
  if (!known || !names.equations.has(name) || unify(known, term('y'))) return;
  const width = names.width(resolve(known));
  const message = `A distribution has a unit for each symbol (y), and \`${name}\` has its width already: ${width}.`;
  names.report.error(range, message);
}

function setWidth(names: CellNames, target: Name, width: Width, range: Range): void {
  const { text: name } = target;
  const { vectors, biases, equations } = names;
  if (names.isTrainedVector(name) && !biases.has(name)) biases.set(name, term());
  if ((name === 'x' && width === 'y') || (name === 'h' && width === 'm')) return;
  const isOutside = name === 'x' || (name === 'y' && !equations.has('y'));
  const known = isOutside ? undefined : (vectors.get(name) ?? biases.get(name));
  if (!known) {
    names.unknown(target, equations.keys(), `\`${name}[t]\` has no equation here`);
  } else if (!unify(known, term(width))) {
    const message = `\`${name}\` has its width already: ${names.width(resolve(known))}.`;
    names.report.error(range, message);
  }
}

const isLetter = (width: string): width is 'x' | 'h' | 'y' | 'm' => ['x', 'h', 'y', 'm'].includes(width);
