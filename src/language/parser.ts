// Tokens → syntax tree, one statement a line. Every line is parsed for itself: a mistake ends its line at
// worst, and what could be read of it stays in the tree.

import { readLines, type Token } from './lexer.ts';
import { insert, type Range, Report, remove, replace } from './source.ts';
import type {
  InitialiserNode,
  Name,
  Node,
  NumberNode,
  Operator,
  Section,
  Setting,
  SourceFile,
  Statement,
  Word,
} from './syntax.ts';
import { functions, initialisers, isMatrixName, nearest, sectionWords, statementWords } from './words.ts';

/**
 * Bounds what one statement can hold, and with it the depth of its tree, so that no text overflows the stack
 * here or in what walks the tree. The longest line of a textbook has about 30 of these.
 */
const statementLimit = 500;

type Header =
  | { readonly kind: 'cell'; readonly name: Name; readonly range: Range }
  | { readonly kind: 'model' | 'train'; readonly range: Range };

/** The syntax tree of any text at all; what is wrong goes to `report`. */
export function parse(text: string, report = new Report()): SourceFile {
  const { lines, comments } = readLines(text, report);
  const parts: { header: Header; body: (Statement | Setting)[] }[] = [];
  for (const tokens of lines) {
    const parser = new LineParser(text, tokens, report);
    const header = parser.header();
    if (header) {
      parts.push({ header, body: [] });
    } else {
      if (parts.length === 0) {
        const { from } = tokens[0].range;
        const mend = insert(from, 'cell MyCell\n  ', 'Begin with `cell MyCell`');
        report.error(tokens[0].range, 'This belongs to no cell yet: begin with `cell NAME`.', mend);
        const range = { from, to: from };
        parts.push({ header: { kind: 'cell', name: { kind: 'name', text: '', range }, range }, body: [] });
      }
      const { header, body } = parts[parts.length - 1];
      const read = header.kind === 'cell' ? parser.statement() : parser.setting(header.kind);
      if (read) body.push(read);
    }
    parser.end();
  }
  return { text, sections: parts.map(({ header, body }) => toSection(header, body)), comments };
}

function toSection(header: Header, body: (Statement | Setting)[]): Section {
  const to = body[body.length - 1]?.range.to ?? header.range.to;
  const places = { header: header.range, range: { from: header.range.from, to } };
  return header.kind === 'cell'
    ? { kind: 'cell', name: header.name, statements: body as Statement[], ...places }
    : { kind: header.kind, settings: body as Setting[], ...places };
}

const precedence = new Map<string, number>([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['/', 2],
]);

class LineParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #report: Report;
  #position = 0;
  #size = 0;
  /** After a mistake, what is left of the line says nothing new. */
  #lost = false;

  constructor(text: string, tokens: readonly Token[], report: Report) {
    this.#text = text;
    this.#tokens = tokens;
    this.#report = report;
  }

  header(): Header | null {
    const [first, second] = this.#tokens;
    if (first.kind !== 'name' || !sectionWords.has(first.text)) return null;
    if (second?.text === '[' || second?.text === '=') return null;
    this.#position = 1;
    if (first.text !== 'cell') return { kind: first.text as 'model' | 'train', range: first.range };
    const name = this.#name('the name of the cell');
    return { kind: 'cell', name, range: this.#since(first.range.from) };
  }

  statement(): Statement | null {
    const [first, second] = this.#tokens;
    if (first.kind === 'name' && statementWords.has(first.text) && !['[', '='].includes(second?.text)) {
      this.#position = 1;
      return this.#worded(first);
    }
    if (first.kind !== 'name') {
      this.#fail(first.range, 'A line begins with the name that it defines, as in `h[t] = tanh(W x[t])`.');
      return null;
    }
    const target = this.#name('a name');
    if (!this.#sees('[')) {
      const likely = nearest(first.text, statementWords.keys());
      const mend = likely && second?.kind === 'name' ? replace(first.range, likely) : undefined;
      if (!this.#expect('=', `After \`${first.text}\`, \`=\` and its value are missing.`, mend)) return null;
      const value = this.#expression();
      return { kind: 'constant', target, value, range: this.#since(target.range.from) };
    }
    const index = this.#index();
    const indexRange = this.#since(target.range.from);
    const shown = this.#text.slice(indexRange.from, indexRange.to);
    if (!this.#expect('=', `After \`${shown}\`, \`=\` and its value are missing.`)) return null;
    if (index === 'start') return this.#initial(target);
    if (typeof index === 'number' && index !== 0) {
      const mend = replace(
        { from: target.range.to, to: indexRange.to },
        '[t]',
        `Write \`${target.text}[t]\``,
      );
      const message = `An equation says what \`${target.text}[t]\` is; \`${shown}\` can only be read.`;
      this.#report.error(indexRange, message, mend);
    }
    const value = this.#expression();
    return { kind: 'equation', target, value, range: this.#since(target.range.from) };
  }

  setting(section: 'model' | 'train'): Setting | null {
    const [first, second] = this.#tokens;
    if (first.kind !== 'name') {
      this.#fail(first.range, `A line of \`${section}\` is a name, \`=\` and a value.`);
      return null;
    }
    if (second?.text === '[') {
      this.#fail(first.range, 'An equation belongs to a cell: put it below its `cell NAME`.');
      return null;
    }
    const name = this.#name('a name');
    if (!this.#takes('=')) {
      const mend = second && insert(first.range.to, ' =', 'Insert `=`');
      this.#report.error(first.range, `After \`${first.text}\`, \`=\` is missing.`, mend);
    }
    const items: Word[][] = [[]];
    for (let token = this.#peek(); token; token = this.#peek()) {
      const item = items[items.length - 1];
      if (token.text === ',') {
        this.#position++;
        items.push([]);
      } else if (token.kind === 'name') {
        item.push(this.#name('a value'));
      } else if (token.kind === 'number' || token.text === '-') {
        const number = this.#number('a value');
        if (!number) break;
        item.push(number);
      } else {
        break;
      }
    }
    const empty = items.some(({ length }) => length === 0);
    if (empty && !this.#lost) this.#fail(this.#here(), `\`${name.text}\` has no value here.`);
    return { kind: 'setting', name, items, range: this.#since(name.range.from) };
  }

  /** Reports what is left of the line, once. */
  end(): void {
    const token = this.#peek();
    if (!token || this.#lost) return;
    const { text, range } = token;
    if (text === ')' || text === ']') {
      this.#fail(range, `This \`${text}\` closes nothing.`, remove(range, `Remove \`${text}\``));
    } else {
      this.#fail(range, `The statement should end before \`${text}\`.`);
    }
  }

  // Statements that begin with a word.

  #worded(word: Token): Statement | null {
    const { from } = word.range;
    switch (word.text) {
      case 'init': {
        const targets = this.#names('init');
        if (!this.#expect('=', 'After the name, `=` and an initial value are missing.')) return null;
        return { kind: 'init', targets, value: this.#initialiser(), range: this.#since(from) };
      }
      case 'fixed':
        return { kind: 'fixed', targets: this.#names('fixed'), range: this.#since(from) };
      case 'output': {
        const target = this.#name('the name of a vector');
        const bracket = this.#here();
        if (this.#sees('[') && this.#index() !== 0 && !this.#lost) {
          this.#fail(bracket, `The output is a vector of this step: \`${target.text}[t]\`.`);
        }
        return { kind: 'output', target, range: this.#since(from) };
      }
      default: {
        const target = this.#name('the name of a vector');
        if (!this.#expect('=', 'After the name, `=` and a number of units are missing.')) return null;
        const next = this.#peek();
        const value = next?.kind === 'name' ? this.#name('') : this.#number('a number of units');
        return value && { kind: 'width', target, value, range: this.#since(from) };
      }
    }
  }

  #initial(target: Name): Statement {
    const learned = this.#takes('learned');
    let value: Node | null = null;
    if (!learned || this.#takes('from')) value = this.#expression('first');
    const first = this.#takes('first') ? this.#number('a number of units') : null;
    return { kind: 'initial', target, learned, value, first, range: this.#since(target.range.from) };
  }

  #initialiser(): InitialiserNode | Node {
    const token = this.#peek();
    if (token?.kind !== 'name' || !initialisers.has(token.text)) return this.#expression('radius');
    const name = this.#name('');
    const called = this.#sees('(') ? this.#arguments() : [];
    const radius = this.#takes('radius') ? this.#expression() : null;
    return { kind: 'initialiser', name, arguments: called, radius, range: this.#since(name.range.from) };
  }

  #names(word: string): Name[] {
    const names = [this.#name(`a name after \`${word}\``)];
    while (this.#takes(',')) names.push(this.#name('a name after `,`'));
    return names.filter(({ text }) => text !== '');
  }

  // Expressions. `stop` is a word that ends the expression where a further operand would be a mistake.

  #expression(stop = '', least = 1): Node {
    let left = this.#unary(stop);
    for (let token = this.#peek(); token && this.#room(); token = this.#peek()) {
      const binding = precedence.get(token.text);
      if (binding === undefined || binding < least || token.kind !== 'mark') break;
      left = this.#binary(left, this.#next(), this.#expression(stop, binding + 1));
    }
    return left;
  }

  #unary(stop: string): Node {
    const token = this.#peek();
    if (token?.text !== '-' || !this.#room()) return this.#power(stop);
    this.#position++;
    const operand = this.#unary(stop);
    return { kind: 'negate', operand, range: { from: token.range.from, to: operand.range.to } };
  }

  #power(stop: string): Node {
    const base = this.#application(stop);
    return this.#sees('^') && this.#room() ? this.#binary(base, this.#next(), this.#unary(stop)) : base;
  }

  #binary(left: Node, sign: Token, right: Node): Node {
    const range = { from: left.range.from, to: right.range.to };
    const written = this.#text.slice(sign.range.from, sign.range.to);
    return { kind: 'binary', operator: sign.text as Operator, sign: written, left, right, range };
  }

  /** `W x[t]`, `W U x[t]`, or one operand; two operands with nothing between them want a `*`. */
  #application(stop: string): Node {
    const token = this.#peek();
    if (token?.kind === 'name' && isMatrixName(token.text) && !this.#misspeltFunction(token)) {
      const matrix = this.#name('');
      if (!this.#atOperand(stop) || !this.#room()) return this.#sees('[') ? this.#at(matrix) : matrix;
      const operand = this.#application(stop);
      return { kind: 'product', matrix, operand, range: { from: token.range.from, to: operand.range.to } };
    }
    let left = this.#primary(stop);
    while (this.#atOperand(stop) && !this.#lost && this.#room()) {
      const gap = { from: left.range.to, to: this.#peek()!.range.from };
      left = this.#binary(left, { kind: 'mark', text: '*', range: gap }, this.#application(stop));
      const shown = this.#text.slice(left.range.from, left.range.to);
      const message =
        `\`${shown}\`: only a matrix, with a capital letter, stands directly before what it multiplies. ` +
        'Unit by unit, multiply with `*`.';
      this.#report.error(left.range, message, replace(gap, ' * ', 'Insert `*`'));
    }
    return left;
  }

  #primary(stop: string): Node {
    const token = this.#peek();
    if (!token || !this.#atOperand(stop)) return this.#missing();
    if (token.kind === 'number') return this.#number('a number') ?? this.#missing();
    if (token.kind === 'mark') {
      this.#position++;
      const inner = this.#room() ? this.#expression() : this.#missing();
      this.#close(')', token);
      return { kind: 'group', inner, range: this.#since(token.range.from) };
    }
    const name = this.#name('');
    if (this.#sees('[')) return this.#at(name);
    const misspelt = this.#misspeltFunction(token);
    const isFunction = functions.has(name.text) || misspelt !== undefined;
    const opening = this.#peek();
    if (opening?.text === '(' && (isFunction || opening.range.from === token.range.to)) {
      if (misspelt) {
        const message = `A function has a small letter: \`${misspelt}\`.`;
        this.#report.error(name.range, message, replace(name.range, misspelt));
      }
      const known = misspelt ? { ...name, text: misspelt } : name;
      const values = this.#room() ? this.#arguments() : [];
      return { kind: 'call', function: known, arguments: values, range: this.#since(token.range.from) };
    }
    return isFunction && this.#atOperand(stop) && this.#room() ? this.#bareCall(name, stop) : name;
  }

  /** `Tanh(`: a capital letter would make it a matrix. */
  #misspeltFunction({ text }: Token): string | undefined {
    const plain = text.toLowerCase();
    return text !== plain && functions.has(plain) ? plain : undefined;
  }

  /** `tanh W x[t]`, as some books have it. */
  #bareCall(name: Name, stop: string): Node {
    const operand = this.#application(stop);
    const gap = { from: name.range.to, to: operand.range.from };
    this.#report.error(name.range, `Put what \`${name.text}\` is applied to in parentheses.`, {
      title: 'Insert parentheses',
      edits: [
        { range: gap, text: '(' },
        { range: { from: operand.range.to, to: operand.range.to }, text: ')' },
      ],
    });
    return { kind: 'call', function: name, arguments: [operand], range: this.#since(name.range.from) };
  }

  #at(name: Name): Node {
    const lag = this.#index();
    const range = this.#since(name.range.from);
    if (lag === 'start') {
      const message = `\`${name.text}[0]\` can only be given a value. Read the step before: \`${name.text}[t-1]\`.`;
      this.#report.error(range, message, replace(range, `${name.text}[t-1]`));
      return { kind: 'missing', range };
    }
    return lag === null ? { kind: 'missing', range } : { kind: 'at', name, lag, range };
  }

  /** `[t]` is 0, `[t-1]` is 1, `[t+1]` is -1, `[0]` is the start; null where it is none of these. */
  #index(): number | 'start' | null {
    const opening = this.#next();
    let lag: number | 'start' | null = null;
    if (this.#takes('0')) {
      lag = 'start';
    } else if (this.#takes('t')) {
      const ahead = this.#sees('+');
      if (!ahead && !this.#sees('-')) {
        lag = 0;
      } else {
        this.#position++;
        const steps = Number(this.#peek()?.kind === 'number' ? this.#next().text : Number.NaN);
        if (Number.isSafeInteger(steps)) lag = ahead ? -steps : steps;
      }
    }
    if (lag === null) {
      const range = this.#since(opening.range.from);
      while (this.#peek() && !this.#sees(']')) this.#position++;
      const whole = this.#sees(']') ? { from: range.from, to: this.#peek()!.range.to } : range;
      this.#report.error(whole, 'A step is written `[t]`, `[t-1]`, `[t-2]` …, and the start `[0]`.');
      if (this.#sees(']')) this.#position++;
      else this.#lost = true;
      return null;
    }
    this.#close(']', opening);
    return lag;
  }

  #arguments(): Node[] {
    const opening = this.#next();
    if (this.#takes(')')) return [];
    const values = [this.#expression()];
    while (this.#takes(',')) values.push(this.#expression());
    this.#close(')', opening);
    return values;
  }

  // Tokens.

  #peek(): Token | undefined {
    return this.#tokens[this.#position];
  }

  #next(): Token {
    return this.#tokens[this.#position++];
  }

  #sees(text: string): boolean {
    return this.#peek()?.text === text;
  }

  #takes(text: string): boolean {
    const found = this.#sees(text);
    if (found) this.#position++;
    return found;
  }

  #atOperand(stop: string): boolean {
    const token = this.#peek();
    return (
      token !== undefined && (token.kind !== 'mark' || token.text === '(') && token.text !== (stop || null)
    );
  }

  #name(what: string): Name {
    const token = this.#peek();
    if (token?.kind === 'name') return { kind: 'name', text: this.#next().text, range: token.range };
    const range = this.#here();
    this.#fail(range, `Here should stand ${what}.`);
    return { kind: 'name', text: '', range };
  }

  #number(what: string): NumberNode | null {
    const minus = this.#takes('-') ? '-' : '';
    const from = this.#tokens[this.#position - (minus ? 1 : 0)]?.range.from ?? this.#here().from;
    const token = this.#peek();
    if (token?.kind !== 'number') {
      this.#fail(this.#here(), `Here should stand ${what}.`);
      return null;
    }
    const written = minus + this.#next().text;
    const range = { from, to: token.range.to };
    const value = Number(written);
    if (!Number.isFinite(value)) this.#report.error(range, `\`${written}\` is too large a number.`);
    return { kind: 'number', value, text: written, range };
  }

  #expect(mark: string, message: string, mend?: ReturnType<typeof replace>): boolean {
    if (this.#takes(mark)) return true;
    this.#fail(mend ? mend.edits[0].range : this.#here(), message, mend);
    return false;
  }

  #close(mark: string, opening: Token): void {
    if (this.#takes(mark) || this.#lost) return;
    const at = this.#tokens[this.#position - 1].range.to;
    const message = `This \`${opening.text}\` is never closed.`;
    this.#fail(opening.range, message, insert(at, mark, `Insert \`${mark}\``));
  }

  #missing(): Node {
    const range = this.#here();
    const before = this.#tokens[this.#position - 1];
    const after = this.#peek();
    const place = before ? `after \`${before.text}\`` : `before \`${after?.text}\``;
    this.#fail(range, `A value is missing ${place}.`);
    return { kind: 'missing', range };
  }

  /** Counts one more node; false, and said once, where the statement holds too many. */
  #room(): boolean {
    if (++this.#size <= statementLimit) return true;
    const message = 'This statement is too long to follow: give parts of it names of their own.';
    this.#fail(this.#since(this.#tokens[0].range.from), message);
    return false;
  }

  #fail(range: Range, message: string, mend?: ReturnType<typeof replace>): void {
    if (!this.#lost) this.#report.error(range, message, mend);
    this.#lost = true;
  }

  /** The token to come, or the end of the line. */
  #here(): Range {
    const end = this.#tokens[this.#tokens.length - 1].range.to;
    return this.#peek()?.range ?? { from: end, to: end };
  }

  #since(from: number): Range {
    return { from, to: Math.max(from, this.#tokens[Math.max(0, this.#position - 1)].range.to) };
  }
}
