// Ranges, diagnostics and fixes of a text. All places are offsets in UTF-16 units, so that an editor and a
// string's own `slice` agree with them.

import { nearest } from '../words.ts';

export interface Range {
  readonly from: number;
  /** The end of the range, exclusive. */
  readonly to: number;
}

export interface Edit {
  readonly range: Range;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface Diagnostic {
  readonly range: Range;
  /** A cell with an error cannot be trained; a warning marks something that is probably not meant. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix?: Fix;
}

/** A message. It is a function if it quotes the text, and is then called only when the message is shown. */
export type Message = string | (() => string);

/** The largest number of diagnostics kept: a text of a megabyte may have a mistake in every character. */
const mostDiagnostics = 200;

/** The longest message or title, in characters; only one that quotes a generated name is longer. */
const longestMessage = 1000;

/** The longest excerpt, in characters. */
const longestExcerpt = 100;

/** The largest number of names in a list. */
const mostListed = 30;

/**
 * The total number of comparisons for a text, since each search for a similar name compares it with all
 * others.
 */
const mostComparisons = 20_000;

/** Collects diagnostics, so that no mistake hides the next one. */
export class Report {
  readonly #kept: Diagnostic[] = [];
  readonly #errors: number[] = [];
  #omitted: { count: number; range: Range; severity: Diagnostic['severity'] } | null = null;
  #comparisons = mostComparisons;

  error(range: Range, message: Message, fix?: Fix): void {
    this.#errors.push(range.from);
    this.#add('error', range, message, fix);
  }

  warn(range: Range, message: Message, fix?: Fix): void {
    this.#add('warning', range, message, fix);
  }

  /**
   * The diagnostics in the order they were found; if there are too many, the last one counts those left out.
   */
  get diagnostics(): readonly Diagnostic[] {
    if (!this.#omitted) return this.#kept;
    const { count, range, severity } = this.#omitted;
    const what = count === 1 ? 'One more mistake is' : `${count.toLocaleString('en')} more mistakes are`;
    const message = `${what} not shown: mend some of the ${mostDiagnostics} that are shown first.`;
    return [...this.#kept, { range, severity, message }];
  }

  /** The start of each error, including those that are not shown. */
  get errors(): readonly number[] {
    return this.#errors;
  }

  get failed(): boolean {
    return this.#errors.length > 0;
  }

  /**
   * Returns the one of `names` that `name` was probably meant to be. Returns undefined if there is none or if
   * the text has used up its comparisons.
   */
  likely(name: string, names: Iterable<string>): string | undefined {
    return this.#comparisons > 0 ? nearest(name, this.#compared(names)) : undefined;
  }

  *#compared(names: Iterable<string>): Generator<string> {
    for (const name of names) {
      if (this.#comparisons === 0) return;
      this.#comparisons--;
      yield name;
    }
  }

  #add(severity: Diagnostic['severity'], range: Range, message: Message, fix?: Fix): void {
    if (this.#kept.length < mostDiagnostics) {
      const said = cut(typeof message === 'string' ? message : message(), longestMessage);
      const mend = fix && { fix: { ...fix, title: cut(fix.title, longestMessage) } };
      this.#kept.push({ range, severity, message: said, ...mend });
    } else {
      this.#omitted ??= { count: 0, range, severity };
      this.#omitted.count++;
      if (severity === 'error') this.#omitted.severity = severity;
    }
  }
}

/** Shortens a text and marks the cut with an ellipsis; no surrogate pair is split. */
const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}….`;

/** Returns the text of a range on one line, for a message; only the beginning of a long one. */
export function excerpt(text: string, { from, to }: Range, longest = longestExcerpt): string {
  const line = text.slice(from, Math.min(to, from + 4 * longest)).replace(/\s+/g, ' ');
  if (to - from <= 4 * longest && line.length <= longest) return line;
  return `${line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Lists names for a message; only the first ones if there are many. */
export function listed(names: Iterable<string>): string {
  const shown: string[] = [];
  for (const name of names) {
    if (shown.length === mostListed) return `${shown.join(', ')} …`;
    shown.push(name);
  }
  return shown.join(', ');
}

/** Formats a cycle as `a needs b needs a`, for a message; the middle of a long one is left out. */
export function chained(circle: readonly string[]): string {
  const all = [...circle, circle[0]];
  const shown = all.length <= mostListed ? all : [...all.slice(0, mostListed / 2), '…', ...all.slice(-2)];
  return shown.join(' needs ');
}

export const replace = (range: Range, text: string, title = `Write \`${text}\``): Fix => ({
  title,
  edits: [{ range, text }],
});

export const insert = (at: number, text: string, title: string): Fix =>
  replace({ from: at, to: at }, text, title);

export const remove = (range: Range, title: string): Fix => replace(range, '', title);

/** Returns the offset of the end of the line that holds the offset, before its line break. */
export function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

/** Returns a fix that removes whole lines, including comments on them. */
export function removeLines(text: string, { from, to }: Range, title = 'Remove this line'): Fix {
  const start = lineStart(text, from);
  const last = lineEnd(text, to);
  const end = last + (text.startsWith('\r\n', last) ? 2 : last < text.length ? 1 : 0);
  return remove({ from: start, to: end }, title);
}

/**
 * Returns the start of the line that holds the offset. Unlike `lastIndexOf`, it does not search the whole
 * text.
 */
export function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  return start;
}

/** Applies edits that do not overlap to a text. */
export function apply(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { range, text: by } of edits.toSorted((a, b) => a.range.from - b.range.from)) {
    parts.push(text.slice(at, range.from), by);
    at = range.to;
  }
  return parts.join('') + text.slice(at);
}
