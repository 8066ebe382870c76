// One cell of the syntax tree → checked cell. Three rounds: gather what each name is, infer widths from the
// equations, then settle what needs both (order within a step, initial values, the output).

import type {
  BinaryOperator,
  CheckedCell,
  Expression,
  Initialiser,
  InitialState,
  Parameter,
  UnaryFunction,
  Width,
} from './cell.ts';
import { order } from './order.ts';
import { type Fix, insert, type Range, type Report, remove, replace } from './source.ts';
import type { CellSection, InitialiserNode, Name, Node, Statement } from './syntax.ts';
import { binaryValue, unaryValue } from './values.ts';
import { resolve, type Term, term, unify, type Widths, widthOf } from './widths.ts';
import { functions, initialisers, isMatrixName, nearest } from './words.ts';

export type Role = 'input' | 'network output' | 'vector' | 'matrix' | 'bias' | 'constant';

export interface Occurrence {
  /** Of the name alone, without `[t-1]`. */
  readonly range: Range;
  /** Null for a name without a step. */
  readonly lag: number | null;
  readonly defines: boolean;
}

/** What a name is within its cell, for whoever shows it. */
export interface CellSymbol {
  readonly name: string;
  readonly role: Role;
  readonly rows: Width;
  /** Null for what is not a matrix. */
  readonly columns: Width | null;
  /** The equation of a vector, the value of a constant. */
  readonly definition: Statement | null;
  /** Of a constant. */
  readonly value: number | null;
  readonly occurrences: readonly Occurrence[];
}

export interface Scope {
  readonly section: CellSection;
  readonly symbols: ReadonlyMap<string, CellSymbol>;
  /** Null where the cell has an error. */
  readonly cell: CheckedCell | null;
}

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

/** What an expression is while its width is open. A number is the same for every unit and fits any width. */
type Draft = { readonly number: number } | { readonly term: Term; readonly build: () => Expression };

interface Matrix {
  readonly rows: Term;
  readonly columns: Term;
}

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '^': 'power',
};

/** @param widths where they are known, messages say them as numbers. */
export function checkCell(section: CellSection, text: string, report: Report, widths?: Widths): Scope {
  return new CellChecker(section, text, report, widths).check();
}

class CellChecker {
  private readonly section: CellSection;
  private readonly text: string;
  private readonly report: Report;
  private readonly widths: Widths | undefined;

  private readonly equations = new Map<string, Of<'equation'>>();
  private readonly constants = new Map<string, Of<'constant'>>();
  private readonly numbers = new Map<string, number>();
  private readonly vectors = new Map<string, Term>();
  private readonly biases = new Map<string, Term>();
  private readonly matrices = new Map<string, Matrix>();
  private readonly occurrences = new Map<string, Occurrence[]>();
  /** Names without `[t]` anywhere in the cell. */
  private readonly plain = new Set<string>();
  /** What to say about widths once all of them are known. */
  private readonly conflicts: (() => void)[] = [];

  constructor(section: CellSection, text: string, report: Report, widths: Widths | undefined) {
    this.section = section;
    this.text = text;
    this.report = report;
    this.widths = widths;
  }

  check(): Scope {
    const before = this.report.diagnostics.length;
    this.gather();
    this.foldConstants();
    this.setWidths();

    const drafts = new Map<string, Draft>();
    for (const [name, equation] of this.equations) drafts.set(name, this.equation(name, equation));
    const ordered = this.orderSteps();
    for (const say of this.conflicts) say();

    const initialiser = this.readInitialisers();
    const fixed = this.readFixed();
    const initial = this.readInitialStates();
    const output = this.readOutput();
    this.warnUnused(output);

    const failed = this.report.diagnostics.slice(before).some(({ severity }) => severity === 'error');
    const cell =
      failed || output === null ? null : this.build(ordered, drafts, output, { initialiser, fixed, initial });
    return { section: this.section, symbols: this.symbols(), cell };
  }

  // First round: what each name is.

  private gather(): void {
    for (const statement of this.section.statements) {
      if (statement.kind === 'equation') this.define(this.equations, statement);
      if (statement.kind === 'constant') this.define(this.constants, statement);
      if (statement.kind === 'equation' || statement.kind === 'constant')
        collectPlain(statement.value, this.plain);
    }
    for (const [name, { target }] of this.constants) {
      if (!this.equations.has(name)) continue;
      this.constants.delete(name);
      const message = `\`${name}\` changes with time, as \`${name}[t] = …\` says: it cannot be a constant too.`;
      this.report.error(target.range, message);
    }
    for (const name of this.equations.keys()) this.vectors.set(name, term(name === 'h' ? 'h' : null));
    this.vectors.set('x', term('x'));
    if (!this.equations.has('y')) this.vectors.set('y', term('y'));
    if (this.section.statements.length === 0) {
      const { to } = this.section.header;
      const mend = insert(to, '\n  h[t] = tanh(W x[t] + U h[t-1] + b)', 'Insert an equation for `h[t]`');
      this.report.error(this.section.header, `The cell \`${this.section.name.text}\` has no equation.`, mend);
    }
  }

  private define<S extends Of<'equation'> | Of<'constant'>>(into: Map<string, S>, statement: S): void {
    const { text: name, range } = statement.target;
    if (name === '') return;
    this.occurs(statement.target, statement.kind === 'equation' ? 0 : null, true);
    const step = statement.kind === 'equation' ? '[t]' : '';
    if (name === 't') {
      this.report.error(range, '`t` is the step, and has no value of its own.');
    } else if (functions.has(name)) {
      this.report.error(range, `\`${name}\` is a function: choose another name.`);
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
      this.report.error(range, message, remove(statement.range, 'Remove this line'));
    } else {
      into.set(name, statement);
    }
  }

  private foldConstants(): void {
    const reads = (name: string) => {
      const names = new Set<string>();
      collectPlain(this.constants.get(name)!.value, names);
      return names;
    };
    const { ordered, circle } = order(this.constants.keys(), reads);
    if (circle.length > 0) {
      const chain = [...circle, circle[0]].map((name) => `\`${name}\``).join(' needs ');
      this.report.error(this.constants.get(circle[0])!.target.range, `No value can be found: ${chain}.`);
      for (const name of circle) this.numbers.set(name, Number.NaN);
    }
    for (const name of ordered) {
      if (!this.numbers.has(name)) this.numbers.set(name, this.constant(this.constants.get(name)!.value));
    }
  }

  /** The value of an expression that must be a number; NaN, and said, where it is none. */
  private constant(node: Node): number {
    const draft = this.infer(node);
    if ('number' in draft) return draft.number;
    if (!hasMissing(node)) {
      this.report.error(
        node.range,
        `This must be a number; \`${this.source(node)}\` is not known before training.`,
      );
    }
    return Number.NaN;
  }

  private setWidths(): void {
    for (const statement of this.section.statements) {
      if (statement.kind !== 'width') continue;
      const { target, value } = statement;
      this.occurs(target, null, false);
      const width = value.kind === 'number' ? value.value : value.text;
      const known = this.vectors.get(target.text);
      if (typeof width === 'number' && (!Number.isInteger(width) || width < 1 || width > 65536)) {
        this.report.error(value.range, 'A width is a whole number of units, from 1 to 65536.');
      } else if (typeof width === 'string' && width !== 'x' && width !== 'h' && width !== 'y') {
        this.report.error(value.range, 'A width is a number of units, or that of `x`, `h` or `y`.');
      } else if (!known || target.text === 'x' || (target.text === 'y' && !this.equations.has('y'))) {
        this.unknown(target, this.equations.keys(), `\`${target.text}[t]\` has no equation here`);
      } else if (!unify(known, term(width))) {
        const message = `\`${target.text}\` has its width already: ${this.width(resolve(known))}.`;
        this.report.error(statement.range, message);
      }
    }
  }

  // Second round: expressions.

  private equation(name: string, { target, value }: Of<'equation'>): Draft {
    const draft = this.infer(value);
    const own = this.vectors.get(name)!;
    if ('term' in draft && !unify(own, draft.term)) {
      this.conflicts.push(() => {
        const message = `\`${name}[t]\` (${this.width(resolve(own))}) cannot be \`${this.source(value)}\` (${this.width(resolve(draft.term))}): the widths differ.`;
        this.report.error(target.range, message, this.mendByMatrix(value, own, draft.term));
      });
    }
    return draft;
  }

  private infer(node: Node): Draft {
    switch (node.kind) {
      case 'number':
        return { number: node.value };
      case 'missing':
        return open();
      case 'group':
        return this.infer(node.inner);
      case 'name':
        return this.inferName(node);
      case 'at':
        return this.inferAt(node);
      case 'product':
        return this.inferProduct(node);
      case 'negate':
        return this.unary('negate', this.infer(node.operand), node);
      case 'binary':
        return this.binary(operators[node.operator], this.infer(node.left), this.infer(node.right), node);
      case 'call':
        return this.inferCall(node);
    }
  }

  private inferName(node: Name): Draft {
    const { text: name, range } = node;
    const number = this.numbers.get(name);
    this.occurs(node, null, false);
    if (number !== undefined) return { number };
    if (this.vectors.has(name)) {
      const now = name === 'x' ? '[t]' : '[t-1]';
      const choice = name === 'x' || name === 'y' ? '' : `, or \`${name}[t]\` for this one`;
      const step = name === 'x' ? 'this step' : 'the step before';
      const message = `\`${name}\` changes with time: write \`${name}${now}\` for ${step}${choice}.`;
      this.report.error(range, message, replace(range, name + now));
      return open();
    }
    if (isMatrixName(name)) {
      const message = `\`${name}\` is a matrix, for its capital letter: it stands before the vector that it multiplies, as in \`${name} x[t]\`.`;
      this.report.error(range, message);
      return open();
    }
    if (name === 't') {
      this.report.error(
        range,
        '`t` is the step, and has no value of its own: read a vector at it, as in `x[t]`.',
      );
      return open();
    }
    if (functions.has(name)) {
      const mend = insert(range.to, '(x[t])', `Write \`${name}(x[t])\``);
      this.report.error(range, `\`${name}\` is a function: say of what, as in \`${name}(x[t])\`.`, mend);
      return open();
    }
    const stem = name.endsWith('_t') ? name.slice(0, -2) : '';
    if (this.vectors.has(stem)) {
      const message = `The step is written in brackets: \`${stem}[t]\`.`;
      this.report.error(range, message, replace(range, `${stem}[t]`));
      return open();
    }
    return this.bias(node);
  }

  private bias(node: Name): Draft {
    const { text: name } = node;
    let width = this.biases.get(name);
    if (!width) {
      width = term();
      this.biases.set(name, width);
      const likely = name.length > 2 ? nearest(name, this.constants.keys()) : undefined;
      if (likely && !this.isInitialised(name)) {
        const message = `\`${name}\` is a trained vector, having no value here: did you mean the constant \`${likely}\`?`;
        this.report.warn(node.range, message, replace(node.range, likely));
      }
    }
    return { term: width, build: () => ({ kind: 'parameter', name, width: resolve(width) }) };
  }

  private inferAt({ name: node, lag, range }: Extract<Node, { kind: 'at' }>): Draft {
    const { text: name } = node;
    this.occurs(node, lag, false);
    const vector = this.vectors.get(name);
    if (!vector) return this.unknownVector(node, range);
    const instead = (text: string) => replace(range, text);
    if (lag < 0) {
      const message = `\`${name}[t+${-lag}]\` is not known yet: a cell reads this step and those before.`;
      this.report.error(range, message, instead(name === 'x' ? 'x[t]' : `${name}[t-${-lag}]`));
    } else if (lag > 1000) {
      this.report.error(range, 'No more than 1000 steps can be looked back.');
    } else if (name === 'x' && lag > 0) {
      const message = `\`x\` is read at this step only. Keep it in a vector, \`p[t] = x[t]\`, and read \`p[t-${lag}]\`.`;
      this.report.error(range, message, instead('x[t]'));
    } else if (name === 'y' && lag === 0 && !this.equations.has('y')) {
      const message = '`y[t]`, the network’s output, comes after the cell: read that of the step before.';
      this.report.error(range, message, instead('y[t-1]'));
    }
    return { term: vector, build: () => ({ kind: 'vector', name, lag, width: resolve(vector) }) };
  }

  private unknownVector(node: Name, range: Range): Draft {
    const { text: name } = node;
    if (name === '') return open();
    if (this.constants.has(name) || this.plain.has(name) || isMatrixName(name)) {
      const what = this.constants.has(name) ? 'a constant' : isMatrixName(name) ? 'a matrix' : 'a parameter';
      const message = `\`${name}\` is ${what} and does not change with time: write \`${name}\`.`;
      this.report.error(range, message, replace(range, name));
    } else {
      this.unknown(node, this.vectors.keys(), `\`${name}[t]\` has no equation`);
    }
    return open();
  }

  private unknown(node: Name, names: Iterable<string>, message: string): void {
    if (node.text === '') return;
    const likely = nearest(node.text, names);
    if (likely)
      this.report.error(node.range, `${message}: did you mean \`${likely}\`?`, replace(node.range, likely));
    else this.report.error(node.range, `${message}.`);
  }

  private inferProduct(node: Extract<Node, { kind: 'product' }>): Draft {
    const { matrix: name, operand: inner } = node;
    this.occurs(name, null, false);
    const operand = this.infer(inner);
    const matrix = this.matrix(name.text);
    if ('number' in operand) {
      const shown = this.source(inner);
      const message = `\`${name.text}\` is a matrix and multiplies a vector, but \`${shown}\` is a number.`;
      const at = { from: name.range.to, to: inner.range.from };
      this.report.error(
        node.range,
        message,
        remove({ from: name.range.from, to: at.to }, `Remove \`${name.text}\``),
      );
    } else if (!unify(matrix.columns, operand.term)) {
      this.conflicts.push(() => this.wrongProduct(name, matrix, inner, operand.term));
      // Nothing is known of the result: another matrix was meant.
      return open();
    }
    return {
      term: matrix.rows,
      build: () => ({
        kind: 'product',
        matrix: name.text,
        operand: built(operand),
        width: resolve(matrix.rows),
      }),
    };
  }

  private wrongProduct(name: Name, matrix: Matrix, operand: Node, width: Term): void {
    const shown = this.source(operand);
    const shape = `${this.width(resolve(matrix.rows))}×${this.width(resolve(matrix.columns))}`;
    const other = this.fitting(resolve(matrix.rows), resolve(width), name.text);
    const range = { from: name.range.from, to: operand.range.to };
    const wanted = other.exists
      ? `did you mean \`${other.name} ${shown}\`?`
      : `give it a matrix of its own, such as \`${other.name} ${shown}\`.`;
    const message = `\`${this.text.slice(range.from, range.to)}\` multiplies ${name.text} (${shape}) by ${shown} (${this.width(resolve(width))}): ${wanted}`;
    this.report.error(range, message, replace(name.range, other.name, `Write \`${other.name} ${shown}\``));
  }

  /** A matrix of the cell with that shape, whose name is most like `like`; else a name that is free. */
  private fitting(rows: Width, columns: Width, like: string): { name: string; exists: boolean } {
    const fits = [...this.matrices].filter(
      ([name, matrix]) =>
        name !== like && resolve(matrix.rows) === rows && resolve(matrix.columns) === columns,
    );
    const suffix = like.slice(1);
    const alike = fits.find(([name]) => name.slice(1) === suffix) ?? fits[0];
    if (alike) return { name: alike[0], exists: true };
    const free = [...'UVRWQPSABCDEFGHKLMNZ']
      .map((letter) => letter + suffix)
      .find((name) => !this.matrices.has(name));
    return { name: free ?? `${like}_2`, exists: false };
  }

  private mendByMatrix(node: Node, rows: Term, columns: Term): Fix | undefined {
    if (node.kind !== 'at') return undefined;
    const { name } = this.fitting(resolve(rows), resolve(columns), 'W');
    return insert(node.range.from, `${name} `, `Write \`${name} ${this.source(node)}\``);
  }

  private inferCall(node: Extract<Node, { kind: 'call' }>): Draft {
    const word = functions.get(node.function.text);
    const values = node.arguments.map((argument) => this.infer(argument));
    if (!word) {
      this.unknown(node.function, functions.keys(), `There is no function \`${node.function.text}\``);
      return open();
    }
    if (values.length !== word.arguments.length) {
      const wants = `${node.function.text}(${word.arguments.join(', ')})`;
      if (!hasMissing(node))
        this.report.error(
          node.range,
          `It is \`${wants}\`: ${count(word.arguments.length)}, not ${values.length}.`,
        );
      return open();
    }
    const [first, second, third] = values;
    switch (word.means) {
      case 'min':
      case 'max':
        return this.binary(word.means, first, second, node);
      case 'clip':
        return this.binary('min', this.binary('max', first, second, node), third, node);
      default:
        return this.unary(word.means, first, node);
    }
  }

  private unary(name: UnaryFunction, operand: Draft, node: Node): Draft {
    if ('term' in operand) {
      const width = operand.term;
      return {
        term: width,
        build: () => ({ kind: 'unary', function: name, operand: operand.build(), width: resolve(width) }),
      };
    }
    if (name === 'softmax' || name === 'norm') {
      this.report.error(node.range, `\`${name}\` compares the units of a vector, and here is a number.`);
      return open();
    }
    return this.finite(unaryValue(name, operand.number), [operand], node);
  }

  private binary(operator: BinaryOperator, left: Draft, right: Draft, node: Node): Draft {
    if ('number' in left && 'number' in right) {
      return this.finite(binaryValue[operator](left.number, right.number), [left, right], node);
    }
    if ('term' in left && 'term' in right && !unify(left.term, right.term)) {
      this.conflicts.push(() => this.unlike(node, left.term, right.term));
      return open();
    }
    const width = 'term' in left ? left.term : (right as { term: Term }).term;
    return {
      term: width,
      build: () => ({
        kind: 'binary',
        operator,
        left: built(left),
        right: built(right),
        width: resolve(width),
      }),
    };
  }

  private unlike(node: Node, left: Term, right: Term): void {
    const [a, b] =
      node.kind === 'binary' ? [node.left, node.right] : node.kind === 'call' ? node.arguments : [node, node];
    const show = (side: Node, t: Term) => `\`${this.source(side)}\` (${this.width(resolve(t))})`;
    const mend = this.mendByMatrix(b, left, right) ?? this.mendByMatrix(a, right, left);
    const how = mend ? ` A matrix takes one to the other: ${mend.title.replace('Write ', '')}.` : '';
    const message = `${show(a, left)} and ${show(b, right)} have different widths and cannot be combined unit by unit.${how}`;
    this.report.error(node.range, message, mend);
  }

  /** A number that was computed from numbers; said where it came out as none. */
  private finite(value: number, from: readonly { number: number }[], node: Node): Draft {
    if (!Number.isFinite(value) && from.every(({ number }) => Number.isFinite(number))) {
      this.report.error(node.range, `\`${this.source(node)}\` is not a finite number.`);
    }
    return { number: value };
  }

  private matrix(name: string): Matrix {
    let matrix = this.matrices.get(name);
    if (!matrix) {
      matrix = { rows: term(), columns: term() };
      this.matrices.set(name, matrix);
    }
    return matrix;
  }

  // Third round: what needs names and widths.

  /** An order in which each equation finds, of this step, what it reads. */
  private orderSteps(): string[] {
    const reads = new Map<string, Extract<Node, { kind: 'at' }>[]>();
    for (const [name, { value }] of this.equations) reads.set(name, collectAt(value));
    const needs = (name: string) =>
      reads
        .get(name)!
        .filter(({ lag }) => lag === 0)
        .map((read) => read.name.text);
    const { ordered, circle } = order(this.equations.keys(), needs);
    if (circle.length > 0) {
      const chain = [...circle, circle[0]].map((name) => `\`${name}[t]\``).join(' needs ');
      // The read that closes the circle is the one likely meant for the step before.
      const closing = reads
        .get(circle[circle.length - 1])!
        .find(({ lag, name }) => lag === 0 && name.text === circle[0])!;
      const earlier = `${circle[0]}[t-1]`;
      const message = `Within one step, ${chain}: read one of them from the step before, as in \`${earlier}\`.`;
      this.report.error(closing.range, message, replace(closing.range, earlier));
    }
    return ordered;
  }

  private isInitialised(name: string): boolean {
    return this.section.statements.some(
      (statement) => statement.kind === 'init' && statement.targets.some(({ text }) => text === name),
    );
  }

  private isParameter(node: Name): boolean {
    if (this.matrices.has(node.text) || this.biases.has(node.text)) return true;
    const names = [...this.matrices.keys(), ...this.biases.keys()];
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
      this.unknown(node, names, `No equation uses a parameter \`${node.text}\``);
    }
    return false;
  }

  private readInitialisers(): Map<string, Initialiser> {
    const found = new Map<string, Initialiser>();
    for (const statement of this.section.statements) {
      if (statement.kind !== 'init') continue;
      const initialiser = this.initialiser(statement.value);
      for (const target of statement.targets) {
        this.occurs(target, null, false);
        if (!this.isParameter(target)) continue;
        if (found.has(target.text)) {
          this.report.error(
            target.range,
            `\`${target.text}\` has an initial value already; only the first counts.`,
          );
        } else if (initialiser && this.fits(initialiser, target, statement.value)) {
          found.set(target.text, initialiser);
        }
      }
    }
    return found;
  }

  private initialiser(node: InitialiserNode | Node): Initialiser | null {
    if (node.kind !== 'initialiser') {
      const name = node.kind === 'call' ? node.function : node;
      if (name.kind === 'name' && !this.numbers.has(name.text) && !functions.has(name.text)) {
        this.unknown(name, initialisers.keys(), `There is no initial value \`${name.text}\``);
        return null;
      }
      return { kind: 'constant', value: this.constant(node) };
    }
    const word = initialisers.get(node.name.text)!;
    const values = node.arguments.map((argument) => this.constant(argument));
    if (values.length !== word.arguments.length) {
      const wants = word.arguments.length > 0 ? `(${word.arguments.join(', ')})` : '';
      this.report.error(
        node.range,
        `It is \`${node.name.text}${wants}\`: ${count(word.arguments.length)}, not ${values.length}.`,
      );
      return null;
    }
    const [value] = values;
    const radius = node.radius && this.constant(node.radius);
    if (node.radius && node.name.text !== 'sparse') {
      this.report.error(node.radius.range, `\`${node.name.text}\` has no radius; \`sparse(density)\` has.`);
    }
    const say = (range: Range, message: string) => this.report.error(range, message);
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
        if (radius !== null && radius < 0) say(node.radius!.range, 'A spectral radius is not negative.');
        return { kind: 'sparse', density: value, radius };
      default:
        return { kind: node.name.text as 'identity' | 'orthogonal' | 'glorot' };
    }
  }

  private fits(initialiser: Initialiser, target: Name, node: InitialiserNode | Node): boolean {
    const matrix = this.matrices.get(target.text);
    const word = node.kind === 'initialiser' ? initialisers.get(node.name.text) : undefined;
    if (word?.matrix && !matrix) {
      this.report.error(
        node.range,
        `\`${this.source(node)}\` is for a matrix, and \`${target.text}\` is a vector.`,
      );
      return false;
    }
    if (initialiser.kind === 'sparse' && initialiser.radius !== null && matrix) {
      const [rows, columns] = [resolve(matrix.rows), resolve(matrix.columns)];
      if (rows !== columns) {
        const shape = `${this.width(rows)}×${this.width(columns)}`;
        this.report.error(
          node.range,
          `Only a square matrix has a spectral radius; \`${target.text}\` is ${shape}.`,
        );
        return false;
      }
    }
    return true;
  }

  private readFixed(): Set<string> {
    const fixed = new Set<string>();
    for (const statement of this.section.statements) {
      if (statement.kind !== 'fixed') continue;
      for (const target of statement.targets) {
        this.occurs(target, null, false);
        if (this.isParameter(target)) fixed.add(target.text);
      }
    }
    return fixed;
  }

  private readInitialStates(): Map<string, InitialState> {
    const states = new Map<string, InitialState>();
    for (const statement of this.section.statements) {
      if (statement.kind !== 'initial') continue;
      const { target, first } = statement;
      const name = target.text;
      this.occurs(target, null, false);
      const value = statement.value ? this.constant(statement.value) : 0;
      if (first && (!Number.isInteger(first.value) || first.value < 1)) {
        this.report.error(first.range, 'This is a number of units: a whole number from 1.');
      }
      if (states.has(name)) {
        const mend = remove(statement.range, 'Remove this line');
        this.report.error(
          statement.range,
          `\`${name}[0]\` has a value already; only the first counts.`,
          mend,
        );
      } else if (name === 'x' || (name === 'y' && !this.equations.has('y'))) {
        this.report.error(statement.range, `\`${name}[0]\` comes from outside the cell, and is zero.`);
      } else if (this.equations.has(name)) {
        states.set(name, {
          kind: statement.learned ? 'learned' : 'constant',
          value,
          first: first?.value ?? null,
        });
        if (this.maxLag(name) === 0) {
          this.report.warn(
            statement.range,
            `Nothing reads \`${name}[t-1]\`, and so nothing sees \`${name}[0]\`.`,
          );
        }
      } else {
        this.unknown(target, this.equations.keys(), `\`${name}[t]\` has no equation`);
      }
    }
    return states;
  }

  private readOutput(): string | null {
    const said = this.section.statements.filter((statement) => statement.kind === 'output');
    for (const { range } of said.slice(1)) {
      this.report.error(
        range,
        'The cell has an output already; only the first counts.',
        remove(range, 'Remove this line'),
      );
    }
    if (said.length > 0) {
      const [{ target }] = said;
      this.occurs(target, 0, false);
      if (this.equations.has(target.text)) return target.text;
      this.unknown(target, this.equations.keys(), `\`${target.text}[t]\` has no equation`);
      return null;
    }
    if (this.equations.has('h')) return 'h';
    const last = [...this.equations.keys()].pop();
    if (last) {
      const mend = insert(this.section.range.to, `\n  output ${last}[t]`, `Insert \`output ${last}[t]\``);
      const message = `Which vector does the next layer see? There is no \`h[t]\`: say \`output ${last}[t]\`.`;
      this.report.error(this.section.header, message, mend);
    } else if (this.section.statements.length > 0) {
      this.report.error(
        this.section.header,
        'The cell has no equation that can be read, such as `h[t] = …`.',
      );
    }
    return null;
  }

  private warnUnused(output: string | null): void {
    for (const [name, { target }] of this.equations) {
      const read = this.occurrences.get(name)!.some(({ defines, lag }) => !defines && lag !== null);
      if (!read && output !== null && name !== output) {
        this.report.warn(target.range, `Nothing reads \`${name}[t]\`: it changes no output.`);
      }
    }
    for (const [name, { target, range }] of this.constants) {
      if (this.occurrences.get(name)!.every(({ defines }) => defines)) {
        this.report.warn(
          target.range,
          `Nothing reads the constant \`${name}\`.`,
          remove(range, 'Remove this line'),
        );
      }
    }
  }

  private maxLag(name: string): number {
    const lags = this.occurrences.get(name) ?? [];
    return lags.reduce((most, { lag }) => Math.max(most, lag ?? 0), 0);
  }

  private build(
    ordered: readonly string[],
    drafts: ReadonlyMap<string, Draft>,
    output: string,
    said: {
      initialiser: ReadonlyMap<string, Initialiser>;
      fixed: ReadonlySet<string>;
      initial: ReadonlyMap<string, InitialState>;
    },
  ): CheckedCell {
    const trained = (name: string) => !said.fixed.has(name);
    const matrices = [...this.matrices].map(([name, { rows, columns }]): Parameter => {
      const initialiser = said.initialiser.get(name) ?? { kind: 'glorot' };
      return {
        name,
        kind: 'matrix',
        rows: resolve(rows),
        columns: resolve(columns),
        initialiser,
        trained: trained(name),
      };
    });
    const biases = [...this.biases].map(([name, width]): Parameter => {
      const initialiser = said.initialiser.get(name) ?? { kind: 'constant', value: 0 };
      return { name, kind: 'vector', rows: resolve(width), columns: 1, initialiser, trained: trained(name) };
    });
    return {
      name: this.section.name.text,
      equations: ordered.map((name) => ({
        name,
        width: resolve(this.vectors.get(name)!),
        value: built(drafts.get(name)!),
        maxLag: this.maxLag(name),
        initial: said.initial.get(name) ?? { kind: 'constant', value: 0, first: null },
      })),
      parameters: [...matrices, ...biases],
      output,
      outputLag: this.equations.has('y') ? 0 : this.maxLag('y'),
    };
  }

  private symbols(): Map<string, CellSymbol> {
    const found = new Map<string, CellSymbol>();
    const add = (name: string, role: Role, rows: Width, more: Partial<CellSymbol> = {}) => {
      const occurrences = this.occurrences.get(name) ?? [];
      const symbol = { name, role, rows, columns: null, definition: null, value: null, occurrences, ...more };
      if (occurrences.length > 0) found.set(name, symbol);
    };
    for (const [name, width] of this.vectors) {
      const definition = this.equations.get(name) ?? null;
      const outside = name === 'x' ? 'input' : 'network output';
      add(name, definition ? 'vector' : outside, resolve(width), { definition });
    }
    for (const [name, { rows, columns }] of this.matrices) {
      add(name, 'matrix', resolve(rows), { columns: resolve(columns) });
    }
    for (const [name, width] of this.biases) add(name, 'bias', resolve(width));
    for (const [name, definition] of this.constants) {
      add(name, 'constant', 1, { definition, value: this.numbers.get(name) ?? null });
    }
    return found;
  }

  private occurs({ text: name, range }: Name, lag: number | null, defines: boolean): void {
    const list = this.occurrences.get(name);
    const occurrence = { range, lag, defines };
    if (list) list.push(occurrence);
    else this.occurrences.set(name, [occurrence]);
  }

  private source(node: { readonly range: Range }): string {
    return this.text.slice(node.range.from, node.range.to).replace(/\s+/g, ' ');
  }

  private width(width: Width): string {
    return String(this.widths ? widthOf(width, this.widths) : width);
  }
}

/** What stands for an expression of which nothing is known; a cell that holds one has an error already. */
const open = (): Draft => ({
  term: term(),
  build: () => {
    throw new Error('A cell with an error was built.');
  },
});

const built = (draft: Draft): Expression =>
  'number' in draft ? { kind: 'number', value: draft.number, width: 1 } : draft.build();

const count = (n: number): string => (n === 0 ? 'no values' : n === 1 ? 'one value' : `${n} values`);

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

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of children(node)) yield* walk(child);
}

const collectAt = (node: Node) => [...walk(node)].filter((part) => part.kind === 'at');

const hasMissing = (node: Node): boolean => [...walk(node)].some(({ kind }) => kind === 'missing');

function collectPlain(node: Node, into: Set<string>): void {
  for (const part of walk(node)) if (part.kind === 'name') into.add(part.text);
}
