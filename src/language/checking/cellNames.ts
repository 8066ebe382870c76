// Collects what each name of a cell is, and holds what the rounds of the checker share about one cell.

import type { Index, Width } from '../cell.ts';
import { excerpt, insert, listed, type Range, type Report, removeLines, replace } from '../syntax/source.ts';
import { stemOfStep } from '../syntax/subscripts.ts';
import type { CellSection, Name, Node, Statement } from '../syntax/syntax.ts';
import { plainNames, vectorReads } from '../syntax/walk.ts';
import { showWidth, type Term, term, type Widths } from '../widths.ts';
import { encoded, functions, given, isMatrixName } from '../words.ts';

export interface Occurrence {
  /** The range of the name alone, without `[t-1]`. */
  readonly range: Range;
  /** The lag, or null for a name without a step. */
  readonly lag: number | null;
  readonly defines: boolean;
}

export type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

export interface Matrix {
  readonly rows: Term;
  readonly columns: Term;
}

export class CellNames {
  readonly section: CellSection;
  readonly text: string;
  readonly report: Report;
  readonly #widths: Partial<Widths>;

  /** The first definition of each name. */
  readonly equations = new Map<string, Of<'equation'>>();
  readonly constants = new Map<string, Of<'constant'>>();
  /** The constants' values. */
  readonly numbers = new Map<string, number>();
  readonly vectors = new Map<string, Term>();
  readonly biases = new Map<string, Term>();
  readonly matrices = new Map<string, Matrix>();
  readonly occurrences = new Map<string, Occurrence[]>();
  /** The names that occur without `[t]` anywhere in the cell. */
  readonly plain = new Set<string>();
  /** The names that an `init` statement gives a value. */
  readonly initialised = new Set<string>();

  /** @param widths the known widths, which messages show as numbers */
  constructor(section: CellSection, text: string, report: Report, widths: Partial<Widths>) {
    this.section = section;
    this.text = text;
    this.report = report;
    this.#widths = widths;
    this.#gather();
  }

  /** Returns whether the cell says `width x = y`, which is of symbols, or `width h = m`, which is of an encoder. */
  #says(name: string, width: string): boolean {
    return this.section.statements.some(
      (statement) =>
        statement.kind === 'width' &&
        statement.value.text === width &&
        statement.targets.some(({ text }) => text === name),
    );
  }

  #gather(): void {
    const subscripted = this.section.statements.some(hasSubscripts);
    for (const statement of this.section.statements) {
      if (statement.kind === 'init') for (const { text } of statement.targets) this.initialised.add(text);
      if (statement.kind === 'equation') this.#define(this.equations, statement);
      if (statement.kind === 'constant') {
        const { target, value } = statement;
        const changes = vectorReads(value).length > 0 || (subscripted && stemOfStep(target.text) !== null);
        if (changes) this.#define(this.equations, this.#withStep(statement));
        else this.#define(this.constants, statement);
      }
      if (statement.kind === 'equation' || statement.kind === 'constant' || statement.kind === 'initial') {
        if (!statement.value) continue;
        for (const name of plainNames(statement.value)) this.plain.add(name);
      }
    }
    for (const [name, { target }] of this.constants) {
      if (!this.equations.has(name)) continue;
      this.constants.delete(name);
      const message = `\`${name}\` changes with time, as \`${name}[t] = …\` says: it cannot be a constant too.`;
      this.report.error(target.range, message);
    }
    const state = this.#says('h', 'm') ? 'm' : 'h';
    for (const name of this.equations.keys()) this.vectors.set(name, term(name === 'h' ? state : null));
    this.vectors.set('x', term(this.#says('x', 'y') ? 'y' : 'x'));
    if (!this.equations.has('y')) this.vectors.set('y', term('y'));
    if (this.readsEncoded) this.vectors.set(encoded, term('m'));
  }

  /** Whether an equation reads what the encoder wrote, `m[s]`. */
  get readsEncoded(): boolean {
    const reads = (value: Node) =>
      vectorReads(value).some(({ name, index }) => name.text === encoded && index !== 't');
    return !this.equations.has(encoded) && [...this.equations.values()].some(({ value }) => reads(value));
  }

  /** Returns what a vector is read at; null where there is none of that name. */
  indexOf(name: string): Index | null {
    if (!this.vectors.has(name)) return null;
    return this.equations.get(name)?.index ?? (name === encoded ? 's' : 't');
  }

  /** Reports a definition such as `h = tanh(W x[t])`, which reads vectors, and treats it as an equation. */
  #withStep({ target, value, range }: Of<'constant'>): Of<'equation'> {
    const name = target.text;
    const stem = stemOfStep(name);
    if (stem !== null) {
      const message = `The step is written in brackets: \`${stem}[t] = …\`.`;
      this.report.error(target.range, message, replace(target.range, `${stem}[t]`));
      return { kind: 'equation', target: { ...target, text: stem }, index: 't', value, range };
    }
    const mend = insert(target.range.to, '[t]', `Write \`${name}[t]\``);
    this.report.error(target.range, `\`${name}\` changes with time here: write \`${name}[t] = …\`.`, mend);
    return { kind: 'equation', target, index: 't', value, range };
  }

  #define<S extends Of<'equation'> | Of<'constant'>>(into: Map<string, S>, statement: S): void {
    const { text: name, range } = statement.target;
    if (name === '') return;
    this.occurs(statement.target, statement.kind === 'equation' ? 0 : null, true);
    const step = statement.kind === 'equation' ? `[${statement.index}]` : '';
    if (name === 't') {
      this.report.error(range, '`t` is the step, and has no value of its own.');
    } else if (functions.has(name)) {
      this.report.error(range, `\`${name}\` is a function: choose another name.`);
    } else if (name === given) {
      this.report.error(range, '`given` is what a decoder starts from: choose another name.');
    } else if (name === 'x') {
      this.report.error(range, '`x[t]` is what the cell reads, and comes from outside.');
    } else if (name === 'y' && step === '') {
      this.report.error(range, '`y[t]` is the network’s output: choose another name.');
    } else if (isMatrixName(name)) {
      const message =
        step === ''
          ? `A capital letter is a weight matrix. To begin it at a value, write \`init ${name} = …\`.`
          : `A capital letter is a weight matrix, and a vector has a small one: \`${name.toLowerCase()}[t]\`.`;
      this.report.error(
        range,
        message,
        step === '' ? insert(range.from, 'init ', 'Insert `init`') : undefined,
      );
    } else if (into.has(name)) {
      const message = `\`${name}${step}\` has a value already; only the first counts.`;
      this.report.error(range, message, removeLines(this.text, statement.range));
    } else {
      into.set(name, statement);
    }
  }

  /** Records an occurrence of a name. */
  occurs({ text: name, range }: Name, lag: number | null, defines: boolean): void {
    const list = this.occurrences.get(name);
    const occurrence = { range, lag, defines };
    if (list) list.push(occurrence);
    else this.occurrences.set(name, [occurrence]);
  }

  /** Reports that there is no such name, and which of `names` was probably meant. */
  unknown(node: Name, names: Iterable<string>, message: string): void {
    if (node.text === '') return;
    const likely = this.report.likely(node.text, names);
    const hint = likely === undefined ? '.' : `: did you mean \`${likely}\`?`;
    this.report.error(
      node.range,
      message + hint,
      likely === undefined ? undefined : replace(node.range, likely),
    );
  }

  /** Returns the node's source text on one line, for a message. */
  source(node: { readonly range: Range }): string {
    return excerpt(this.text, node.range);
  }

  /** Returns a width for a message: its letter, or its number if it is known. */
  width(width: Width): string {
    return showWidth(width, this.#widths);
  }

  /** Returns the longest lag with which a vector is read. */
  maxLag(name: string): number {
    const lags = this.occurrences.get(name) ?? [];
    return lags.reduce((most, { lag }) => Math.max(most, lag ?? 0), 0);
  }

  /** Returns whether the equations read a name as a trained vector. */
  isTrainedVector(name: string): boolean {
    const isOther =
      this.vectors.has(name) || this.constants.has(name) || functions.has(name) || name === given;
    return this.plain.has(name) && !isOther && !isMatrixName(name) && name !== 't';
  }

  *parameters(): Generator<string> {
    yield* this.matrices.keys();
    yield* this.biases.keys();
  }

  /** Returns whether a matrix or bias has that name, and reports an error if none has. */
  isParameter(node: Name): boolean {
    if (this.matrices.has(node.text) || this.biases.has(node.text)) return true;
    if (this.vectors.has(node.text) && node.text !== 'x' && node.text !== 'y') {
      const start = `${node.text}[0]`;
      this.report.error(
        node.range,
        `\`${node.text}\` is no parameter: its start is given by \`${start} = …\`.`,
      );
    } else if (this.constants.has(node.text)) {
      this.report.error(
        node.range,
        `\`${node.text}\` is a constant: it has its value, and is never trained.`,
      );
    } else {
      const some = this.matrices.size + this.biases.size > 0;
      const all = some ? ` (there are ${listed(this.parameters())})` : '';
      this.unknown(node, this.parameters(), `No equation uses a parameter \`${node.text}\`${all}`);
    }
    return false;
  }
}

/** Returns whether a line writes its steps as subscripts: `h_t = tanh(W x_t + b)`. */
const hasSubscripts = (statement: Statement): boolean =>
  statement.kind === 'constant' &&
  stemOfStep(statement.target.text) !== null &&
  (vectorReads(statement.value).length > 0 ||
    plainNames(statement.value).some((name) => stemOfStep(name) === 'x'));
