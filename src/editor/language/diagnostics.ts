// Reports mistakes as diagnostics while the user types.

import { Diagnostic, DiagnosticSeverity, Disposable, languages, type TextDocument, workspace } from 'vscode';
import { languageId } from '../../contributions.ts';
import { shown } from '../../protocol/shownText.ts';
import { type Documents, pause, toRange } from './documents.ts';

export function registerDiagnostics(documents: Documents): Disposable {
  const collection = languages.createDiagnosticCollection(languageId);
  const waiting = new Map<TextDocument, NodeJS.Timeout>();
  const forget = (document: TextDocument) => {
    clearTimeout(waiting.get(document));
    waiting.delete(document);
  };
  const show = (document: TextDocument) => {
    forget(document);
    if (document.languageId === languageId) collection.set(document.uri, diagnose(documents, document));
  };
  const open = workspace.onDidOpenTextDocument(show);
  const change = workspace.onDidChangeTextDocument(({ document }) => {
    forget(document);
    if (document.languageId !== languageId) return;
    waiting.set(
      document,
      setTimeout(() => show(document), pause),
    );
  });
  const close = workspace.onDidCloseTextDocument((document) => {
    forget(document);
    collection.delete(document.uri);
  });
  for (const document of workspace.textDocuments) show(document);
  const surroundings = documents.surroundings.onDidChange(() => {
    for (const document of workspace.textDocuments) {
      documents.refresh(document);
      show(document);
    }
  });
  const stop = new Disposable(() => {
    for (const timer of waiting.values()) clearTimeout(timer);
  });
  return Disposable.from(collection, open, change, close, surroundings, stop);
}

function diagnose(documents: Documents, document: TextDocument): Diagnostic[] {
  return documents.checked(document).diagnostics.map(({ range, severity, message }) => {
    const level = severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
    const diagnostic = new Diagnostic(toRange(document, range), shown(message), level);
    diagnostic.source = 'Unroll';
    return diagnostic;
  });
}
