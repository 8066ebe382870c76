import type { CellReference } from '../language/lenses.ts';
import { chooseCell } from './chosenCell.ts';
import { examineCell, type Laboratory } from './laboratory.ts';

/** The printable characters of ASCII and the line end: where no text has been trained on yet. */
const commonVocabulary = 96;

/** Shows what the cell is compiled to, as wide as the file or the settings say. */
export async function showGraph(laboratory: Laboratory, reference?: CellReference): Promise<void> {
  const chosen = await chooseCell(laboratory.documents, reference);
  if (!chosen) return;
  const { document, cell, widths } = chosen;
  const examination = { kind: 'graph', hidden: widths.h!, vocabulary: widths.y ?? commonVocabulary } as const;
  const finding = await examineCell(laboratory, chosen, examination, `Compiling ${cell.name}`);
  if (finding) await laboratory.findings.show(`Graph of ${cell.name}`, document.uri, finding.text);
}
