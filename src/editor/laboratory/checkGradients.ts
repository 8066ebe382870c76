import { window } from 'vscode';
import type { CellReference } from '../language/lenses.ts';
import { chooseCell } from './chosenCell.ts';
import { examineCell, type Laboratory } from './laboratory.ts';

const details = 'Details';

/** Says whether the cell's gradients are right; by parameter on 'Details'. */
export async function checkGradients(laboratory: Laboratory, reference?: CellReference): Promise<void> {
  const chosen = await chooseCell(laboratory.documents, reference);
  if (!chosen) return;
  const { document, cell } = chosen;
  const title = `Checking the gradients of ${cell.name}`;
  const finding = await examineCell(laboratory, chosen, { kind: 'gradients' }, title);
  if (finding?.kind !== 'gradients') return;
  const say = finding.agrees ? window.showInformationMessage : window.showWarningMessage;
  if ((await say(finding.sentence, details)) === details)
    await laboratory.findings.show(`Gradients of ${cell.name}`, document.uri, finding.text);
}
