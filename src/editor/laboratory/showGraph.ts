import { l10n } from 'vscode';
import type { CellReference } from '../language/lenses.ts';
import { chooseCell } from './chosenCell.ts';
import { examineCell, type Laboratory } from './laboratory.ts';

/**
 * The size of the vocabulary if no text has been trained on: the printable ASCII characters and the line end.
 */
const commonVocabulary = 96;

/**
 * Shows the equations of the cell as a graph; as a text, the graph that it is compiled to, with the widths that the file
 * or the settings give.
 */
export async function showGraph(laboratory: Laboratory, reference?: CellReference): Promise<void> {
  const chosen = await chooseCell(laboratory.documents, reference);
  if (!chosen) return;
  const { document, cell, widths } = chosen;
  const examination = { kind: 'graph', hidden: widths.h!, vocabulary: widths.y ?? commonVocabulary } as const;
  const finding = await examineCell(laboratory, chosen, examination, l10n.t('Compiling {0}', cell.name));
  if (finding?.kind !== 'graph') return;
  const { picture, text } = finding;
  const title = l10n.t('Graph of {0}', cell.name);
  laboratory.pictures.show({ title, source: document.uri, cell: cell.name, picture, text });
}
