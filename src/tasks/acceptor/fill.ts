// Fills in the labels of a table's rows. Any other document is read line by line, and nothing is written there.
import type { Engine } from '../../backend/engine.ts';
import type { Pause } from '../../completion/stateCache/documentStates.ts';
import type { PlacedRow } from '../../data/table/placedRows.ts';
import { longestRow } from '../../data/table/tableDataset.ts';
import { spell } from '../../data/text/tokens/tokenSpans.ts';
import type { FilledRow, FilledRows, RowEvidence, RowsPassage } from '../../protocol/rows.ts';
import type { StoredTable } from '../../protocol/task.ts';
import type { Classified } from '../classify.ts';
import { type Filler, isBegun, namedOf } from '../filler.ts';
import { placedEvidence, type Span } from '../placedEvidence.ts';
import { isIn, rowsToFill } from '../rowsToFill.ts';
import { evidenceOf } from './evidence.ts';
import { openAcceptor, type StoredAcceptor } from './open.ts';

/** The number of rows that are read before a cancellation is heard of. */
const block = 128;

export function openAcceptorFiller(
  engine: Engine,
  { table, ...stored }: Omit<StoredAcceptor, 'classes'> & { readonly table: StoredTable },
): Filler {
  const acceptor = openAcceptor(engine, { ...stored, classes: table.classes });

  async function fill(passage: RowsPassage, of: 'missing' | 'all', pause: Pause): Promise<FilledRows> {
    const { rows, problem } = rowsOf(passage, table);
    const mayWrite = problem === null;
    const wanted = rows.filter(
      (row) => isIn(row, passage) && (of === 'all' || row.label === '' || isBegun(row.label, table.classes)),
    );
    const filled: FilledRow[] = [];
    for (let from = 0; from < wanted.length; from += block) {
      await pause();
      const some = wanted.slice(from, from + block);
      const ranked = acceptor.rank(some.map(({ text }) => text));
      filled.push(
        ...some.flatMap((row, index) => (ranked[index] ? [filledRow(row, ranked[index], mayWrite)] : [])),
      );
    }
    return { rows: filled, column: table.writes, problem };
  }

  function evidence(passage: RowsPassage): RowEvidence | null {
    const row = rowsOf(passage, table).rows.find((each) => isIn(each, passage));
    if (!row) return null;
    const { tokens: all, offsets } = spell(stored.tokenizer, row.text);
    const tokens = Int32Array.from(all.slice(0, longestRow));
    const [ranked] = acceptor.rank([row.text]);
    if (!ranked || tokens.length === 0) return null;
    const value = table.classes.includes(row.label) ? row.label : ranked[0].label;
    const nats = evidenceOf(engine, stored, tokens, table.classes.indexOf(value));
    const spans = Array.from(nats, (_, token): Span => [offsets[token], offsets[token + 1]]);
    return { value, tokens: placedEvidence(row, spans, nats) };
  }

  return { fill, evidence, dispose: () => acceptor.dispose() };
}

function filledRow(
  { line, last, label, cell: found }: PlacedRow,
  ranked: readonly Classified[],
  mayWrite: boolean,
): FilledRow {
  const cell = mayWrite ? found : null;
  return {
    line,
    last,
    given: label,
    candidates: namedOf(ranked, label).map(({ label: value, probability }) => ({
      value,
      probability,
      text: cell ? cell.write(value) : value,
    })),
    cell: cell && { from: cell.from, to: cell.to },
  };
}

function rowsOf(
  passage: RowsPassage,
  table: StoredTable,
): { rows: readonly PlacedRow[]; problem: string | null } {
  const { rows, format, problem } = rowsToFill(passage, table);
  const spaced = table.classes.find((label) => /\s/.test(label));
  return problem === null && format === 'fastText' && spaced !== undefined
    ? {
        rows,
        problem: `A label of fastText has no space, and this model has \`${spaced}\`: fill in a table with columns.`,
      }
    : { rows, problem };
}
