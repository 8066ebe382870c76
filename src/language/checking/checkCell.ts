// Turns one cell of the syntax tree into a checked cell in three rounds: collect what each name is, infer
// widths from the equations, then settle what needs both (order within a step, initial values, the output).

import type { CheckedCell, Initialiser, InitialState, Parameter, Width } from '../cell.ts';
import { chained, type Report, removeLines, replace } from '../syntax/source.ts';
import type { CellSection, Node, Statement } from '../syntax/syntax.ts';
import { vectorReads } from '../syntax/walk.ts';
import { resolve, type Widths } from '../widths.ts';
import { given } from '../words.ts';
import { CellNames, type Occurrence } from './cellNames.ts';
import {
  readFixed,
  readInitialisers,
  readInitialStates,
  readOutput,
  readStochastic,
} from './declarations.ts';
import { built, type Draft, Inference } from './infer.ts';
import { order } from './order.ts';
import { checkPositions } from './positions.ts';
import { setSingleUnits } from './singleUnits.ts';
import { setWidths } from './statedWidths.ts';

export type Role =
  | 'input'
  | 'network output'
  | 'given'
  | 'encoder output'
  | 'vector'
  | 'matrix'
  | 'bias'
  | 'constant';

/** Describes a name within its cell, for the editor. */
export interface CellSymbol {
  readonly name: string;
  readonly role: Role;
  readonly rows: Width;
  /** The columns of a matrix; null for any other role. */
  readonly columns: Width | null;
  /** The equation of a vector or the statement of a constant. */
  readonly definition: Statement | null;
  /** The value of a constant. */
  readonly value: number | null;
  readonly occurrences: readonly Occurrence[];
}

export interface Scope {
  readonly section: CellSection;
  readonly symbols: ReadonlyMap<string, CellSymbol>;
  /** The checked cell, or null if it has an error. */
  readonly cell: CheckedCell | null;
}

type At = Extract<Node, { kind: 'at' }>;

export interface CellContext {
  readonly text: string;
  readonly report: Report;
  /** Whether the parser could read the whole cell. */
  readonly whole: boolean;
  /** The known widths, which messages show as numbers. */
  readonly widths: Partial<Widths>;
}

export function checkCell(section: CellSection, { text, report, whole, widths }: CellContext): Scope {
  const before = report.errors.length;
  const names = new CellNames(section, text, report, widths);
  checkPositions(names);
  const inference = new Inference(names);
  inference.foldConstants();
  setWidths(names);
  setSingleUnits(names);
  const drafts = new Map<string, Draft>();
  for (const [name, equation] of names.equations) drafts.set(name, inference.equation(name, equation));
  const initial = readInitialStates(names, inference);
  inference.reportConflicts();

  const ordered = orderSteps(names);
  const initialiser = readInitialisers(names, inference);
  const fixed = readFixed(names);
  const stochastic = readStochastic(names);
  const output = readOutput(names, whole);

  const sound = whole && report.errors.length === before;
  if (sound && output !== null) warnUnused(names, output.name);
  const cell =
    sound && output !== null
      ? build(names, ordered, drafts, { output, initialiser, fixed, stochastic, initial })
      : null;
  return { section, symbols: symbols(names), cell };
}

/** Orders the equations so that each one comes after those whose values of the same step it reads. */
function orderSteps(names: CellNames): string[] {
  const reads = new Map(
    [...names.equations].map(([name, { value }]) => [
      name,
      vectorReads(value).filter(({ lag }) => lag === 0),
    ]),
  );
  const needs = (name: string) => reads.get(name)!.map((read) => read.name.text);
  const { ordered, circle } = order(names.equations.keys(), needs);
  if (circle.length > 0) reportCircle(names, circle, (name) => reads.get(name)!);
  return ordered;
}

function reportCircle(
  names: CellNames,
  circle: readonly string[],
  reads: (name: string) => readonly At[],
): void {
  const indices = new Map([...names.equations.keys()].map((name, index) => [name, index]));
  const links = circle.map((name, i) => [name, circle[(i + 1) % circle.length]] as const);
  // The step before was probably meant where an equation reads itself or a vector whose equation comes later.
  const [equation, needed] = links.find(([from, to]) => indices.get(to)! >= indices.get(from)!)!;
  const { range } = reads(equation).find(({ name }) => name.text === needed)!;
  const chain = chained(circle.map((name) => `\`${name}[t]\``));
  const what = circle.length === 1 ? `\`${needed}[t]\` is made of itself` : `Within one step, ${chain}`;
  const earlier = `${needed}[t-1]`;
  const message = `${what}: did you mean \`${earlier}\`, of the step before?`;
  names.report.error(range, message, replace(range, earlier));
}

function warnUnused(names: CellNames, output: string): void {
  for (const [name, { target, index }] of names.equations) {
    const read = names.occurrences.get(name)!.some(({ defines, lag }) => !defines && lag !== null);
    if (!read && name !== output) {
      names.report.warn(target.range, `Nothing reads \`${name}[${index}]\`: it changes no output.`);
    }
  }
  for (const [name, { target, range }] of names.constants) {
    if (names.occurrences.get(name)!.every(({ defines }) => defines)) {
      const [, vector = ''] = /^(.+?)(?:_0|₀)$/u.exec(name) ?? [];
      if (names.equations.has(vector)) {
        const start = `${vector}[0]`;
        const message = `Nothing reads the constant \`${name}\`: the value before the first step is \`${start}\`.`;
        names.report.warn(target.range, message, replace(target.range, start));
        continue;
      }
      names.report.warn(
        target.range,
        `Nothing reads the constant \`${name}\`.`,
        removeLines(names.text, range),
      );
    }
  }
}

function build(
  names: CellNames,
  ordered: readonly string[],
  drafts: ReadonlyMap<string, Draft>,
  said: {
    output: { readonly name: string; readonly distribution: boolean };
    initialiser: ReadonlyMap<string, Initialiser>;
    fixed: ReadonlySet<string>;
    stochastic: ReadonlySet<string>;
    initial: ReadonlyMap<string, () => InitialState>;
  },
): CheckedCell {
  const trained = (name: string) => !said.fixed.has(name);
  const matrices = [...names.matrices].map(([name, { rows, columns }]): Parameter => {
    const stochastic = said.stochastic.has(name);
    const usual: Initialiser = stochastic ? { kind: 'normal', deviation: 1 } : { kind: 'glorot' };
    const initialiser = said.initialiser.get(name) ?? usual;
    return {
      name,
      kind: 'matrix',
      rows: resolve(rows),
      columns: resolve(columns),
      initialiser,
      trained: trained(name),
      stochastic,
    };
  });
  const biases = [...names.biases].map(([name, width]): Parameter => {
    const initialiser = said.initialiser.get(name) ?? { kind: 'constant', value: 0 };
    return {
      name,
      kind: 'vector',
      rows: resolve(width),
      columns: 1,
      initialiser,
      trained: trained(name),
      stochastic: false,
    };
  });
  return {
    name: names.section.name.text,
    equations: ordered.map((name) => ({
      name,
      width: resolve(names.vectors.get(name)!),
      index: names.equations.get(name)!.index,
      value: built(drafts.get(name)!),
      maxLag: names.maxLag(name),
      initial: said.initial.get(name)?.() ?? { kind: 'constant', value: 0, first: null },
    })),
    parameters: [...matrices, ...biases],
    output: said.output.name,
    distribution: said.output.distribution,
    outputLag: names.equations.has('y') ? 0 : names.maxLag('y'),
    readsSymbols: resolve(names.vectors.get('x')!) === 'y',
    inputLag: names.maxLag('x'),
    readsGiven: names.occurrences.has(given),
    readsPositions: names.readsEncoded,
  };
}

function symbols(names: CellNames): Map<string, CellSymbol> {
  const found = new Map<string, CellSymbol>();
  const add = (name: string, role: Role, rows: Width, more: Partial<CellSymbol> = {}) => {
    const occurrences = names.occurrences.get(name) ?? [];
    const symbol = { name, role, rows, columns: null, definition: null, value: null, occurrences, ...more };
    if (occurrences.length > 0) found.set(name, symbol);
  };
  for (const [name, width] of names.vectors) {
    const definition = names.equations.get(name) ?? null;
    const outside = name === 'x' ? 'input' : name === 'y' ? 'network output' : 'encoder output';
    add(name, definition ? 'vector' : outside, resolve(width), { definition });
  }
  for (const [name, { rows, columns }] of names.matrices) {
    add(name, 'matrix', resolve(rows), { columns: resolve(columns) });
  }
  for (const [name, width] of names.biases) add(name, 'bias', resolve(width));
  add(given, 'given', 'm');
  for (const [name, definition] of names.constants) {
    add(name, 'constant', 1, { definition, value: names.numbers.get(name) ?? null });
  }
  return found;
}
