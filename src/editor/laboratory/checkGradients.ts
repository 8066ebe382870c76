import { l10n } from 'vscode';
import type { CellReference } from '../language/lenses.ts';
import { say } from '../ui/messages.ts';
import { chooseCell } from './chosenCell.ts';
import { examineCell, type Laboratory } from './laboratory.ts';

/** Tells whether the cell's gradients are right; 'Details' shows the results by parameter. */
export async function checkGradients(laboratory: Laboratory, reference?: CellReference): Promise<void> {
  const chosen = await chooseCell(laboratory.documents, reference);
  if (!chosen) return;
  const { document, cell } = chosen;
  const title = l10n.t('Checking the gradients of {0}', cell.name);
  const finding = await examineCell(laboratory, chosen, { kind: 'gradients' }, title);
  if (finding?.kind !== 'gradients') return;
  const tell = finding.agrees ? say.information : say.warning;
  const details = l10n.t('Details');
  if ((await tell(finding.sentence, details)) === details)
    await laboratory.findings.show(l10n.t('Gradients of {0}', cell.name), document.uri, finding.text);
}
