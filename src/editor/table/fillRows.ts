// Asks what a model fills in on some lines of a document.
import type { TextDocument } from 'vscode';
import type { FilledRow, FilledRows, Place } from '../../protocol/rows.ts';
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
  const lines = {
    count: document.lineCount,
    line: (index: number) => document.lineAt(index).text.toWellFormed(),
  };
  const { passage, first } = passageAround(lines, from, to);
  const reference = { model: directory, revision: manifest.weights };
  const filled = await inspector.ask({ kind: 'fill', ...reference, passage, of }, signal);
  return filled && { ...filled, rows: filled.rows.map((row) => moved(row, first)) };
}

function moved(row: FilledRow, by: number): FilledRow {
  const place = ({ line, character }: Place) => ({ line: line + by, character });
  return {
    ...row,
    line: row.line + by,
    last: row.last + by,
    cell: row.cell && { from: place(row.cell.from), to: place(row.cell.to) },
  };
}
