// Texts as models know them: every line ends with \n, whatever it ends with in the document, and U+FFFD stands for half a
// surrogate pair.
import { EndOfLine, type Position, Range, type TextDocument } from 'vscode';

export function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').toWellFormed();
}

/** From one offset in the document to another; what lies outside it is left out, and all of it where none is between. */
export function plainText(document: TextDocument, start: number, end: number): string {
  if (start >= end) return '';
  return plain(document.getText(new Range(document.positionAt(start), document.positionAt(end))));
}

/** Of a place in the document, in its plain text. */
export function plainOffset(document: TextDocument, position: Position): number {
  return document.offsetAt(position) - (document.eol === EndOfLine.CRLF ? position.line : 0);
}
