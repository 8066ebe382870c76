// Turns text into tokens, and tokens into logical lines of one statement each. It accepts any text;
// characters without a meaning are reported and left out, so that the parser sees only known tokens.

import { isMatrixName, sectionWords, statementWords } from '../words.ts';
import { Scanner } from './scanner.ts';
import { excerpt, type Range, type Report, remove, replace } from './source.ts';
import { subscriptOf } from './subscripts.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'mark';
  /** A name in Unicode normalization form C, or a mark in its plain form (`*` for `⊙`). */
  readonly text: string;
  readonly range: Range;
}

export interface Comment {
  /** The comment's text with its `#`. */
  readonly text: string;
  readonly range: Range;
}

export interface Lines {
  readonly lines: readonly (readonly Token[])[];
  readonly comments: readonly Comment[];
}

// `accepted` holds signs of books that the language reads as its own; `lookalikes` holds those that are
// reported.
const accepted = new Map(Object.entries({ '⊙': '*', '∘': '*', '−': '-' }));
const lookalikes = new Map(
  Object.entries({ '×': '*', '∗': '*', '@': '*', '÷': '/', '–': '-', '—': '-', '**': '^' }),
);

export function readLines(text: string, report: Report): Lines {
  const comments: Comment[] = [];
  const physical: Token[][] = [[]];
  let line = physical[0];
  /** The last line that contains a token. */
  let written = line;
  const scanner = new Scanner(text);
  while (scanner.next()) {
    if (scanner.kind === 'space') continue;
    const range = { from: scanner.from, to: scanner.to };
    const part = text.slice(range.from, range.to);
    switch (scanner.kind) {
      case 'lineEnd':
        line = [];
        physical.push(line);
        break;
      case 'comment':
        comments.push({ text: part.trimEnd(), range });
        if (part.startsWith('/')) {
          const slashes = { from: range.from, to: range.from + 2 };
          report.error(slashes, 'A comment begins with `#`.', replace(slashes, '#'));
        }
        break;
      case 'name':
        scanner.to = pushName(text, range, line, report);
        break;
      case 'number':
        line.push({ kind: 'number', text: part, range });
        break;
      case 'mark': {
        const mark = readMark(text, range, written.at(-1), line.length === 0, report);
        if (mark) line.push(mark);
        // The previous line continues here, as before every line that begins with an operator.
        else line = written;
        break;
      }
      case 'unknown': {
        const what = `\`${excerpt(text, range)}\``;
        report.error(range, `${what} has no meaning in a cell.`, remove(range, `Remove ${what}`));
      }
    }
    if (line.length > 0) written = line;
  }
  return { lines: join(physical), comments };
}

/**
 * Adds the name in a range, with its step where a subscript that is reported says one.
 * @returns the end of what has been read
 */
function pushName(text: string, range: Range, line: Token[], report: Report): number {
  const name = text.slice(range.from, range.to).normalize('NFC');
  const found = subscriptOf(text, name, range.to);
  if (!found) {
    line.push({ kind: 'name', text: name, range });
    return range.to;
  }
  const { to } = found;
  if (found.kind === 'name') {
    const whole = { from: range.from, to };
    const message = `A subscript has no braces: \`${found.name}\`.`;
    report.error(whole, message, replace(whole, found.name));
    line.push({ kind: 'name', text: found.name, range: whole });
    return to;
  }
  const index = { from: range.to - 1, to };
  const place = `[t${found.lag}]`;
  const message = `The step is written in brackets: \`${found.name}${place}\`.`;
  report.error({ from: range.from, to }, message, replace(index, place));
  line.push({ kind: 'name', text: found.name, range: { from: range.from, to: index.from } });
  const parts = ['[', 't', ...(found.lag === '' ? [] : [found.lag[0], found.lag.slice(1)]), ']'];
  for (const part of parts) {
    const kind = part === 't' ? 'name' : /\d/.test(part) ? 'number' : 'mark';
    line.push({ kind, text: part, range: index });
  }
  return to;
}

/** Returns the mark, or null for a `*` after a matrix, which is reported and has no meaning. */
function readMark(
  text: string,
  range: Range,
  before: Token | undefined,
  beginsLine: boolean,
  report: Report,
): Token | null {
  const written = text.slice(range.from, range.to);
  const instead = lookalikes.get(written);
  const meant = instead ?? accepted.get(written) ?? written;
  if ((meant === '*' || meant === '·') && before?.kind === 'name' && isMatrixName(before.text)) {
    const message = `The matrix \`${before.text}\` stands directly before what it multiplies, without \`${written}\`.`;
    // The line end is removed too, because what follows would otherwise begin a statement. If there is a
    // comment in between, there is no fix.
    const isApart = text.slice(before.range.to, range.from).trim() !== '';
    const gap = beginsLine
      ? { from: before.range.to, to: range.to }
      : { from: range.from, to: text[range.to] === ' ' ? range.to + 1 : range.to };
    report.error(range, message, beginsLine && isApart ? undefined : remove(gap, `Remove \`${written}\``));
    return null;
  }
  if (instead) report.error(range, `Write \`${instead}\` for \`${written}\`.`, replace(range, instead));
  return { kind: 'mark', text: meant, range };
}

const open = new Set(['(', '[']);
const close = new Set([')', ']']);
const binary = new Set(['+', '-', '*', '·', '/', '^', '=', ',']);

/**
 * Joins a line to the one before it when a bracket is open, or when it begins or the other ends with an
 * operator, a comma or `=`. A line that looks like the beginning of a statement is never joined, so that an
 * unclosed bracket spoils one statement and not the rest of the file.
 */
function join(physical: Token[][]): Token[][] {
  const lines: Token[][] = [];
  let depth = 0;
  for (const tokens of physical) {
    if (tokens.length === 0) continue;
    const last = lines[lines.length - 1];
    const joins =
      last &&
      !beginsStatement(tokens) &&
      (depth > 0 || isBinary(last[last.length - 1]) || isBinary(tokens[0]));
    if (joins) {
      // A spread would fail here, because a line may have more tokens than a call can have arguments.
      for (const token of tokens) last.push(token);
    } else {
      lines.push(tokens);
      depth = 0;
    }
    for (const { kind, text } of tokens) {
      if (kind !== 'mark') continue;
      if (open.has(text)) depth++;
      else if (close.has(text)) depth = Math.max(0, depth - 1);
    }
  }
  return lines;
}

const isBinary = ({ kind, text }: Token) => kind === 'mark' && binary.has(text);

function beginsStatement(tokens: readonly Token[]): boolean {
  const [first, second] = tokens;
  if (first.kind !== 'name') return false;
  if (second === undefined) return sectionWords.has(first.text);
  if (second.kind === 'name') return sectionWords.has(first.text) || statementWords.has(first.text);
  if (second.text === '=') return true;
  return second.text === '[' && tokens[tokens.findIndex(({ text }) => text === ']') + 1]?.text === '=';
}
