// Recognises, reads and fills in tagged text of all formats.
import { Problem } from '../../protocol/problem.ts';
import type { TaggedFormat } from '../../protocol/task.ts';
import { objectOf } from '../table/jsonLines.ts';
import { normalise } from '../text/corpus.ts';
import {
  readColumnFile,
  readColumns,
  tagColumns,
  type WantedTagColumns,
  withTagColumn,
} from './columnFile.ts';
import type { TaggedText, TagSpan } from './taggedText.ts';
import { isWordTag, readWordTag } from './wordTag.ts';

/** The share of the lines of a column file that must have its columns, or all but the tag. */
const fittingShare = 0.8;

/** The greatest mean number of tokens of a sentence in what is taken for a column file. */
const longestMean = 200;

/** The most columns that are divided by space: lines of prose have more words. */
const mostSpaced = 6;

/** Recognises the format of a tagged text by its content. @returns null where the text is none */
export function taggedFormatOf(source: string): TaggedFormat | null {
  const text = normalise(source);
  if (isWordTag(text)) return 'word/TAG';
  return isColumnFile(text) ? 'columns' : null;
}

/** Returns whether a text has short blocks of lines with the same few columns, but for a tag that is missing. */
function isColumnFile(text: string): boolean {
  const { blocks, width, separator } = readColumns(text);
  const lines = blocks.flat();
  if (width < 2 || (separator === ' ' && width > mostSpaced)) return false;
  if (blocks.length < 2 || objectOf(text.slice(0, text.indexOf('\n')))) return false;
  const fitting = lines.filter(({ cells: { length } }) => length === width || length === width - 1);
  return (
    lines.length / blocks.length <= longestMean &&
    fitting.length >= fittingShare * lines.length &&
    // Several lines of prose, one after the other, seldom have the same number of words.
    blocks.some((block) => block.length > 1 && block.every(({ cells }) => cells.length === width))
  );
}

/**
 * Reads a tagged text.
 * @param wanted the columns of tokens and tags in a column file
 * @throws Problem when it has not these columns, or is not text
 */
export function readTagged(
  source: string,
  format: TaggedFormat,
  wanted: WantedTagColumns = { reads: null, writes: null },
): TaggedText {
  const text = normalise(source);
  if (text.includes('\0'))
    throw new Problem('This looks like a binary file: it has NUL characters. Name a tagged text.');
  if (format === 'word/TAG') return readWordTag(text);
  const file = withTagColumn(readColumns(text), wanted);
  return readColumnFile(file, tagColumns(file, wanted));
}

/** A tag to write, and its span. */
export interface TagToWrite {
  readonly span: TagSpan;
  readonly tag: string;
}

/**
 * Writes tags into a text. All else stays as it is, byte for byte: line ends, space and a byte-order mark.
 * @param source the text as it is in the file
 */
export function writeTags(source: string, tags: readonly TagToWrite[]): string {
  const mark = /^\uFEFF*/.exec(source)![0];
  const lines = source.slice(mark.length).split(/(?<=\r\n|\n|\r(?!\n))/);
  // Tags are written from the end of each line to its start, so that the offsets of earlier ones stay as they are.
  for (const { span, tag } of tags.toSorted((a, b) => b.span.from - a.span.from)) {
    const line = lines[span.line - 1];
    lines[span.line - 1] = line.slice(0, span.from) + span.before + tag + line.slice(span.to);
  }
  return mark + lines.join('');
}

/** Returns the number of columns of a column file. */
export const widthOf = (source: string): number => readColumns(normalise(source)).width;
