// Asks what a model fills in on some lines of a document.
import type { TextDocument } from 'vscode';
import type { FilledRow, FilledRows, Position } from '../../protocol/rows.ts';
import type { Model } from '../models/models.ts';
import type { InspectorClient } from '../workers/inspectorClient.ts';
import { passageAround } from './passage.ts';

/**
 * Resolves to the rows with their places in the document; null if it was cancelled.
 * @param lines the first line, and the one after the last
 * @throws Error with a sentence for the user
 */
export async function fillRows(
  inspector: InspectorClient,
  { directory, manifest }: Model,
  document: TextDocument,
  [from, to]: readonly [number, number],
  of: 'missing' | 'all',
  signal: AbortSignal,
): Promise<FilledRows | null> {
  const { passage, first } = passageOf(document, from, to);
  const reference = { model: directory, revision: manifest.weights };
  const filled = await inspector.ask({ kind: 'fill', ...reference, passage, of }, signal);
  return filled && { ...filled, rows: filled.rows.map((row) => moved(row, first)) };
}

/** Returns the passage of a document for the rows on some lines, and the line on which it begins. */
export function passageOf(
  document: TextDocument,
  from: number,
  to: number,
): ReturnType<typeof passageAround> {
  const line = (index: number) => document.lineAt(index).text.toWellFormed();
  return passageAround({ count: document.lineCount, line }, from, to);
}

function moved(row: FilledRow, by: number): FilledRow {
  const moved = ({ line, character }: Position) => ({ line: line + by, character });
  return {
    ...row,
    line: row.line + by,
    last: row.last + by,
    cell: row.cell && { from: moved(row.cell.from), to: moved(row.cell.to) },
  };
}
