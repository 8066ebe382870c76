// Parses tokens into expressions by precedence. `stop` is a word that ends an expression where another
// operand would be a mistake.

import type { Token } from './lexer.ts';
import { Reader } from './reader.ts';
import { excerpt, replace } from './source.ts';
import type { Name, Node, Operator } from './syntax.ts';
import { functions, isMatrixName } from './words.ts';

const precedence = new Map<string, number>([
  ['+', 1],
  ['-', 1],
  ['*', 2],
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
    if (this.sees('[')) return this.at(name);
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
    return isFunction && this.#atOperand(stop) && this.room() ? this.#bareCall(name, stop) : name;
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
    const lag = this.index();
    const range = this.since(name.range.from);
    if (lag === 'start') {
      const message = `\`${name.text}[0]\` can only be given a value. Read the step before: \`${name.text}[t-1]\`.`;
      this.report.error(range, message, replace(range, `${name.text}[t-1]`));
      return { kind: 'missing', range };
    }
    return lag === null ? { kind: 'missing', range } : { kind: 'at', name, lag, range };
  }

  /** Parses an index: `[t]` is 0, `[t-1]` is 1, `[t+1]` is -1, `[0]` is the start; anything else is null. */
  protected index(): number | 'start' | null {
    const opening = this.next();
    let lag: number | 'start' | null = null;
    if (this.takes('0')) {
      lag = 'start';
    } else if (this.takes('t')) {
      const ahead = this.sees('+');
      if (!ahead && !this.sees('-')) {
        lag = 0;
      } else {
        this.position++;
        const steps = Number(this.peek()?.kind === 'number' ? this.next().text : Number.NaN);
        if (Number.isSafeInteger(steps)) lag = ahead ? -steps : steps;
      }
    }
    if (lag === null) {
      const range = this.since(opening.range.from);
      while (this.peek() && !this.sees(']')) this.position++;
      const whole = this.sees(']') ? { from: range.from, to: this.peek()!.range.to } : range;
      this.report.error(whole, 'A step is written `[t]`, `[t-1]`, `[t-2]` …, and the start `[0]`.');
      if (this.sees(']')) this.position++;
      else this.lost = true;
      return null;
    }
    this.close(']', opening);
    return lag;
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
