// Reads the tokens of one statement and reports mistakes in it.

import type { Token } from './lexer.ts';
import { type Fix, insert, type Range, type Report } from './source.ts';
import type { Name, Node, NumberNode } from './syntax.ts';

/**
 * The largest number of nodes in one statement. It bounds the depth of the tree, so that no text overflows
 * the stack here or in code that walks the tree. The longest line of a textbook has about 30 nodes.
 */
const statementLimit = 500;

export class Reader {
  protected readonly text: string;
  protected readonly tokens: readonly Token[];
  protected readonly report: Report;
  protected position = 0;
  #size = 0;
  /** Whether a mistake was reported; after it, further reports about the line would say nothing new. */
  protected lost = false;

  constructor(text: string, tokens: readonly Token[], report: Report) {
    this.text = text;
    this.tokens = tokens;
    this.report = report;
  }

  protected peek(): Token | undefined {
    return this.tokens[this.position];
  }

  protected next(): Token {
    return this.tokens[this.position++];
  }

  protected sees(text: string): boolean {
    return this.peek()?.text === text;
  }

  protected takes(text: string): boolean {
    const found = this.sees(text);
    if (found) this.position++;
    return found;
  }

  protected name(what: string): Name {
    const token = this.peek();
    if (token?.kind === 'name') return { kind: 'name', text: this.next().text, range: token.range };
    const range = this.here();
    this.fail(range, `Here should stand ${what}.`);
    return { kind: 'name', text: '', range };
  }

  protected number(what: string): NumberNode | null {
    const minus = this.takes('-') ? '-' : '';
    const from = this.tokens[this.position - (minus ? 1 : 0)]?.range.from ?? this.here().from;
    const token = this.peek();
    if (token?.kind !== 'number') {
      this.fail(this.here(), `Here should stand ${what}.`);
      return null;
    }
    const written = minus + this.next().text;
    const range = { from, to: token.range.to };
    const value = Number(written);
    if (!Number.isFinite(value)) this.report.error(range, `\`${written}\` is too large a number.`);
    return { kind: 'number', value, text: written, range };
  }

  protected expect(mark: string, message: string, mend?: Fix): boolean {
    if (this.takes(mark)) return true;
    this.fail(mend ? mend.edits[0].range : this.here(), message, mend);
    return false;
  }

  protected close(mark: string, opening: Token): void {
    if (this.takes(mark) || this.lost) return;
    const at = this.tokens[this.position - 1].range.to;
    const message = `This \`${opening.text}\` is never closed.`;
    this.fail(opening.range, message, insert(at, mark, `Insert \`${mark}\``));
  }

  protected missing(): Node {
    const range = this.here();
    const before = this.tokens[this.position - 1];
    const after = this.peek();
    const where = before ? `after \`${before.text}\`` : `before \`${after?.text}\``;
    this.fail(range, `A value is missing ${where}.`);
    return { kind: 'missing', range };
  }

  /** Counts one more node. Returns false, and reports it once, if the statement has too many. */
  protected room(): boolean {
    if (++this.#size <= statementLimit) return true;
    const message = 'This statement is too long to follow: give parts of it names of their own.';
    this.fail(this.since(this.tokens[0].range.from), message);
    return false;
  }

  protected fail(range: Range, message: string, mend?: Fix): void {
    if (!this.lost) this.report.error(range, message, mend);
    this.lost = true;
  }

  /** Returns the range of the next token, or the end of the line. */
  protected here(): Range {
    const end = this.tokens[this.tokens.length - 1].range.to;
    return this.peek()?.range ?? { from: end, to: end };
  }

  protected since(from: number): Range {
    return { from, to: Math.max(from, this.tokens[Math.max(0, this.position - 1)].range.to) };
  }
}
