// Column files as those of the shared tasks of CoNLL: a token a line, its tag in the last column, and a blank line
// between two sentences. Columns are divided by tabs, or by space where no line has a tab.
import { Problem } from '../../protocol/problem.ts';
import type { Misfit } from '../table/table.ts';
import { type TaggedText, type TaggedToken, wholeSentences } from './taggedText.ts';

/** The columns of tokens and tags, from 0. */
export interface TagColumns {
  readonly token: number;
  readonly tag: number;
}

/** The columns that a user has named by their numbers, from 1; null lets the content decide. */
export interface WantedTagColumns {
  readonly reads: readonly string[] | null;
  readonly writes: string | null;
  /** The number of columns of the file that a model was trained on; a line with one less lacks its tag. */
  readonly width?: number | null;
}

interface Cell {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

interface Line {
  readonly line: number;
  readonly length: number;
  readonly cells: readonly Cell[];
}

export interface ColumnFile {
  /** The lines of each sentence. */
  readonly blocks: readonly (readonly Line[])[];
  /** The number of columns where the tag is not missing. */
  readonly width: number;
  readonly separator: '\t' | ' ';
  /** Whether the first column counts the tokens of a sentence, as in CoNLL-U. */
  readonly isNumbered: boolean;
}

/** CoNLL-U's way to write that nothing is known. */
const unspecified = '_';

/** Splits a normalised text into sentences, lines and cells. */
export function readColumns(text: string): ColumnFile {
  const separator = text.includes(' ') && !text.includes('\t') ? ' ' : '\t';
  const blocks: Line[][] = [[]];
  for (const [index, each] of text.split('\n').entries()) {
    if (each.trim() === '') blocks.push([]);
    // CoNLL-U has comments. Where columns are divided by space, a line with # is a token.
    else if (separator === ' ' || !each.startsWith('#') || each.includes('\t'))
      blocks.at(-1)!.push({ line: index + 1, length: each.length, cells: cellsOf(each, separator) });
  }
  const full = blocks.filter(({ length }) => length > 0);
  const isNumbered = full.length > 0 && full.every(([{ cells }]) => /^1(-\d+)?$/.test(cells[0].text));
  return { blocks: full, width: widthOf(full), separator, isNumbered };
}

function cellsOf(line: string, separator: '\t' | ' '): Cell[] {
  const cell = (text: string, from: number) => ({ text, from, to: from + text.length });
  // The first cell of a line that begins with a space is empty.
  if (separator === ' ')
    return [...line.matchAll(/^(?= )|[^ ]+/g)].map(({ 0: text, index }) => cell(text, index));
  let end = -1;
  return line.split(separator).map((text) => {
    const from = end + 1;
    end = from + text.length;
    return cell(text, from);
  });
}

/**
 * Returns the number of columns: the largest that whole sentences have, as single lines may be wrong, and where the
 * tags of a sentence are missing, its column may be too.
 */
function widthOf(blocks: readonly (readonly Line[])[]): number {
  const uniform = blocks.filter((lines) =>
    lines.every(({ cells }) => cells.length === lines[0].cells.length),
  );
  const longer = uniform.filter(({ length }) => length > 1);
  return (longer.length > 0 ? longer : uniform).reduce(
    (most, [{ cells }]) => Math.max(most, cells.length),
    0,
  );
}

/**
 * Returns the file as one of the columns that a model was trained on: where it has others, its lines do not fit. A file
 * of one column lacks that of the tags.
 */
export const withTagColumn = (file: ColumnFile, { width }: WantedTagColumns): ColumnFile => ({
  ...file,
  width: width ?? Math.max(2, file.width),
});

/** Returns the columns of tokens and tags. @throws Problem when the file has not those that are wanted */
export function tagColumns(
  { width, isNumbered }: ColumnFile,
  { reads, writes }: WantedTagColumns,
): TagColumns {
  const numberOf = (name: string): number => {
    const column = Number(name);
    if (Number.isInteger(column) && column >= 1 && column <= width) return column - 1;
    throw new Problem(
      `A column file has no names of columns: name one by its number, from 1 to ${width}, not \`${name}\`.`,
    );
  };
  if (reads && reads.length !== 1) throw new Problem('One column of tokens is read: name one.');
  const token = reads ? numberOf(reads[0]) : isNumbered && width > 2 ? 1 : 0;
  const tag = writes === null ? width - 1 : numberOf(writes);
  if (token === tag)
    throw new Problem('The column of tags is filled in, so that it cannot be read, too: name another one.');
  return { token, tag };
}

/** Takes the tokens and tags out of a column file. */
export function readColumnFile(
  { blocks, width, separator, isNumbered }: ColumnFile,
  { token, tag }: TagColumns,
): TaggedText {
  const misfits: Misfit[] = [];
  const isWord = ({ cells }: Line) => !isNumbered || /^\d+$/.test(cells[0].text);
  const readLine = ({ line, length, cells }: Line): TaggedToken | null => {
    const misfit = (message: string) => {
      misfits.push({ line, message });
      return null;
    };
    const { text: form, from } = cells[token] ?? { text: '', from: 0 };
    const hasTag = cells.length > 1 && (cells.at(-1)?.text ?? '') !== '';
    if (form === '') return misfit(hasTag ? 'It has a tag without a token.' : 'It has no token.');
    const lacksTag = cells.length === width - 1 && tag === width - 1;
    if (cells.length !== width && !lacksTag)
      return misfit(`It has ${count(cells.length)}, and ${width} are expected.`);
    const cell = cells[tag];
    if (cell && cell.text !== '' && cell.text !== unspecified)
      return { form, from, tag: cell.text, span: { line, from: cell.from, to: cell.to, before: '' } };
    const span = cell ?? { from: cells.at(-1)!.to, to: length };
    return {
      form,
      from,
      tag: null,
      span: { line, from: span.from, to: span.to, before: cell ? '' : separator },
    };
  };
  const read = blocks.map((lines) => lines.filter(isWord).map(readLine)).filter(({ length }) => length > 0);
  return { ...wholeSentences(read), misfits };
}

const count = (cells: number) => (cells === 1 ? '1 column' : `${cells} columns`);
