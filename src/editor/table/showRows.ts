// Leads from the panel to rows of the file that a model was trained on.
import { commands, Location, l10n, Uri, ViewColumn, window } from 'vscode';
import { openDocument } from '../text/openDocument.ts';
import { say } from '../ui/messages.ts';
import type { TableParts } from './parts.ts';

/** @param lines the lines on which the rows began when they were trained on, from 1 */
export async function showRows(
  { models }: TableParts,
  directory: string,
  lines: readonly number[],
): Promise<void> {
  const uri = models.all.find((model) => model.directory === directory)?.manifest.provenance.uri;
  const document = uri ? await openDocument(Uri.parse(uri)) : null;
  if (!document) {
    void say.warning(l10n.t('The file of these rows is not there any more.'));
    return;
  }
  const ranges = lines
    .filter((line) => line <= document.lineCount)
    .map((line) => document.lineAt(line - 1).range);
  const [first] = ranges;
  if (!first) {
    void say.warning(l10n.t('The file has fewer rows than when it was trained on: train on it again.'));
    return;
  }
  const shown = window.visibleTextEditors.find((editor) => editor.document === document);
  await window.showTextDocument(document, {
    viewColumn: shown?.viewColumn ?? ViewColumn.One,
    selection: first,
  });
  if (ranges.length === 1) return;
  const locations = ranges.map((range) => new Location(document.uri, range));
  await commands.executeCommand('editor.action.peekLocations', document.uri, first.start, locations, 'peek');
}
