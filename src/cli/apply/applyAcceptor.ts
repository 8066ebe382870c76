import type { Engine } from '../../backend/engine.ts';
import { rowsToLabel } from '../../data/table/labelledRows.ts';
import { formatOf, readTable } from '../../data/table/readTable.ts';
import { Problem } from '../../protocol/problem.ts';
import type { StoredTable, TableFormat } from '../../protocol/task.ts';
import type { StoredModel } from '../../store/modelFolder.ts';
import type { ClassEnsemble } from '../../tasks/acceptor/classEnsemble.ts';
import { notATable } from '../../tasks/acceptor/index.ts';
import { openAcceptor } from '../../tasks/acceptor/open.ts';
import type { Applied, Document } from './applied.ts';
import { fillIn } from './fillIn.ts';

/**
 * Fills in the column that an acceptor writes.
 * @param ensemble what the model has beside its network
 * @throws Problem when the file is no table, or has not the columns
 */
export async function applyAcceptor(
  model: StoredModel,
  ensemble: ClassEnsemble | null,
  { file, source }: Document,
  engine: () => Promise<Engine>,
): Promise<Applied> {
  const table = model.manifest.table!;
  const format = formatIn(source, table);
  if (format === null) throw new Problem(notATable(file));
  const read = readTable(source, format);
  const { missing, misfits, column } = rowsToLabel(read, table);
  if (column.index < 0 && format !== 'JSON Lines')
    throw new Problem(
      `The table has no column \`${table.writes}\` to fill in: add one, whose cells may be empty.`,
    );
  const spaced = table.classes.find((label) => /\s/.test(label));
  if (format === 'fastText' && spaced !== undefined)
    throw new Problem(
      `A label of fastText has no space, and this model has \`${spaced}\`: apply it to a table with columns.`,
    );
  const acceptor = openAcceptor(await engine(), { ...model, classes: table.classes, ensemble });
  const found = acceptor.classify(missing.map(({ text }) => text));
  acceptor.dispose();
  const labels = missing.flatMap(({ line }, row) => {
    const label = found[row]?.label;
    return label === undefined ? [] : [[line, label] as const];
  });
  return fillIn({ source, format, read, misfits }, { ...column, values: new Map(labels) });
}

/** Returns the format of a table. One of fastText may have no label yet, which says so. */
function formatIn(source: string, { format }: StoredTable): TableFormat | null {
  const found = formatOf(source, format);
  return format === 'fastText' && found !== 'JSON Lines' ? format : found;
}
