// The part of a document that is read for some of its rows. It does not import VS Code, so that it can be
// tested without it.
import type { RowsPassage } from '../../protocol/rows.ts';

/** The most lines, and the most characters, that are read on each side of the lines that are asked for. */
const around = 40;
const farthest = 20_000;

/** The most lines that are read before a row that is forecast: a network's state forgets what is further back. */
const mostBefore = 1000;

/** A document as its lines. */
export interface Lines {
  readonly count: number;
  line(index: number): string;
}

/**
 * Returns the passage for the rows on the lines from `from` to before `to`, and the line of the document on
 * which it begins.
 */
export function passageAround(
  { count, line }: Lines,
  from: number,
  to: number,
): { readonly passage: RowsPassage; readonly first: number } {
  const end = Math.min(to, count);
  let first = from;
  for (let read = 0; first > 0 && from - first < around; first--) {
    read += line(first - 1).length;
    if (read > farthest) break;
  }
  let last = end;
  for (let read = 0; last < count && last - end < around; last++) {
    read += line(last).length;
    if (read > farthest) break;
  }
  const lines = Array.from({ length: last - first }, (_, index) => line(first + index));
  return {
    passage: {
      head: headBefore(line, first),
      text: lines.join('\n'),
      from: from - first,
      to: end - first,
    },
    first,
  };
}

/** Returns the lines before one, with the document's first line where they do not begin with it. */
export function passageBefore({ line }: Pick<Lines, 'line'>, to: number): Pick<RowsPassage, 'head' | 'text'> {
  const first = Math.max(0, to - mostBefore);
  const lines = Array.from({ length: to - first }, (_, index) => line(first + index));
  return { head: headBefore(line, first), text: lines.join('\n') };
}

/** Returns the first line before `first` that is not blank; an empty text where there is none. */
function headBefore(line: Lines['line'], first: number): string {
  let head = 0;
  while (head < first && line(head).trim() === '') head++;
  return head < first ? line(head) : '';
}
