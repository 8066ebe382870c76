// Recognises in a table a column of numbers that may follow from the others.
import type { TableFormat } from '../../protocol/task.ts';
import { areNumbers, remarkOnDoubtful } from '../series/numberTable.ts';
import { isTime } from '../series/times.ts';
import { isOneOf, sameName } from './labelledRows.ts';
import { type SequenceKind, sequenceKindOf } from './numberedRows.ts';
import { formatOf, readTable } from './readTable.ts';
import { columnContents, count, type WantedColumns } from './recognise.ts';

export interface RecognisedNumber {
  readonly format: TableFormat;
  readonly columns: readonly string[];
  /** The columns to read; null where none is left to read. */
  readonly reads: readonly string[] | null;
  /** The column of numbers that is predicted; null where there is none. */
  readonly writes: string | null;
  readonly kind: SequenceKind;
  /** Sentences on columns that look like numbers, and are read as none. */
  readonly remarks: readonly string[];
  /** Says all of it: 'Predict `stars` from `text`: 1,204 rows, 312 empty'. */
  readonly sentence: string;
}

/** The names that say of a column of numbers that it is what matters. */
const targetNames = /^(y|target|value|score|rating|stars|price|cost|duration|seconds|ms|label)$/i;

/** The least number of columns whose names differ by a number alone, such as `x1` and `x2`, that are a sequence. */
const leastNumbered = 3;

/**
 * Recognises a table by its content. @returns null where the text is none
 * @param wanted the columns that are to be read and predicted, whatever they look like
 * @throws Problem when its header cannot be read, or has not the columns
 */
export function recogniseNumber(
  source: string,
  { reads: wantedReads, writes: wantedWrites }: WantedColumns,
): RecognisedNumber | null {
  const format = formatOf(source);
  if (format === null || format === 'fastText') return null;
  const table = readTable(source, format);
  const all = columnContents(table).map((content) => {
    const cells = table.rows.map((row) => row.cells[content.index].trim()).filter((cell) => cell !== '');
    const remarks = remarkOnDoubtful(content.name, cells);
    return { ...content, isNumeric: areNumbers(cells), isTime: isTime(content.name, cells), remarks };
  });
  const isRead = isOneOf(wantedReads ?? []);
  const free = all.filter(({ name, isTime }) => !isTime && !isRead(name));
  const numeric = free.filter(({ isNumeric }) => isNumeric);
  const sequence = wantedReads ?? numberedAlike(numeric.map(({ name }) => name));
  const isOfSequence = isOneOf(sequence);
  const targets = numeric.filter(({ name }) => !isOfSequence(name));
  const rank = ({ name }: { readonly name: string }) => (targetNames.test(name) ? 0 : 1);
  const [target] = targets.toSorted((a, b) => rank(a) - rank(b) || a.filled - b.filled);
  const writes = wantedWrites ?? target?.name ?? null;
  const others = free.filter(({ name }) => writes === null || !sameName(name, writes));
  const [text] = others
    .filter(({ isNumeric }) => !isNumeric)
    .sort((a, b) => b.characters - a.characters)
    .map(({ name }) => [name]);
  // Whoever has named a column of numbers alone may mean that all other numbers are read.
  const rest = wantedWrites === null ? [] : others.map(({ name }) => name);
  const found = [wantedReads, sequence, text, rest].find((names) => names && names.length > 0) ?? null;
  const reads = found?.filter((name) => writes === null || !sameName(name, writes)) ?? null;
  const kind = reads === null ? 'text' : sequenceKindOf(table, reads);
  const filled = all.find(({ name }) => writes !== null && sameName(name, writes))?.filled ?? 0;
  const empty = table.rows.length - filled;
  return {
    format,
    columns: table.header.map((name) => name.trim()),
    reads,
    writes,
    kind,
    remarks: free.flatMap(({ remarks }) => remarks),
    sentence: `Predict ${named(writes === null ? [] : [writes])} from ${kind === 'numbers' ? `the sequence ${named([reads![0]])} to ${named([reads!.at(-1)!])}` : named(reads ?? [])}: ${count(table.rows.length, 'row', 'rows')}, ${empty.toLocaleString('en')} empty`,
  };
}

const named = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** Returns the names that differ by a number alone, in its order: the most that do, or none where they are few. */
function numberedAlike(names: readonly string[]): readonly string[] {
  const numbered = names.flatMap((name) => {
    const [, stem, digits] = /^(.*?)(\d+)$/.exec(name) ?? [];
    return digits === undefined ? [] : [{ name, stem, number: Number(digits) }];
  });
  const [most = []] = [...Map.groupBy(numbered, ({ stem }) => stem).values()].sort(
    (a, b) => b.length - a.length,
  );
  if (most.length < leastNumbered) return [];
  return most.toSorted((a, b) => a.number - b.number).map(({ name }) => name);
}
