// Shows the commands for a cell above its first line.

import {
  type CodeLensProvider,
  type Disposable,
  type Event,
  l10n,
  languages,
  type TextDocument,
} from 'vscode';
import { commands, languageId } from '../../contributions.ts';
import { codeLens } from '../ui/items.ts';
import { type Documents, toRange } from './documents.ts';

/** The argument of the lenses' commands. */
export interface CellReference {
  /** The URI of the document that contains the cell, saved or not. */
  readonly uri: string;
  readonly cell: string;
}

export interface TrainingText {
  /** Returns the title of the text that 'Train' would train on; undefined if there is none yet. */
  title(): string | undefined;
  readonly onDidChange: Event<void>;
}

/** Registers the lenses. A cell with a mistake has none, because its diagnostic has to be resolved first. */
export function registerLenses(documents: Documents, text: TrainingText): Disposable {
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: text.onDidChange,
    provideCodeLenses(document) {
      return documents.checked(document).scopes.flatMap(({ cell, section }) => {
        if (!cell) return [];
        const range = toRange(document, section.header);
        return actions(document, cell.name, text.title()).map((action) => codeLens(range, action));
      });
    },
  };
  return languages.registerCodeLensProvider(languageId, provider);
}

function actions(document: TextDocument, cell: string, title: string | undefined) {
  const reference: CellReference = { uri: document.uri.toString(), cell };
  const action = (command: string, title: string) => ({ command, title, arguments: [reference] });
  return [
    ...(title === undefined
      ? []
      : [action(commands.trainWithCell, l10n.t('Train on {0} with This Cell', title))]),
    action(commands.checkGradients, l10n.t('Check Gradients')),
    action(commands.trace, l10n.t('Trace')),
    action(commands.showGraph, l10n.t('Show Graph')),
  ];
}
