// Implements Go to Definition, Find References, highlights, Rename and the outline.

import {
  Disposable,
  DocumentHighlight,
  DocumentSymbol,
  Location,
  l10n,
  languages,
  SymbolKind,
  type TextDocument,
  WorkspaceEdit,
} from 'vscode';
import { languageId } from '../../contributions.ts';
import { renamable, rename } from '../../language/editing/rename.ts';
import { definition, type OutlineItem, outline, references } from '../../language/editing/symbols.ts';
import type { Range as Offsets } from '../../language/syntax/source.ts';
import { type Documents, toRange } from './documents.ts';

const kinds: Readonly<Record<OutlineItem['kind'], SymbolKind>> = {
  cell: SymbolKind.Class,
  section: SymbolKind.Namespace,
  vector: SymbolKind.Variable,
  constant: SymbolKind.Constant,
  option: SymbolKind.Property,
};

export function registerNavigation(documents: Documents): Disposable {
  const at = (document: TextDocument, range: Offsets) => new Location(document.uri, toRange(document, range));
  return Disposable.from(
    languages.registerDefinitionProvider(languageId, {
      provideDefinition(document, position) {
        const found = definition(documents.checked(document), document.offsetAt(position));
        return found && at(document, found);
      },
    }),
    languages.registerReferenceProvider(languageId, {
      provideReferences(document, position) {
        const found = references(documents.checked(document), document.offsetAt(position));
        return found.map((range) => at(document, range));
      },
    }),
    languages.registerDocumentHighlightProvider(languageId, {
      provideDocumentHighlights(document, position) {
        const found = references(documents.checked(document), document.offsetAt(position));
        return found.map((range) => new DocumentHighlight(toRange(document, range)));
      },
    }),
    languages.registerRenameProvider(languageId, {
      prepareRename(document, position) {
        const range = renamable(documents.checked(document), document.offsetAt(position));
        if (!range) throw new Error(l10n.t('Only a name that the cell defines can be renamed.'));
        return toRange(document, range);
      },
      provideRenameEdits(document, position, name) {
        const edits = rename(documents.checked(document), document.offsetAt(position), name);
        if (typeof edits === 'string') throw new Error(edits);
        const whole = new WorkspaceEdit();
        for (const { range, text } of edits) whole.replace(document.uri, toRange(document, range), text);
        return whole;
      },
    }),
    languages.registerDocumentSymbolProvider(languageId, {
      provideDocumentSymbols(document) {
        return outline(documents.checked(document)).map((item) => toSymbol(document, item));
      },
    }),
  );
}

function toSymbol(document: TextDocument, { name, kind, range, selection, children }: OutlineItem) {
  const whole = toRange(document, range);
  const symbol = new DocumentSymbol(name, '', kinds[kind], whole, toRange(document, selection));
  symbol.children = children.map((child) => toSymbol(document, child));
  return symbol;
}
