// Shows the role and the shape of a name, and the equation that defines it.

import { type Disposable, Hover, languages } from 'vscode';
import { languageId } from '../../contributions.ts';
import { hover } from '../../language/editing/hover.ts';
import { codeBlock, join, Markdown } from '../ui/markdown.ts';
import { type Documents, toRange } from './documents.ts';

export function registerHover(documents: Documents): Disposable {
  return languages.registerHoverProvider(languageId, {
    provideHover(document, position) {
      const { checked, widths } = documents.read(document);
      const found = hover(checked, document.offsetAt(position), widths);
      if (!found) return null;
      const code = found.code === null ? [] : [codeBlock(found.code, languageId)];
      // The text is the language's own; it puts the user's words in code spans.
      const text = join([...code, new Markdown(found.text)]);
      return new Hover(text.string(), toRange(document, found.range));
    },
  });
}
