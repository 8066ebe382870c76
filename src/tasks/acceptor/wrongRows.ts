// Finds the rows of a table that are left out of a run, or that teach it something that is hardly meant.
import { type LabelledRow, labelledRows } from '../../data/table/labelledRows.ts';
import type { Table } from '../../data/table/table.ts';
import type { ChosenColumns, WrongRow } from '../../protocol/rows.ts';
import { mostWrongRows, type PlacedIn, placeOf, wrongMisfit, wrongRowsIn } from '../misfits.ts';

/** @param text the text with line ends as \n */
export const wrongRowsOfTable = (text: string, columns: ChosenColumns): WrongRow[] =>
  wrongRowsIn(text, columns, (checked) => {
    const { rows, misfits, column } = labelledRows(checked.table, checked);
    return [
      ...misfits.map((misfit) => wrongMisfit(misfit, checked)),
      ...wrongLabels(rows, { ...checked, column }),
    ];
  });

interface Read extends PlacedIn {
  readonly table: Table;
}

/** Finds the first labels that are wrong, as many as are reported. */
function wrongLabels(rows: readonly LabelledRow[], { table, format, lines, column }: Read): WrongRow[] {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  const repeated = [...counts].flatMap(([label, count]) => (count > 1 ? [label] : []));
  const byLine = new Map(table.rows.map((row) => [row.line, row]));
  const wrong: WrongRow[] = [];
  for (const { line, label } of rows) {
    if (wrong.length === mostWrongRows) break;
    const row = byLine.get(line)!;
    const written = column.index < 0 ? label : row.cells[column.index];
    const once = counts.get(label) === 1;
    if (!once && written === label) continue;
    const { stretch, mend } = placeOf(row, { format, lines, column });
    if (once) {
      const meant = nearest(label, repeated);
      const hint = meant === null ? '' : ` Is \`${meant}\` meant?`;
      const message = `The label \`${label}\` is on this row alone, which is too little to learn it from.${hint}`;
      wrong.push({ ...stretch, message, mend: meant === null ? null : mend(meant) });
    } else {
      const message = `The label \`${label}\` has space around it, which other programs take for a label of its own.`;
      wrong.push({ ...stretch, message, mend: mend(label) });
    }
  }
  return wrong;
}

/** Returns the label that differs in case or in one edit (Damerau 1964); null where there is none, or several. */
function nearest(label: string, others: readonly string[]): string | null {
  const near = others.filter((each) => each.toLowerCase() === label.toLowerCase() || isOneEdit(each, label));
  return near.length === 1 ? near[0] : null;
}

function isOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 3) return false;
  let from = 0;
  while (from < Math.min(a.length, b.length) && a[from] === b[from]) from++;
  const [restA, restB] = [a.slice(from), b.slice(from)];
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0])
  );
}
