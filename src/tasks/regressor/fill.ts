// Fills in the numbers of a table's rows. Any other document is read line by line, and nothing is written there.
import type { Engine } from '../../backend/engine.ts';
import type { Pause } from '../../completion/stateCache/documentStates.ts';
import type { PlacedRow } from '../../data/table/placedRows.ts';
import type { FilledRow, FilledRows, RowEvidence, RowsPassage } from '../../protocol/rows.ts';
import type { StoredRegression } from '../../protocol/task.ts';
import type { Filler } from '../filler.ts';
import { level } from '../outcomes.ts';
import { isIn, rowsToFill } from '../rowsToFill.ts';
import { rowEvidence } from './evidence.ts';
import { type OpenableRegressor, openRegressor, type PredictedNumber, writeNumber } from './open.ts';

/** The number of rows that are read before a cancellation is heard of. */
const block = 128;

export function openRegressorFiller(
  engine: Engine,
  stored: Omit<OpenableRegressor, 'regression'> & { readonly regression: StoredRegression },
): Filler {
  const { regression } = stored;
  const regressor = openRegressor(engine, stored);

  async function fill(passage: RowsPassage, of: 'missing' | 'all', pause: Pause): Promise<FilledRows> {
    const { rows, problem } = rowsToFill(passage, { ...regression, isBare: true });
    // A row that is asked for alone may have been begun.
    const isOne = passage.to === passage.from + 1;
    const wanted = rows.filter((row) => isIn(row, passage) && (of === 'all' || isOne || row.label === ''));
    const filled: FilledRow[] = [];
    for (let from = 0; from < wanted.length; from += block) {
      await pause();
      const some = wanted.slice(from, from + block);
      for (const [index, found] of regressor.predict(some.map(({ text }) => text)).entries())
        if (found) filled.push(filledRow(some[index], found, regression, problem === null));
    }
    return {
      rows: of === 'all' ? filled : filled.filter(isOpen),
      column: regression.writes,
      problem,
    };
  }

  function evidence(passage: RowsPassage): RowEvidence | null {
    const { rows } = rowsToFill(passage, { ...regression, isBare: true });
    const row = rows.find((each) => isIn(each, passage));
    const [found] = row ? regressor.predict([row.text]) : [];
    return row && found ? rowEvidence(engine, stored, row, found) : null;
  }

  return { fill, evidence, dispose: () => regressor.dispose() };
}

/** Whether there is something to write: a number that the prediction does not go on from is a whole one. */
const isOpen = ({ given, candidates: [{ value }] }: FilledRow): boolean =>
  value !== given && value.startsWith(given);

function filledRow(
  { line, last, label, cell: found }: PlacedRow,
  { value: number, lower, upper, sharpness }: PredictedNumber,
  regression: StoredRegression,
  mayWrite: boolean,
): FilledRow {
  const cell = mayWrite ? found : null;
  const value = writeNumber(number, regression);
  return {
    line,
    last,
    given: label,
    candidates: [{ value, probability: null, text: cell ? cell.write(value) : value }],
    interval: {
      lower: writeNumber(lower, regression),
      upper: writeNumber(upper, regression),
      level,
      sharpness,
    },
    cell: cell && { from: cell.from, to: cell.to },
  };
}
