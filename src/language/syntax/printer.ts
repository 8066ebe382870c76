// Prints a syntax tree as canonical text: one statement a line, two spaces of indentation, one space around
// operators, comments in a column. Signs, numbers, parentheses and the order stay as they were written.

import type { Index } from '../cell.ts';
import type { Comment } from './lexer.ts';
import { parse } from './parser.ts';
import { type Range, Report } from './source.ts';
import type { InitialiserNode, Name, Node, Section, Setting, SourceFile, Statement } from './syntax.ts';

const widest = 100;

/** Returns the whole file, formatted. It parses back to the same tree. */
export function print(file: SourceFile): string {
  const items = collect(file);
  const lines: string[] = [];
  for (let start = 0; start < items.length; ) {
    // Comments of neighbouring lines are aligned in one column, behind all but the longest of the lines.
    let end = start + 1;
    if (items[start].comment) {
      while (end < items.length && items[end].comment && !items[end].blankBefore) end++;
    }
    const run = items.slice(start, end);
    const column = run
      .map(({ text }) => lastLine(text).length)
      .reduce((most, length) => (length <= widest ? Math.max(most, length) : most), 0);
    for (const { text, comment, blankBefore } of run) {
      if (blankBefore && lines.length > 0) lines.push('');
      const gap = ' '.repeat(Math.max(0, column - lastLine(text).length) + 2);
      lines.push(comment ? text + gap + comment : text);
    }
    start = end;
  }
  return lines.map((line) => `${line}\n`).join('');
}

interface Item {
  readonly range: Range;
  readonly kind: 'header' | 'statement' | 'comment';
  readonly text: string;
  comment: string | null;
  blankBefore: boolean;
}

function collect(file: SourceFile): Item[] {
  const statements: Item[] = [];
  const add = (kind: Item['kind'], range: Range, text: string) =>
    statements.push({ kind, range, text, comment: null, blankBefore: false });
  for (const section of file.sections) {
    add('header', section.header, header(section));
    const parts = section.kind === 'cell' ? section.statements : section.settings;
    for (const part of parts) add('statement', part.range, indent(statement(part)));
  }
  const items = merge(file, statements);
  for (const [i, item] of items.entries()) {
    const before = items[i - 1];
    if (before) item.blankBefore = hasBlankLine(file.text, before.range.to, item.range.from);
  }
  // A blank line separates a section, with the comments that belong to it, from the one before it.
  for (const [i, { kind }] of items.entries()) {
    if (kind !== 'header') continue;
    let first = i;
    while (
      !items[first].blankBefore &&
      items[first - 1]?.kind === 'comment' &&
      !items[first - 1].text.startsWith(' ')
    )
      first--;
    items[first].blankBefore = true;
  }
  return items;
}

/**
 * Places comments: behind their statement, or on lines of their own before the statement that they are
 * inside.
 */
function merge(file: SourceFile, statements: readonly Item[]): Item[] {
  const items: Item[] = [];
  let next = 0;
  for (const item of statements) {
    for (; next < file.comments.length && file.comments[next].range.from < item.range.to; next++) {
      items.push(ownLine(file.comments[next], item.kind === 'header', file.text));
    }
    items.push(item);
    const following = file.comments[next];
    if (following && !/[\r\n]/.test(file.text.slice(item.range.to, following.range.from))) {
      item.comment = following.text;
      next++;
    }
  }
  for (const comment of file.comments.slice(next)) items.push(ownLine(comment, true, file.text));
  return items;
}

function ownLine(comment: Comment, mayBeOutside: boolean, text: string): Item {
  const { from } = comment.range;
  const outside = mayBeOutside && (from === 0 || /[\r\n\uFEFF]/.test(text[from - 1]));
  const shown = outside ? comment.text : indent(comment.text);
  return { kind: 'comment', range: comment.range, text: shown, comment: null, blankBefore: false };
}

const hasBlankLine = (text: string, from: number, to: number): boolean =>
  /(\r\n|\n|\r(?!\n))[^\S\r\n]*[\r\n]/.test(text.slice(from, to));

/** Indents a comment. Other line separators, such as U+2028, are part of the comment. */
const indent = (text: string): string => `  ${text.replaceAll('\n', '\n  ')}`;

const lastLine = (text: string): string => text.slice(text.lastIndexOf('\n') + 1);

const header = (section: Section): string =>
  section.kind === 'cell' ? `cell ${section.name.text}` : section.kind;

function statement(part: Statement | Setting): string {
  switch (part.kind) {
    case 'setting': {
      const items = part.items.map((words) => words.map(({ text }) => text).join(' '));
      return `${part.name.text} = ${items.join(', ')}`;
    }
    case 'equation':
      return broken(`${part.target.text}[${part.index}] = `, part.value);
    case 'constant':
      return broken(`${part.target.text} = `, part.value);
    case 'initial': {
      const from = part.value ? expression(part.value) : '';
      const value = part.learned ? `learned${from && ` from ${from}`}` : from;
      return `${part.target.text}[0] = ${value}${part.first ? ` first ${part.first.text}` : ''}`;
    }
    case 'init':
      return `init ${list(part.targets)} = ${initialiser(part.value)}`;
    case 'fixed':
      return `fixed ${list(part.targets)}`;
    case 'stochastic':
      return `stochastic ${list(part.targets)}`;
    case 'output':
      return `output ${part.target.text}[t]${part.distribution ? ' as distribution' : ''}`;
    case 'width':
      return `width ${list(part.targets)} = ${part.value.text}`;
  }
}

const list = (names: readonly Name[]): string => names.map(({ text }) => text).join(', ');

function initialiser(node: InitialiserNode | Node): string {
  if (node.kind !== 'initialiser') return expression(node);
  const values = node.arguments.length > 0 ? `(${node.arguments.map(expression).join(', ')})` : '';
  return `${node.name.text}${values}${node.radius ? ` radius ${expression(node.radius)}` : ''}`;
}

/** Breaks a right-hand side that is too long before its outermost `+` and `-`. */
function broken(left: string, value: Node): string {
  const line = left + expression(value);
  if (line.length + 2 <= widest) return line;
  const terms: string[] = [];
  let node = value;
  for (; node.kind === 'binary' && (node.operator === '+' || node.operator === '-'); node = node.left) {
    terms.unshift(`${node.sign} ${expression(node.right)}`);
  }
  return [left + expression(node), ...terms].join('\n  ');
}

export function expression(node: Node): string {
  switch (node.kind) {
    case 'number':
    case 'name':
      return node.text;
    case 'missing':
      return '';
    case 'at':
      return node.name.text + place(node.index, node.lag);
    case 'product':
      return `${node.matrix.text}${node.transpose ?? ''} ${expression(node.operand)}`;
    case 'call':
      return `${node.function.text}(${node.arguments.map(expression).join(', ')})`;
    case 'over':
      return `${node.function.text} over ${node.index.text} (${expression(node.operand)})`;
    case 'negate':
      return `-${expression(node.operand)}`;
    case 'group':
      return `(${expression(node.inner)})`;
    case 'binary': {
      const space = node.operator === '^' ? '' : ' ';
      return expression(node.left) + space + node.sign + space + expression(node.right);
    }
  }
}

/** Returns an index as it is written: `[t-1]`, `[s]`, `[t,s]`. */
const place = (index: Index, lag: number): string =>
  index === 's' ? '[s]' : index === 't' ? step(lag) : `${step(lag).slice(0, -1)},s]`;

export const step = (lag: number): string => (lag === 0 ? '[t]' : lag > 0 ? `[t-${lag}]` : `[t+${-lag}]`);

/**
 * Returns the formatted text, or null if the parser could not read all of it and formatting might hide a
 * mistake.
 */
export function format(text: string): string | null {
  const report = new Report();
  const file = parse(text, report);
  return report.failed ? null : print(file);
}
