// Implements Format Document. A file that cannot be parsed completely is left unchanged.

import { type Disposable, EndOfLine, languages, TextEdit } from 'vscode';
import { languageId } from '../../contributions.ts';
import { format } from '../../language/syntax/printer.ts';
import { toRange } from './documents.ts';

export function registerFormatting(): Disposable {
  return languages.registerDocumentFormattingEditProvider(languageId, {
    provideDocumentFormattingEdits(document) {
      const text = document.getText();
      const formatted = format(text);
      if (formatted === null) return [];
      const lines = document.eol === EndOfLine.CRLF ? formatted.replaceAll('\n', '\r\n') : formatted;
      return lines === text ? [] : [TextEdit.replace(toRange(document, { from: 0, to: text.length }), lines)];
    },
  });
}
