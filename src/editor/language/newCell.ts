// The command 'New Cell' opens a copy of a built-in cell under a new name.

import { l10n, type QuickPickItem, window, workspace } from 'vscode';
import { builtinCells } from '../../cells/index.ts';
import { languageId } from '../../contributions.ts';
import { pick } from '../ui/quickInput.ts';

export async function newCell(): Promise<void> {
  const items = [...builtinCells].map(([label, text]): QuickPickItem => {
    const [first] = text.split('\n');
    return { label, detail: first.replace(/^# /, '') };
  });
  const chosen = await pick(items, {
    title: l10n.t('New Cell'),
    placeHolder: l10n.t('Which cell to start from'),
    matchOnDetail: true,
  });
  if (!chosen) return;
  const content = builtinCells.get(chosen.label)!.replace(`cell ${chosen.label}`, `cell My${chosen.label}`);
  const document = await workspace.openTextDocument({ language: languageId, content });
  await window.showTextDocument(document, { preview: false });
}
