// Recognises what a text is a table of, and which of its columns looks like classes.
import type { TableFormat } from '../../protocol/task.ts';
import { indicesOf, isOneOf, sameName } from './labelledRows.ts';
import { formatOf, readTable } from './readTable.ts';
import type { Table } from './table.ts';

export interface RecognisedTable {
  readonly format: TableFormat;
  readonly columns: readonly string[];
  /** The columns to read; null where none is left to read. */
  readonly reads: readonly string[] | null;
  /** The column that looks like classes; null where none does. */
  readonly writes: string | null;
  readonly rows: number;
  /** The number of different labels, and of rows without one. */
  readonly classes: number;
  readonly empty: number;
  /** Says all of it: 'Classify `text` as `label`: 1,204 rows, 5 classes, 312 empty'. */
  readonly sentence: string;
}

/** The columns that a user has named. */
export interface WantedColumns {
  readonly reads: readonly string[] | null;
  readonly writes: string | null;
}

/** The largest number of classes. A column with more of them is no column of classes. */
export const mostClasses = 256;

/** The names that say of a column that it holds classes. */
const labelNames = ['label', 'class', 'category', 'target'];

/** The facts about a column of a table that its cells tell. */
export interface ColumnContent {
  readonly name: string;
  /** Its index among all columns of the table. */
  readonly index: number;
  /** The number of cells that are not empty, of different ones among them, and of characters of all. */
  readonly filled: number;
  readonly different: number;
  readonly characters: number;
}

/**
 * Recognises a table by its content. @returns null where the text is none
 * @param wanted the columns that are to be read and written, whatever they look like
 * @throws Problem when its header cannot be read
 */
export function recognise(
  source: string,
  { reads, writes }: WantedColumns = { reads: null, writes: null },
): RecognisedTable | null {
  const format = formatOf(source);
  if (format === null) return null;
  const table = readTable(source, format);
  const columns = columnContents(table);
  const isRead = isOneOf(reads ?? []);
  const unread = columns.filter(({ name }) => !isRead(name));
  const label = writes ?? (unread.filter(looksLikeClasses).sort(byLikelihood)[0]?.name || null);
  const others = unread.filter(({ name }) => label === null || !sameName(name, label));
  const longest = others.sort((a, b) => b.characters - a.characters)[0];
  const texts = reads ?? (longest ? [longest.name] : null);
  const { filled = 0, different = 0 } =
    columns.find(({ name }) => label !== null && sameName(name, label)) ?? {};
  const found = {
    format,
    columns: table.header.map((name) => name.trim()),
    reads: texts,
    writes: label,
    rows: table.rows.length,
    classes: different,
    empty: table.rows.length - filled,
  };
  return { ...found, sentence: sentenceOf(found) };
}

function sentenceOf({ reads, writes, rows, classes, empty }: Omit<RecognisedTable, 'sentence'>): string {
  if (writes === null || reads === null) return `No column looks like classes: ${count(rows, 'row', 'rows')}`;
  return [
    `Classify ${reads.map((name) => `\`${name}\``).join(', ')} as \`${writes}\`: ${count(rows, 'row', 'rows')}`,
    count(classes, 'class', 'classes'),
    `${empty.toLocaleString('en')} empty`,
  ].join(', ');
}

/** Returns the columns that have names of their own: what has none cannot be named, and is the number of a row in many tables. */
export function columnContents(table: Table): ColumnContent[] {
  return table.header.flatMap((name, index) => {
    if (name.trim() === '' || indicesOf(table, name).length > 1) return [];
    const cells = table.rows.map((row) => row.cells[index].trim()).filter((cell) => cell !== '');
    return [
      {
        name: name.trim(),
        index,
        filled: cells.length,
        different: new Set(cells).size,
        characters: cells.reduce((sum, { length }) => sum + length, 0),
      },
    ];
  });
}

/** A label occurs at least twice on average. */
export const looksLikeClasses = ({ different, filled }: ColumnContent): boolean =>
  different >= 2 && different <= mostClasses && 2 * different <= filled;

/** Orders columns: those that are called so first, then those with empty cells, then those of few classes. */
function byLikelihood(a: ColumnContent, b: ColumnContent): number {
  const isNamed = ({ name }: ColumnContent) => (labelNames.includes(name.toLowerCase()) ? 1 : 0);
  return isNamed(b) - isNamed(a) || a.filled - b.filled || a.different - b.different;
}

/** Writes a number with its noun. */
export const count = (value: number, one: string, several: string): string =>
  `${value.toLocaleString('en')} ${value === 1 ? one : several}`;
