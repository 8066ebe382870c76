// What the language says about a text: places, mistakes and their mends. All places are offsets in UTF-16
// units, so that an editor and a string's own `slice` agree with them.

import { nearest } from './words.ts';

export interface Range {
  readonly from: number;
  /** Exclusive. */
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
  /** A cell with an error cannot be trained; a warning says that something is likely not meant. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix?: Fix;
}

/** A function where a message quotes what it is about: it is only asked when the message is shown. */
export type Message = string | (() => string);

/** Nobody reads more at once, and a text of a megabyte may have a mistake in every character. */
const mostDiagnostics = 200;

/** A message or a title that is longer quotes a name which no person gave. */
const longestMessage = 1000;

/** Characters of an excerpt. */
const longestExcerpt = 100;

/** Names in a list. */
const mostListed = 30;

/** Looking for a similar name compares it with every other: in all, a text gets so many comparisons. */
const mostComparisons = 20_000;

/** Takes what is found on the way, so that no mistake hides the next one. */
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

  /** In the order of being found; where there are too many, the last one says how many are left out. */
  get diagnostics(): readonly Diagnostic[] {
    if (!this.#omitted) return this.#kept;
    const { count, range, severity } = this.#omitted;
    const what = count === 1 ? 'One more mistake is' : `${count.toLocaleString('en')} more mistakes are`;
    const message = `${what} not shown: mend some of the ${mostDiagnostics} that are shown first.`;
    return [...this.#kept, { range, severity, message }];
  }

  /** Where each error begins, also of those that are not shown. */
  get errors(): readonly number[] {
    return this.#errors;
  }

  get failed(): boolean {
    return this.#errors.length > 0;
  }

  /** The one of `names` that was likely meant by `name`. Undefined too where a text has used up its comparisons. */
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

/** Says that something was left out; no character is cut in two. */
const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}….`;

/** What stands there, on one line, for a message. Only the beginning of what is long. */
export function excerpt(text: string, { from, to }: Range, longest = longestExcerpt): string {
  const line = text.slice(from, Math.min(to, from + 4 * longest)).replace(/\s+/g, ' ');
  if (to - from <= 4 * longest && line.length <= longest) return line;
  return `${line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Names for a message; the first ones where they are many. */
export function listed(names: Iterable<string>): string {
  const shown: string[] = [];
  for (const name of names) {
    if (shown.length === mostListed) return `${shown.join(', ')} …`;
    shown.push(name);
  }
  return shown.join(', ');
}

/** `a needs b needs a`, for a message; the middle of what is long is left out. */
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

/** Where the line ends that holds the offset, before its line end. */
export function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

/** Removes whole lines; what else stands on them, a comment, goes too. */
export function removeLines(text: string, { from, to }: Range, title = 'Remove this line'): Fix {
  const start = lineStart(text, from);
  const last = lineEnd(text, to);
  const end = last + (text.startsWith('\r\n', last) ? 2 : last < text.length ? 1 : 0);
  return remove({ from: start, to: end }, title);
}

/** Where the line begins that holds the offset. Looks no further back, as `lastIndexOf` does for what is nowhere. */
export function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  return start;
}

/** The text after some edits that do not overlap. */
export function apply(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { range, text: by } of edits.toSorted((a, b) => a.range.from - b.range.from)) {
    parts.push(text.slice(at, range.from), by);
    at = range.to;
  }
  return parts.join('') + text.slice(at);
}
