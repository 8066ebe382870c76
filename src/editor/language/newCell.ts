// The command 'New Cell' opens a copy of a built-in cell under a new name. The cells are listed by family.

import { l10n, type QuickPickItem, QuickPickItemKind, window, workspace } from 'vscode';
import { type BuiltinCell, builtinCells, type CellFamily, cellFamilies } from '../../cells/index.ts';
import { languageId } from '../../contributions.ts';
import { pick } from '../ui/quickInput.ts';

export async function newCell(): Promise<void> {
  const chosen = await pick(cellItems(), {
    title: l10n.t('New Cell'),
    placeHolder: l10n.t('Which cell to start from'),
    matchOnDetail: true,
  });
  if (!chosen) return;
  const content = builtinCells.get(chosen.label)!.replace(`cell ${chosen.label}`, `cell My${chosen.label}`);
  const document = await workspace.openTextDocument({ language: languageId, content });
  await window.showTextDocument(document, { preview: false });
}

/** Returns the built-in cells by family, each with its year and its reference. */
const cellItems = (): QuickPickItem[] =>
  (Object.entries(cellFamilies) as [CellFamily, readonly BuiltinCell[]][]).flatMap(([family, cells]) => [
    { label: familyName(family), kind: QuickPickItemKind.Separator },
    ...cells.map(({ name, year, text }) => ({
      label: name,
      description: String(year),
      detail: text.split('\n')[0].replace(/^# /, ''),
    })),
  ]);

function familyName(family: CellFamily): string {
  switch (family) {
    case 'long short-term memory':
      return l10n.t('long short-term memory');
    case 'gated units':
      return l10n.t('gated units');
    case 'simple recurrent networks':
      return l10n.t('simple recurrent networks');
    case 'linear recurrences':
      return l10n.t('linear recurrences');
    case 'windows and attention':
      return l10n.t('windows and attention');
    case 'decoders':
      return l10n.t('decoders');
    case 'probabilities':
      return l10n.t('probabilities');
    case 'reservoirs':
      return l10n.t('reservoirs');
    case 'without parameters':
      return l10n.t('without parameters');
  }
}
