// Offers the correction of a mistake as a quick fix.

import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  type Disposable,
  languages,
  WorkspaceEdit,
} from 'vscode';
import { languageId } from '../../contributions.ts';
import { shown } from '../../protocol/shownText.ts';
import { type Documents, toRange } from './documents.ts';

export function registerFixes(documents: Documents): Disposable {
  const provider: CodeActionProvider = {
    provideCodeActions(document, range, { diagnostics }) {
      return documents.checked(document).diagnostics.flatMap(({ range: where, message, fix }) => {
        if (!fix || !toRange(document, where).intersection(range)) return [];
        const action = new CodeAction(shown(fix.title), CodeActionKind.QuickFix);
        action.edit = new WorkspaceEdit();
        for (const { range, text } of fix.edits) {
          action.edit.replace(document.uri, toRange(document, range), text);
        }
        action.diagnostics = diagnostics.filter((diagnostic) => diagnostic.message === shown(message));
        action.isPreferred = true;
        return [action];
      });
    },
  };
  const metadata = { providedCodeActionKinds: [CodeActionKind.QuickFix] };
  return languages.registerCodeActionsProvider(languageId, provider, metadata);
}
