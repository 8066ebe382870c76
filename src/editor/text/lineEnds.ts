// Converts texts to what models read: every line ends with \n, whatever the document uses, and U+FFFD
// replaces a lone surrogate.
import { EndOfLine, type Position, Range, type TextDocument } from 'vscode';

export function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').toWellFormed();
}

/**
 * Returns the text between two offsets of the document; empty if `start` is not before `end`. Offsets beyond
 * the document are clamped to it.
 */
export function plainText(document: TextDocument, start: number, end: number): string {
  if (start >= end) return '';
  return plain(document.getText(new Range(document.positionAt(start), document.positionAt(end))));
}

/** Returns the offset in the document's plain text that a position corresponds to. */
export function plainOffset(document: TextDocument, position: Position): number {
  return document.offsetAt(position) - (document.eol === EndOfLine.CRLF ? position.line : 0);
}
