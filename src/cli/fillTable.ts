// Fills in the column of a table that an acceptor writes.
import { rowsToLabel } from '../data/table/labelledRows.ts';
import { formatOf, readTable, writeTable } from '../data/table/readTable.ts';
import { nodePlatform } from '../platform/node/platform.ts';
import { Problem } from '../protocol/problem.ts';
import type { StoredTable, TableFormat } from '../protocol/task.ts';
import { readModel } from '../store/modelFolder.ts';
import { notATable } from '../tasks/acceptor/index.ts';
import { openAcceptor } from '../tasks/acceptor/open.ts';
import { startEngine } from '../worker/engines.ts';
import { say } from './say.ts';

/**
 * Fills in a table. @param file its name, for messages @param source its text @returns the text with what was filled in
 * @throws Problem when there is nothing to fill in
 */
export async function fillTable(directory: string, file: string, source: string): Promise<string> {
  const platform = nodePlatform(__dirname);
  const model = readModel(platform.files, directory);
  const table = model.manifest.table!;
  const format = formatIn(source, table);
  if (format === null) throw new Problem(notATable(file));
  const read = readTable(source, format);
  const { missing, misfits, index } = rowsToLabel(read, table);
  if (index < 0 && format !== 'JSON Lines')
    throw new Problem(
      `The table has no column \`${table.writes}\` to fill in: add one, whose cells may be empty.`,
    );
  const spaced = table.classes.find((label) => /\s/.test(label));
  if (format === 'fastText' && spaced !== undefined)
    throw new Problem(
      `A label of fastText has no space, and this model has \`${spaced}\`: apply it to a table with columns.`,
    );
  const { engine } = await startEngine(platform, { kind: 'auto', threads: 1 });
  const acceptor = openAcceptor(engine, { ...model, classes: table.classes });
  const found = acceptor.classify(missing.map(({ text }) => text));
  acceptor.dispose();
  const labels = missing.flatMap(({ line }, row) => {
    const label = found[row]?.label;
    return label === undefined ? [] : [[line, label] as const];
  });
  const { text, unfilled } = writeTable(source, format, read, {
    column: table.writes,
    index,
    values: new Map(labels),
  });
  const left = misfits.length + unfilled.length;
  say(
    [
      `Filled in: ${rows(labels.length - unfilled.length)} of \`${table.writes}\`.`,
      ...(left > 0 ? [`Left as they are, since they do not fit: ${rows(left)}.`] : []),
      ...misfits.slice(0, 5).map(({ line, message }) => `Line ${line}: ${message}`),
      ...unfilled.slice(0, 5).map((line) => `Line ${line}: Its cells cannot be told apart.`),
    ].join(' '),
  );
  return text;
}

/** Returns the format of a table. One of fastText may have no label yet, which says so. */
function formatIn(source: string, { format }: StoredTable): TableFormat | null {
  const found = formatOf(source);
  return format === 'fastText' && found !== 'JSON Lines' ? format : found;
}

const rows = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`;
