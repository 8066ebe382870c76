// Reads what a cell declares beside its equations: initial values of parameters and states, parameters that
// are not trained, and the output vector. It needs the widths.

import type { Initialiser, InitialState } from '../cell.ts';
import { insert, type Range, removeLines } from '../syntax/source.ts';
import type { InitialiserNode, Name, Node, Statement } from '../syntax/syntax.ts';
import { vectorReads } from '../syntax/walk.ts';
import { resolve } from '../widths.ts';
import { functions, initialisers } from '../words.ts';
import type { CellNames } from './cellNames.ts';
import { built, type Draft, type Inference, valueCount } from './infer.ts';

export function readInitialisers(names: CellNames, inference: Inference): Map<string, Initialiser> {
  const found = new Map<string, Initialiser>();
  for (const statement of names.section.statements) {
    if (statement.kind !== 'init') continue;
    const initialiser = readInitialiser(names, inference, statement.value);
    for (const target of statement.targets) {
      names.occurs(target, null, false);
      if (!names.isParameter(target)) continue;
      if (found.has(target.text)) {
        names.report.error(
          target.range,
          `\`${target.text}\` has an initial value already; only the first counts.`,
        );
      } else if (initialiser && fits(names, initialiser, target, statement.value)) {
        found.set(target.text, initialiser);
      }
    }
  }
  return found;
}

/** The initialisers that can be scaled to a spectral radius. */
const withRadius: ReadonlySet<string> = new Set(['identity', 'orthogonal', 'sparse', 'connections']);

function readInitialiser(
  names: CellNames,
  inference: Inference,
  node: InitialiserNode | Node,
): Initialiser | null {
  if (node.kind !== 'initialiser') {
    const name = node.kind === 'call' ? node.function : node;
    if (name.kind === 'name' && !names.numbers.has(name.text) && !functions.has(name.text)) {
      names.unknown(name, initialisers.keys(), `There is no initial value \`${name.text}\``);
      return null;
    }
    return { kind: 'constant', value: inference.constant(node) };
  }
  const word = initialisers.get(node.name.text)!;
  const values = node.arguments.map((argument) => inference.constant(argument));
  if (values.length !== word.arguments.length) {
    const wants = word.arguments.length > 0 ? `(${word.arguments.join(', ')})` : '';
    names.report.error(
      node.range,
      `It is \`${node.name.text}${wants}\`: ${valueCount(word.arguments.length)}, not ${values.length}.`,
    );
    return null;
  }
  const [value] = values;
  const radius = node.radius && inference.constant(node.radius);
  if (node.radius && !withRadius.has(node.name.text)) {
    names.report.error(
      node.radius.range,
      `\`${node.name.text}\` has no radius; \`identity\`, \`orthogonal\`, \`sparse(density)\` and \`connections(count)\` have.`,
    );
  }
  const say = (range: Range, message: string) => names.report.error(range, message);
  if (radius !== null && radius < 0) say(node.radius!.range, 'A spectral radius is not negative.');
  switch (node.name.text) {
    case 'zeros':
      return { kind: 'constant', value: 0 };
    case 'uniform':
      if (value < 0) say(node.arguments[0].range, 'A limit is not negative.');
      return { kind: 'uniform', limit: value };
    case 'normal':
      if (value < 0) say(node.arguments[0].range, 'A standard deviation is not negative.');
      return { kind: 'normal', deviation: value };
    case 'sparse':
      if (value <= 0 || value > 1)
        say(
          node.arguments[0].range,
          'The density is the share of entries that are not zero: above 0, at most 1.',
        );
      return { kind: 'sparse', density: value, radius };
    case 'connections':
      if (!Number.isInteger(value) || value < 1)
        say(node.arguments[0].range, 'The number of connections of a unit is a whole number of at least 1.');
      return { kind: 'connections', count: value, radius };
    case 'identity':
      return { kind: 'identity', radius };
    case 'orthogonal':
      return { kind: 'orthogonal', radius };
    default:
      return { kind: node.name.text as 'glorot' };
  }
}

function fits(
  names: CellNames,
  initialiser: Initialiser,
  target: Name,
  node: InitialiserNode | Node,
): boolean {
  const matrix = names.matrices.get(target.text);
  const word = node.kind === 'initialiser' ? initialisers.get(node.name.text) : undefined;
  if (word?.matrix && !matrix) {
    names.report.error(
      node.range,
      `\`${names.source(node)}\` is for a matrix, and \`${target.text}\` is a vector.`,
    );
    return false;
  }
  if ('radius' in initialiser && initialiser.radius !== null && matrix) {
    const [rows, columns] = [resolve(matrix.rows), resolve(matrix.columns)];
    if (rows !== columns) {
      const shape = `${names.width(rows)}×${names.width(columns)}`;
      names.report.error(
        node.range,
        `Only a square matrix has a spectral radius; \`${target.text}\` is ${shape}.`,
      );
      return false;
    }
  }
  return true;
}

export function readFixed(names: CellNames): Set<string> {
  const fixed = new Set<string>();
  for (const statement of names.section.statements) {
    if (statement.kind !== 'fixed') continue;
    for (const target of statement.targets) {
      names.occurs(target, null, false);
      if (names.isParameter(target)) fixed.add(target.text);
    }
  }
  return fixed;
}

export function readStochastic(names: CellNames): Set<string> {
  const stochastic = new Set<string>();
  for (const statement of names.section.statements) {
    if (statement.kind !== 'stochastic') continue;
    for (const target of statement.targets) {
      names.occurs(target, null, false);
      if (!names.isParameter(target)) continue;
      if (names.matrices.has(target.text)) {
        stochastic.add(target.text);
      } else {
        const message = `Only a matrix is stochastic. A vector that sums to 1 is \`softmax(${target.text})\`.`;
        names.report.error(target.range, message);
      }
    }
  }
  return stochastic;
}

/**
 * Reads the states before the first step.
 * @returns how to build each once all widths are known
 */
export function readInitialStates(names: CellNames, inference: Inference): Map<string, () => InitialState> {
  const states = new Map<string, () => InitialState>();
  for (const statement of names.section.statements) {
    if (statement.kind !== 'initial') continue;
    const { target, first } = statement;
    const name = target.text;
    names.occurs(target, null, false);
    const isFirst = !states.has(name) && names.equations.has(name);
    const value = readInitialValue(names, inference, statement, isFirst);
    if (first && (!Number.isInteger(first.value) || first.value < 1)) {
      names.report.error(first.range, 'This is a number of units: a whole number from 1.');
    }
    if (states.has(name)) {
      const mend = removeLines(names.text, statement.range);
      names.report.error(statement.range, `\`${name}[0]\` has a value already; only the first counts.`, mend);
    } else if (name === 'x' || (name === 'y' && !names.equations.has('y'))) {
      names.report.error(statement.range, `\`${name}[0]\` comes from outside the cell, and is zero.`);
    } else if (names.equations.has(name)) {
      const units = first?.value ?? null;
      const kind = statement.learned ? 'learned' : 'constant';
      states.set(name, () =>
        'number' in value
          ? { kind, value: value.number, first: units }
          : { kind: 'computed', value: built(value), first: units },
      );
      if (names.maxLag(name) === 0) {
        names.report.warn(
          statement.range,
          `Nothing reads \`${name}[t-1]\`, and so nothing sees \`${name}[0]\`.`,
        );
      }
    } else {
      names.unknown(target, names.equations.keys(), `\`${name}[t]\` has no equation`);
    }
  }
  return states;
}

/** @param isCounted whether the statement is the only one, or the first, for a vector with an equation */
function readInitialValue(
  names: CellNames,
  inference: Inference,
  { kind, target, value, learned, first, range }: Extract<Statement, { kind: 'initial' }>,
  isCounted: boolean,
): Draft {
  if (!value) return { number: 0 };
  const [read] = vectorReads(value);
  if (learned || (!read && !isCounted)) return { number: inference.constant(value) };
  if (!read) return inference.initial({ kind, target, value, learned, first, range }, first?.value ?? null);
  const shown = names.source(read);
  names.report.error(
    read.range,
    `\`${shown}\` is not known before the first step: \`${target.text}[0]\` is computed of parameters, numbers and \`given\`.`,
  );
  return { number: Number.NaN };
}

/**
 * @param whole whether the parser could read every line; if not, the missing equation may be one it could not
 * read
 */
export function readOutput(names: CellNames, whole: boolean): { name: string; distribution: boolean } | null {
  const said = names.section.statements.filter((statement) => statement.kind === 'output');
  for (const { range } of said.slice(1)) {
    names.report.error(
      range,
      'The cell has an output already; only the first counts.',
      removeLines(names.text, range),
    );
  }
  if (said.length > 0) {
    const [{ target, distribution }] = said;
    names.occurs(target, 0, false);
    const equation = names.equations.get(target.text);
    if (equation && equation.index !== 't') {
      const message = `\`${target.text}[${equation.index}]\` has a vector for each position, and the output is one: \`sum over s (…)\` makes one of them.`;
      names.report.error(target.range, message);
      return null;
    }
    if (equation) return { name: target.text, distribution };
    names.unknown(target, names.equations.keys(), `\`${target.text}[t]\` has no equation`);
    return null;
  }
  if (names.equations.has('h')) return { name: 'h', distribution: false };
  const last = [...names.equations.keys()].pop();
  if (last) {
    const mend = insert(names.section.range.to, `\n  output ${last}[t]`, `Insert \`output ${last}[t]\``);
    const message = `Which vector does the next layer see? There is no \`h[t]\`: say \`output ${last}[t]\`.`;
    names.report.error(names.section.header, message, mend);
  } else if (whole && !names.section.statements.some(({ kind }) => kind === 'equation')) {
    const { header, name } = names.section;
    const mend = insert(header.to, '\n  h[t] = tanh(W x[t] + U h[t-1] + b)', 'Insert an equation for `h[t]`');
    names.report.error(header, `The cell \`${name.text}\` has no equation.`, mend);
  }
  return null;
}
