// Shows the cells of a `.rnn` file in the language status.
import {
  type Disposable,
  Disposable as Disposables,
  LanguageStatusSeverity,
  l10n,
  window,
  workspace,
} from 'vscode';
import { languageId } from '../../contributions.ts';
import { listed } from '../../language/syntax/source.ts';
import { widthOf } from '../../language/widths.ts';
import { number } from '../text/numberFormat.ts';
import { languageStatusItem, setLanguageStatus } from '../ui/items.ts';
import { type Documents, pause, type Read } from './documents.ts';

export function registerStatus(documents: Documents): Disposable {
  const item = languageStatusItem('unroll.cells', { language: languageId }, l10n.t('Cells'));
  const update = () => {
    const document = window.activeTextEditor?.document;
    if (document?.languageId !== languageId) return;
    const read = documents.read(document);
    const problems = read.checked.diagnostics.filter(({ severity }) => severity === 'error').length;
    item.severity = problems > 0 ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    const mistakes = problems === 1 ? l10n.t('1 mistake') : l10n.t('{0} mistakes', problems);
    setLanguageStatus(item, cellsOf(read), problems === 0 ? parametersOf(read) : mistakes);
    item.command = { command: 'workbench.actions.view.problems', title: l10n.t('Problems') };
  };
  update();
  let waiting: NodeJS.Timeout | undefined;
  return Disposables.from(
    item,
    new Disposables(() => clearTimeout(waiting)),
    window.onDidChangeActiveTextEditor(update),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document !== window.activeTextEditor?.document || document.languageId !== languageId) return;
      clearTimeout(waiting);
      waiting = setTimeout(update, pause);
    }),
    documents.surroundings.onDidChange(update),
  );
}

function cellsOf({ checked: { scopes } }: Read): string {
  const names = scopes.map(({ section }) => section.name.text);
  if (names.length === 0) return l10n.t('no cell');
  return names.length === 1
    ? l10n.t('cell {0}', names[0])
    : l10n.t('{0} cells: {1}', names.length, listed(names));
}

/** Counts the parameters of the last cell, which is trained by default. */
function parametersOf({ checked, widths }: Read): string {
  const cell = checked.cells.at(-1);
  if (!cell || widths.x === undefined || widths.h === undefined || widths.y === undefined) return '';
  const known = { x: widths.x, h: widths.h, y: widths.y };
  const count = cell.parameters.reduce(
    (sum, { rows, columns }) => sum + widthOf(rows, known) * widthOf(columns, known),
    0,
  );
  return l10n.t('{0}: {1} parameters in a layer of {2} units', cell.name, number(count), known.h);
}
