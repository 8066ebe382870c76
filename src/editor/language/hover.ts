// Role and shape of a name, and the equation that it comes from.

import { type Disposable, Hover, languages, MarkdownString } from 'vscode';
import { languageId } from '../../contributions.ts';
import { hover } from '../../language/hover.ts';
import { type Documents, toRange } from './documents.ts';

export function registerHover(documents: Documents): Disposable {
  return languages.registerHoverProvider(languageId, {
    provideHover(document, position) {
      const { checked, widths } = documents.read(document);
      const found = hover(checked, document.offsetAt(position), widths);
      if (!found) return null;
      const text = new MarkdownString();
      if (found.code !== null) text.appendCodeblock(found.code, languageId);
      text.appendMarkdown(found.text);
      return new Hover(text, toRange(document, found.range));
    },
  });
}
