// Finds the cell that a command is about: the one whose lens was clicked or, from the palette, the last one
// of the file.
import { l10n, Selection, type TextDocument, Uri, window } from 'vscode';
import { languageId } from '../../contributions.ts';
import type { CheckedCell } from '../../language/cell.ts';
import type { Scope } from '../../language/checking/checkCell.ts';
import type { Widths } from '../../language/widths.ts';
import { type Documents, toRange } from '../language/documents.ts';
import type { CellReference } from '../language/lenses.ts';
import { openDocument } from '../text/openDocument.ts';
import { say } from '../ui/messages.ts';

export interface ChosenCell {
  readonly document: TextDocument;
  readonly cell: CheckedCell;
  readonly scope: Scope;
  /** The widths of x, h and y, as far as they are known. */
  readonly widths: Partial<Widths>;
}

/**
 * Returns null if there is no cell, or only one with a mistake. The user is told, and the mistake is
 * selected.
 */
export async function chooseCell(
  documents: Documents,
  reference: CellReference | undefined,
): Promise<ChosenCell | null> {
  const document = reference
    ? await openDocument(Uri.parse(reference.uri))
    : window.activeTextEditor?.document;
  if (document?.languageId !== languageId) {
    void say.warning(l10n.t('Open a `.rnn` file first; its last cell is used. `New Cell` makes one.'));
    return null;
  }
  const { checked, widths } = documents.read(document);
  const scope = reference
    ? checked.scopes.find(({ section }) => section.name.text === reference.cell)
    : checked.scopes.at(-1);
  if (scope?.cell) return { document, cell: scope.cell, scope, widths };

  const from = scope?.section.range.from ?? 0;
  const mistake = checked.diagnostics.find(
    ({ severity, range }) => severity === 'error' && range.from >= from,
  );
  if (!mistake) {
    void say.warning(l10n.t('There is no such cell in this file: one begins with `cell NAME`.'));
    return null;
  }
  const range = toRange(document, mistake.range);
  const editor = await window.showTextDocument(document);
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range);
  void say.warning(l10n.t('There is a mistake in line {0}: {1}', range.start.line + 1, mistake.message));
  return null;
}
