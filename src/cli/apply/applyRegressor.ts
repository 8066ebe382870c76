import type { Engine } from '../../backend/engine.ts';
import { rowsToLabel } from '../../data/table/labelledRows.ts';
import { noSequence } from '../../data/table/numberedRows.ts';
import { formatOf, readTable } from '../../data/table/readTable.ts';
import { Problem } from '../../protocol/problem.ts';
import type { StoredRegressor } from '../../store/modelFolder.ts';
import { notATableOfNumbers } from '../../tasks/regressor/index.ts';
import { openRegressor, writeNumber } from '../../tasks/regressor/open.ts';
import type { Applied, Document } from './applied.ts';
import { fillIn } from './fillIn.ts';

/**
 * Fills in the column of numbers that a regressor predicts.
 * @throws Problem when the file is no table, or has not the columns
 */
export async function applyRegressor(
  model: StoredRegressor,
  { file, source }: Document,
  engine: () => Promise<Engine>,
): Promise<Applied> {
  const { regression } = model;
  const { writes } = regression;
  const format = formatOf(source, model.regression.format);
  if (format === null || format === 'fastText') throw new Problem(notATableOfNumbers(file));
  const read = readTable(source, format);
  const { missing, misfits, column } = rowsToLabel(read, { ...regression, isBare: true });
  if (column.index < 0 && format !== 'JSON Lines')
    throw new Problem(`The table has no column \`${writes}\` to fill in: add one, whose cells may be empty.`);
  const regressor = openRegressor(await engine(), model);
  const found = regressor.predict(missing.map(({ text }) => text));
  regressor.dispose();
  const values = new Map<number, string>();
  const unread = missing.flatMap(({ line }, row) => {
    const predicted = found[row];
    if (!predicted) return [{ line, message: noSequence(regression) }];
    values.set(line, writeNumber(predicted.value, regression));
    return [];
  });
  const all = [...misfits, ...unread].sort((a, b) => a.line - b.line);
  return fillIn({ source, format, read, misfits: all }, { ...column, values });
}
