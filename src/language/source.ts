// What the language says about a text: places, mistakes and their mends. All places are offsets in UTF-16
// units, so that an editor and a string's own `slice` agree with them.

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

/** Takes what is found on the way, so that no mistake hides the next one. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];

  error(range: Range, message: string, fix?: Fix): void {
    this.#add('error', range, message, fix);
  }

  warn(range: Range, message: string, fix?: Fix): void {
    this.#add('warning', range, message, fix);
  }

  get failed(): boolean {
    return this.diagnostics.some(({ severity }) => severity === 'error');
  }

  #add(severity: Diagnostic['severity'], range: Range, message: string, fix?: Fix): void {
    this.diagnostics.push({ range, severity, message, ...(fix && { fix }) });
  }
}

export const replace = (range: Range, text: string, title = `Write \`${text}\``): Fix => ({
  title,
  edits: [{ range, text }],
});

export const insert = (at: number, text: string, title: string): Fix =>
  replace({ from: at, to: at }, text, title);

export const remove = (range: Range, title: string): Fix => replace(range, '', title);

/** Removes whole lines; what else stands on them, a comment, goes too. */
export function removeLines(text: string, { from, to }: Range, title = 'Remove this line'): Fix {
  const start = Math.max(text.lastIndexOf('\n', from - 1), text.lastIndexOf('\r', from - 1)) + 1;
  const end = to + (/^[^\r\n]*(\r\n|\n|\r)?/.exec(text.slice(to))?.[0].length ?? 0);
  return remove({ from: start, to: end }, title);
}

/** The text after some edits that do not overlap. */
export function apply(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.range.from - a.range.from)
    .reduce((now, { range, text: by }) => now.slice(0, range.from) + by + now.slice(range.to), text);
}
