// Fills in the targets of a table's rows. Any other document is read line by line, and nothing is written there.
import type { Engine } from '../../backend/engine.ts';
import type { Pause } from '../../completion/stateCache/documentStates.ts';
import { linesAsRows, type PlacedRow, placedRows } from '../../data/table/placedRows.ts';
import { Problem } from '../../protocol/problem.ts';
import type { FilledRow, FilledRows, RowRewritings, RowsPassage } from '../../protocol/rows.ts';
import type { StoredPairs } from '../../protocol/task.ts';
import type { Filler } from '../filler.ts';
import { type OpenableEncoderDecoder, openEncoderDecoder, type Rewritten } from './open.ts';

export function openPairFiller(
  engine: Engine,
  { pairs, ...stored }: Omit<OpenableEncoderDecoder, 'longest'> & { readonly pairs: StoredPairs },
): Filler {
  const model = openEncoderDecoder(engine, { ...stored, longest: pairs.longest });

  async function fill(passage: RowsPassage, of: 'missing' | 'all', pause: Pause): Promise<FilledRows> {
    const { rows, problem } = rowsOf(passage, pairs);
    // A row that is asked for alone may have been begun.
    const isOne = passage.to === passage.from + 1;
    const wanted = rows.filter(
      (row) =>
        row.line < passage.to && row.last >= passage.from && (of === 'all' || isOne || row.label === ''),
    );
    const filled: FilledRow[] = [];
    for (const row of wanted) {
      await pause();
      const begun = of === 'missing' ? row.label : '';
      const rewritten = model.rewrite(row.cell ? row.text : row.text.trim(), { begun, alternatives: isOne });
      const [best] = rewritten.rewritings;
      // A cell that the model would leave as it is has nothing missing.
      const isWhole = of === 'missing' && row.label !== '' && best?.text === row.label;
      if (best && !isWhole) filled.push(filledRow(row, rewritten, problem === null));
    }
    return { rows: filled, column: pairs.writes, problem };
  }

  function rewritings(passage: RowsPassage): RowRewritings | null {
    const row = rowsOf(passage, pairs).rows.find(
      ({ line, last }) => line < passage.to && last >= passage.from,
    );
    if (!row?.cell) return null;
    const { text } = row;
    const found = model.rewrite(text);
    const [best] = found.rewritings;
    if (!best) return null;
    const { line, last } = row;
    return { line, last, ...found, alignment: model.align(text, best.text) };
  }

  return { fill, rewritings, dispose: () => model.dispose() };
}

function filledRow(
  { line, last, label, cell: found }: PlacedRow,
  { rewritings, unseen }: Rewritten,
  mayWrite: boolean,
): FilledRow {
  const cell = mayWrite ? found : null;
  return {
    line,
    last,
    given: label,
    candidates: rewritings.map(({ text: value, probability }) => ({
      value,
      probability,
      text: cell ? cell.write(value) : value,
    })),
    ...(unseen.length > 0 && { unseen }),
    cell: cell && { from: cell.from, to: cell.to },
  };
}

/** Returns the rows of a table; of any other text, its lines, and why nothing can be written there. */
function rowsOf(
  passage: RowsPassage,
  pairs: StoredPairs,
): { rows: readonly PlacedRow[]; problem: string | null } {
  let problem = `This is no table with the columns ${[...pairs.reads, pairs.writes].map((name) => `\`${name}\``).join(', ')}, which the model was trained on: open one.`;
  try {
    const read = placedRows(passage, pairs);
    if (read)
      return {
        rows: read.rows,
        problem: read.hasColumn
          ? null
          : `The table has no column \`${pairs.writes}\` to fill in: add one, whose cells may be empty.`,
      };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problem = error.message;
  }
  return { rows: linesAsRows(passage), problem };
}
