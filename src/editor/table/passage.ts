// The part of a document that is read for some of its rows. It does not import VS Code, so that it can be
// tested without it.
import type { RowsPassage } from '../../protocol/rows.ts';

/** The most lines, and the most characters, that are read on each side of the lines that are asked for. */
const around = 40;
const farthest = 20_000;

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
  let head = 0;
  while (head < first && line(head).trim() === '') head++;
  return {
    passage: {
      head: head < first ? line(head) : '',
      text: lines.join('\n'),
      from: from - first,
      to: end - first,
    },
    first,
  };
}
