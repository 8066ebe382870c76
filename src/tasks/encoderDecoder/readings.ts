// Understands a document as a table whose texts are rewritten, and finds its wrong rows.
import { obstacleOfPairs, pairsOf } from '../../data/pairs/pairDataset.ts';
import { type RecognisedPairs, recognisePairs } from '../../data/pairs/recognise.ts';
import { labelledRows } from '../../data/table/labelledRows.ts';
import { readTable } from '../../data/table/readTable.ts';
import type { Table } from '../../data/table/table.ts';
import { minimumRows } from '../../data/table/tableDataset.ts';
import { Problem } from '../../protocol/problem.ts';
import type { ChosenColumns, DataReading, WrongRow } from '../../protocol/rows.ts';
import { columnSummaries } from '../columnSummaries.ts';
import { hasFewMisfits, misfitsText, wrongMisfit, wrongRowsIn } from '../misfits.ts';

/**
 * Returns how the document is understood, if it is a table with a column of texts to write.
 * @param isNamed whether its file's name is that of a table, so that it need not look like one
 */
export function pairReadings(text: string, isNamed: boolean, columns: ChosenColumns): readonly DataReading[] {
  try {
    const found = recognisePairs(text, columns);
    if (!found || found.writes === null || found.reads === null) return [];
    const table = readTable(text, found.format);
    if (!isNamed && !hasFewMisfits(table)) return [];
    const { reads, writes, sentence } = found;
    return [
      {
        sentence,
        choice: { kind: 'encoder-decoder', reads, writes, heldOut: null },
        columns: columnSummaries(table),
        reads,
        writes,
        obstacle: obstacleOf(table, { ...found, reads, writes }),
        misfits: misfitsText(pairsOf(labelledRows(table, { reads, writes }), { reads, writes })),
      },
    ];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // The acceptor's reading says what is wrong with the table.
    return [];
  }
}

function obstacleOf(
  table: Table,
  { reads, writes }: RecognisedPairs & { readonly reads: readonly string[]; readonly writes: string },
): string | null {
  const { rows } = pairsOf(labelledRows(table, { reads, writes }), { reads, writes });
  if (rows.length < minimumRows)
    return `${minimumRows} rows with a target are needed to learn from, and \`${writes}\` is filled in on ${rows.length}: fill in more.`;
  return obstacleOfPairs(rows, { reads, writes });
}

/** @param text the text with line ends as \n */
export const wrongRowsOfPairs = (text: string, columns: ChosenColumns): WrongRow[] =>
  wrongRowsIn(text, columns, (checked) =>
    pairsOf(labelledRows(checked.table, checked), checked).misfits.map((misfit) =>
      wrongMisfit(misfit, checked),
    ),
  );
