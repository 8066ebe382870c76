// Finds the comments of a cell, and what they are about, so that they stay beside it in another language.
import type { CellSection, SourceFile, Statement } from '../../language/syntax/syntax.ts';

export interface CellComments {
  /** The comments before the cell, one a line. */
  readonly header: readonly string[];
  /** The comment behind each statement, and those on lines of their own before it. */
  readonly behind: ReadonlyMap<Statement, string>;
  readonly before: ReadonlyMap<Statement, readonly string[]>;
  /** The comments after the last statement, and behind the name of the cell. */
  readonly others: readonly string[];
}

export function commentsOf({ text, sections, comments }: SourceFile, section: CellSection): CellComments {
  const index = sections.indexOf(section);
  const from = sections[index - 1]?.range.to ?? 0;
  const next = sections[index + 1];
  // Comments right before the next section are about that one.
  const to = next ? headerStart(text, next.range.from) : text.length;
  const header: string[] = [];
  const behind = new Map<Statement, string>();
  const before = new Map<Statement, string[]>();
  const others: string[] = [];
  for (const comment of comments) {
    const at = comment.range.from;
    if (at < (index === 0 ? 0 : Math.max(from, headerStart(text, section.range.from))) || at >= to) continue;
    const words = printable(comment.text);
    const sameLine = section.statements.find(
      ({ range }) => range.to <= at && !/[\r\n]/.test(text.slice(range.to, at)),
    );
    const following = section.statements.find(({ range }) => range.to > at);
    if (at < section.range.from) header.push(words);
    else if (sameLine && !behind.has(sameLine)) behind.set(sameLine, words);
    else if (following && at > section.header.to && /[\r\n]/.test(text.slice(section.header.to, at)))
      before.set(following, [...(before.get(following) ?? []), words]);
    else others.push(words);
  }
  return { header, behind, before, others };
}

/** The place at which the comment lines right before a section begin. */
function headerStart(text: string, from: number): number {
  let start = from;
  for (;;) {
    const line = /(?:^|\n|\r)([^\S\r\n]*#[^\r\n]*)(\r\n|\n|\r)$/.exec(text.slice(0, start));
    if (!line) return start;
    start -= line[1].length + line[2].length;
  }
}

/** Returns a comment that any editor and any Python reads: without control characters. */
function printable(text: string): string {
  const words = text.startsWith('//') ? `#${text.slice(2)}` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are replaced.
  return words.replace(/[\u0000-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029]/g, ' ').toWellFormed();
}
