// Recognises which column of a table is a text that another one is rewritten as.
import type { TableFormat } from '../../protocol/task.ts';
import { areNumbers } from '../series/numberTable.ts';
import { isOneOf, sameName } from '../table/labelledRows.ts';
import { formatOf, readTable } from '../table/readTable.ts';
import {
  type ColumnContent,
  columnContents,
  count,
  looksLikeClasses,
  type WantedColumns,
} from '../table/recognise.ts';

export interface RecognisedPairs {
  readonly format: TableFormat;
  readonly columns: readonly string[];
  /** The columns to read; null where none is left to read. */
  readonly reads: readonly string[] | null;
  /** The column of targets; null where none looks like text. */
  readonly writes: string | null;
  readonly rows: number;
  /** The number of rows without a target. */
  readonly empty: number;
  /** Says all of it: 'Rewrite `written` as `iso`: 1,204 rows, 312 empty'. */
  readonly sentence: string;
}

/** The names that say of a column that it holds targets. */
const targetNames = ['target', 'output', 'rewritten'];

/**
 * Recognises pairs of texts by their content. @returns null where the text is no table with columns
 * @param wanted the columns that are to be read and written, whatever they look like
 * @throws Problem when the header cannot be read
 */
export function recognisePairs(
  source: string,
  { reads, writes }: WantedColumns = { reads: null, writes: null },
): RecognisedPairs | null {
  const format = formatOf(source);
  // A label of fastText is one word, which is a class.
  if (format === null || format === 'fastText') return null;
  const table = readTable(source, format);
  const columns = columnContents(table);
  const isRead = isOneOf(reads ?? []);
  const unread = columns.filter(({ name }) => !isRead(name));
  const candidates = unread.filter((column) => looksLikeText(column));
  const target = writes ?? candidates.sort(byLikelihood).at(0)?.name ?? null;
  const others = unread.filter(({ name }) => target === null || !sameName(name, target));
  // A column with empty cells cannot be read on every row.
  const read = others.sort((a, b) => b.filled - a.filled || b.characters - a.characters)[0];
  const filled = columns.find(({ name }) => target !== null && sameName(name, target))?.filled ?? 0;
  const found = {
    format,
    columns: table.header.map((name) => name.trim()),
    reads: reads ?? (read ? readWith(read) : null),
    writes: target,
    rows: table.rows.length,
    empty: table.rows.length - filled,
  };
  return { ...found, sentence: sentenceOf(found) };

  /** Returns the columns to read: all that have as many numbers, if one of them is read. */
  function readWith(read: ColumnContent): readonly string[] {
    if (!isNumeric(read)) return [read.name];
    return others
      .filter((each) => each.filled === read.filled && isNumeric(each))
      .sort((a, b) => a.index - b.index)
      .map(({ name }) => name);
  }

  function isNumeric({ index }: ColumnContent): boolean {
    return areNumbers(table.rows.map(({ cells }) => cells[index].trim()).filter((cell) => cell !== ''));
  }

  /** Orders columns: those that are called so first, then those with empty cells, then the last. */
  function byLikelihood(a: ColumnContent, b: ColumnContent): number {
    const isNamed = ({ name }: ColumnContent) => (targetNames.includes(name.toLowerCase()) ? 1 : 0);
    return isNamed(b) - isNamed(a) || a.filled - b.filled || b.index - a.index;
  }
}

/** A column with hardly a value twice is text, and no column of classes. */
const looksLikeText = (column: ColumnContent): boolean => column.different >= 2 && !looksLikeClasses(column);

function sentenceOf({ reads, writes, rows, empty }: Omit<RecognisedPairs, 'sentence'>): string {
  if (writes === null || reads === null) return `No column looks like text: ${count(rows, 'row', 'rows')}`;
  return [
    `Rewrite ${reads.map((name) => `\`${name}\``).join(', ')} as \`${writes}\`: ${count(rows, 'row', 'rows')}`,
    `${empty.toLocaleString('en')} empty`,
  ].join(', ');
}
