// Completes names, functions, options and their values.

import { CompletionItem, CompletionItemKind, type Disposable, languages } from 'vscode';
import { languageId } from '../../contributions.ts';
import { type Completion, complete } from '../../language/editing/complete.ts';
import type { Documents } from './documents.ts';

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  word: CompletionItemKind.Keyword,
  function: CompletionItemKind.Function,
  vector: CompletionItemKind.Variable,
  parameter: CompletionItemKind.TypeParameter,
  constant: CompletionItemKind.Constant,
  option: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  cell: CompletionItemKind.Class,
};

export function registerCompletion(documents: Documents): Disposable {
  return languages.registerCompletionItemProvider(
    languageId,
    {
      provideCompletionItems(document, position) {
        const offset = document.offsetAt(position);
        const cells = documents.surroundings.cells(document);
        return complete(documents.checked(document), offset, cells).map(toItem);
      },
    },
    '=',
    '(',
  );
}

function toItem({ label, kind, detail, insert }: Completion, index: number): CompletionItem {
  const item = new CompletionItem(label, kinds[kind]);
  item.detail = detail;
  if (insert !== undefined) item.insertText = insert;
  // The order is the language's, which puts likely completions first.
  item.sortText = String(index).padStart(3, '0');
  return item;
}
