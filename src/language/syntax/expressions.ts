// Parses tokens into expressions by precedence. `stop` is a word that ends an expression where another
// operand would be a mistake.

import type { Index } from '../cell.ts';
import { functions, isMatrixName } from '../words.ts';
import type { Token } from './lexer.ts';
import { Reader } from './reader.ts';
import { excerpt, replace } from './source.ts';
import type { Name, Node, Operator } from './syntax.ts';

const precedence = new Map<string, number>([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['·', 2],
  ['/', 2],
]);
export class ExpressionReader extends Reader {
  protected expression(stop = '', least = 1): Node {
    let left = this.#unary(stop);
    for (let token = this.peek(); token && this.room(); token = this.peek()) {
      const binding = precedence.get(token.text);
      if (binding === undefined || binding < least || token.kind !== 'mark') break;
      left = this.#binary(left, this.next(), this.expression(stop, binding + 1));
    }
    return left;
  }

  #unary(stop: string): Node {
    const token = this.peek();
    if (token?.text !== '-' || !this.room()) return this.#power(stop);
    this.position++;
    const operand = this.#unary(stop);
    return { kind: 'negate', operand, range: { from: token.range.from, to: operand.range.to } };
  }

  #power(stop: string): Node {
    const base = this.#application(stop);
    return this.sees('^') && this.room() ? this.#binary(base, this.next(), this.#unary(stop)) : base;
  }

  #binary(left: Node, sign: Token, right: Node): Node {
    const range = { from: left.range.from, to: right.range.to };
    const written = this.text.slice(sign.range.from, sign.range.to);
    return { kind: 'binary', operator: sign.text as Operator, sign: written, left, right, range };
  }

  /**
   * Parses `W x[t]`, `W U x[t]`, `Wᵀ x[t]`, or one operand; two adjacent operands are reported, since they need a `*`.
   */
  #application(stop: string): Node {
    const token = this.peek();
    if (token?.kind === 'name' && isMatrixName(token.text) && !this.#misspeltFunction(token)) {
      const start = this.position;
      const { matrix, transpose } = this.#matrix();
      if (!this.#atOperand(stop) || !this.room()) {
        // A name that multiplies nothing is no matrix, so that nothing of it is a transpose.
        this.position = start;
        const name = this.name('');
        if (this.#atVectors()) return this.#stacked(name);
        return this.sees('[') ? this.at(name) : name;
      }
      const operand = this.#application(stop);
      const range = { from: token.range.from, to: operand.range.to };
      return { kind: 'product', matrix, transpose, operand, range };
    }
    let left = this.#primary(stop);
    while (this.#atOperand(stop) && !this.lost && this.room()) {
      const gap = { from: left.range.to, to: this.peek()!.range.from };
      left = this.#binary(left, { kind: 'mark', text: '*', range: gap }, this.#application(stop));
      const { range } = left;
      const message = () =>
        `\`${excerpt(this.text, range)}\`: only a matrix, with a capital letter, stands directly before what it multiplies. ` +
        'Unit by unit, multiply with `*`.';
      this.report.error(range, message, replace(gap, ' * ', 'Insert `*`'));
    }
    return left;
  }

  /** Returns whether what comes next are vectors in brackets, `[h[t-1], x[t]]`, and no index. */
  #atVectors(): boolean {
    const [opening, name, bracket] = this.tokens.slice(this.position, this.position + 3);
    return opening?.text === '[' && name?.kind === 'name' && bracket?.text === '[';
  }

  /** Parses `W [h[t-1], x[t]]`, which books write for two products, and reports it. */
  #stacked(matrix: Name): Node {
    const opening = this.next();
    const parts = [this.expression()];
    while (this.takes(',')) parts.push(this.expression());
    this.close(']', opening);
    const range = this.since(matrix.range.from);
    const products = parts.map((operand): Node & { readonly kind: 'product' } => {
      const text = `${matrix.text}${matrix.text.includes('_') ? '' : '_'}${operand.kind === 'at' ? operand.name.text : ''}`;
      return { kind: 'product', matrix: { ...matrix, text }, transpose: null, operand, range };
    });
    const written = products
      .map(({ matrix: { text }, operand }) => `${text} ${excerpt(this.text, operand.range)}`)
      .join(' + ');
    const isPlain = parts.every(({ kind }) => kind === 'at');
    this.report.error(
      range,
      `Vectors are not put one above the other: each has a matrix of its own, as in \`${isPlain ? written : 'W x[t] + U h[t-1]'}\`.`,
      isPlain ? replace(range, written) : undefined,
    );
    const [first, ...rest] = products;
    const sum = (left: Node, right: Node): Node => ({
      kind: 'binary',
      operator: '+',
      sign: '+',
      left,
      right,
      range,
    });
    return rest.reduce(sum, first);
  }

  /** Parses the name of a matrix and, behind it, `ᵀ` or `^T`. */
  #matrix(): { matrix: Name; transpose: 'ᵀ' | '^T' | null } {
    const matrix = this.name('');
    const { text, range } = matrix;
    if (text.length > 1 && text.endsWith('ᵀ')) {
      const named = { ...matrix, text: text.slice(0, -1), range: { from: range.from, to: range.to - 1 } };
      return { matrix: named, transpose: 'ᵀ' };
    }
    const isTransposed = this.sees('^') && this.tokens[this.position + 1]?.text === 'T';
    if (isTransposed) this.position += 2;
    return { matrix, transpose: isTransposed ? '^T' : null };
  }

  #primary(stop: string): Node {
    const token = this.peek();
    if (!token || !this.#atOperand(stop)) return this.missing();
    if (token.kind === 'number') return this.number('a number') ?? this.missing();
    if (token.kind === 'mark') {
      this.position++;
      const inner = this.room() ? this.expression() : this.missing();
      this.close(')', token);
      return { kind: 'group', inner, range: this.since(token.range.from) };
    }
    const name = this.name('');
    if (this.sees('[') || (!functions.has(name.text) && this.atRoundStep())) return this.at(name);
    const misspelt = this.#misspeltFunction(token);
    const isFunction = functions.has(name.text) || misspelt !== undefined;
    const opening = this.peek();
    if (opening?.text === '(' && (isFunction || opening.range.from === token.range.to)) {
      if (misspelt) {
        const message = `A function has a small letter: \`${misspelt}\`.`;
        this.report.error(name.range, message, replace(name.range, misspelt));
      }
      const known = misspelt ? { ...name, text: misspelt } : name;
      const values = this.room() ? this.arguments() : [];
      return { kind: 'call', function: known, arguments: values, range: this.since(token.range.from) };
    }
    if (isFunction && this.sees('over')) return this.#over(name);
    return isFunction && this.#atOperand(stop) && this.room() ? this.#bareCall(name, stop) : name;
  }

  /** Parses `softmax over s (e[t,s])`, from `over` on. */
  #over(name: Name): Node {
    this.next();
    const index = this.name('the index `s` after `over`');
    const opening = this.peek();
    if (opening?.text !== '(') {
      const message = `What \`${name.text} over ${index.text}\` is applied to stands in parentheses.`;
      this.fail(index.range, message);
      return { kind: 'missing', range: this.since(name.range.from) };
    }
    this.position++;
    const operand = this.room() ? this.expression() : this.missing();
    this.close(')', opening);
    return { kind: 'over', function: name, index, operand, range: this.since(name.range.from) };
  }

  /** Returns the function meant by a name such as `Tanh`, whose capital letter would make it a matrix. */
  #misspeltFunction({ text }: Token): string | undefined {
    const plain = text.toLowerCase();
    return text !== plain && functions.has(plain) ? plain : undefined;
  }

  /** Parses `tanh W x[t]`, a notation of some books, and reports it. */
  #bareCall(name: Name, stop: string): Node {
    const operand = this.#application(stop);
    const gap = { from: name.range.to, to: operand.range.from };
    this.report.error(name.range, `Put what \`${name.text}\` is applied to in parentheses.`, {
      title: 'Insert parentheses',
      edits: [
        { range: gap, text: '(' },
        { range: { from: operand.range.to, to: operand.range.to }, text: ')' },
      ],
    });
    return { kind: 'call', function: name, arguments: [operand], range: this.since(name.range.from) };
  }

  protected at(name: Name): Node {
    const place = this.index();
    const range = this.since(name.range.from);
    if (place === 'start') {
      const message = `\`${name.text}[0]\` can only be given a value. Read the step before: \`${name.text}[t-1]\`.`;
      this.report.error(range, message, replace(range, `${name.text}[t-1]`));
      return { kind: 'missing', range };
    }
    return place === null ? { kind: 'missing', range } : { kind: 'at', name, ...place, range };
  }

  /** Returns whether what comes next is a step in parentheses, `(t)` or `(t-1)`, as some books write it. */
  protected atRoundStep(): boolean {
    const [opening, step, sign, , closing] = this.tokens.slice(this.position, this.position + 5);
    if (opening?.text !== '(' || step?.text !== 't') return false;
    return sign?.text === ')' || ((sign?.text === '-' || sign?.text === '+') && closing?.text === ')');
  }

  /** Reports a step in parentheses, and parses it as if it stood in brackets. */
  #roundIndex(): { readonly index: Index; readonly lag: number } | null {
    const [{ range: name }, opening] = this.tokens.slice(this.position - 1, this.position + 1);
    this.position += 2;
    const lag = this.#lag();
    const { range } = this.next();
    const inside = this.text.slice(opening.range.to, range.from);
    const step = `${this.text.slice(name.from, name.to)}[${inside}]`;
    const place = { from: opening.range.from, to: range.to };
    const message = `The step is written in brackets: \`${step}\`.`;
    this.report.error(this.since(name.from), message, replace(place, `[${inside}]`));
    return lag === null ? null : { index: 't', lag };
  }

  /**
   * Parses an index: `[t]` is lag 0, `[t-1]` is 1, `[t+1]` is -1, `[s]` and `[t,s]` have a position, `[0]` is the
   * start; anything else is null.
   */
  protected index(): { readonly index: Index; readonly lag: number } | 'start' | null {
    if (this.sees('(')) return this.#roundIndex();
    const opening = this.next();
    let found: { index: Index; lag: number } | 'start' | null = null;
    if (this.takes('0')) found = 'start';
    else if (this.takes('s')) found = this.#position(opening);
    else if (this.takes('t')) {
      const lag = this.#lag();
      if (lag !== null) found = { index: this.takes(',') ? 't,s' : 't', lag };
      if (found?.index === 't,s' && !this.takes('s')) found = null;
    }
    if (found === null || !this.sees(']')) {
      const range = this.since(opening.range.from);
      while (this.peek() && !this.sees(']')) this.position++;
      const whole = this.sees(']') ? { from: range.from, to: this.peek()!.range.to } : range;
      if (found === null || this.sees(']')) {
        this.report.error(
          whole,
          'A step is written `[t]`, `[t-1]`, `[t-2]` …, the start `[0]`, a position of the source `[s]`, and both `[t,s]`.',
        );
        if (this.sees(']')) this.position++;
        else this.lost = true;
        return null;
      }
    }
    this.close(']', opening);
    return found;
  }

  /** Parses what follows `t`. @returns the number of steps back, or null where it is not one */
  #lag(): number | null {
    const ahead = this.sees('+');
    if (!ahead && !this.sees('-')) return 0;
    this.position++;
    const steps = Number(this.peek()?.kind === 'number' ? this.next().text : Number.NaN);
    return Number.isSafeInteger(steps) ? (ahead ? -steps : steps) : null;
  }

  /** Parses what follows `s`: nothing, or a step, which is reported since it comes first. */
  #position(opening: Token): { index: Index; lag: number } | null {
    if (!this.takes(',')) return { index: 's', lag: 0 };
    const lag = this.takes('t') ? this.#lag() : null;
    if (lag === null || !this.sees(']')) return null;
    const inside = { from: opening.range.to, to: this.peek()!.range.from };
    const [, step] = this.text.slice(inside.from, inside.to).split(',');
    const written = `${step.trim()},s`;
    this.report.error(inside, `The step comes first: \`[${written}]\`.`, replace(inside, written));
    return { index: 't,s', lag };
  }

  protected arguments(): Node[] {
    const opening = this.next();
    if (this.takes(')')) return [];
    const values = [this.expression()];
    while (this.takes(',')) values.push(this.expression());
    this.close(')', opening);
    return values;
  }

  #atOperand(stop: string): boolean {
    const token = this.peek();
    return (
      token !== undefined && (token.kind !== 'mark' || token.text === '(') && token.text !== (stop || null)
    );
  }
}
