import { l10n } from 'vscode';
import type { Documents } from '../language/documents.ts';
import type { LastText } from '../language/lastText.ts';
import type { CellReference } from '../language/lenses.ts';
import { startTraining, type Training } from '../runs/train.ts';
import { textOf } from '../runs/trainingText.ts';
import { say } from '../ui/messages.ts';
import { chooseCell } from './chosenCell.ts';

/** Trains on the text that was active last, with the cell as it stands in the editor, saved or not. */
export async function trainWithCell(
  training: Training,
  documents: Documents,
  lastText: LastText,
  reference?: CellReference,
): Promise<void> {
  const chosen = await chooseCell(documents, reference);
  if (!chosen) return;
  if (!lastText.document) {
    void say.warning(l10n.t('Open a text to train on, then come back to this cell.'));
    return;
  }
  const { document, cell } = chosen;
  await startTraining(training, textOf(lastText.document), {
    definition: document.getText(),
    name: cell.name,
  });
}
