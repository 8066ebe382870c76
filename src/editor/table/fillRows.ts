// Asks what a model fills in on some lines of a document, or which rows it expects.
import type { TextDocument } from 'vscode';
import type { Continuation } from '../../protocol/forecast.ts';
import type { FilledRow, FilledRows, Position } from '../../protocol/rows.ts';
import type { Model } from '../models/models.ts';
import type { InspectorClient } from '../workers/inspectorClient.ts';
import { passageAround, passageBefore } from './passage.ts';

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
  return passageAround({ count: document.lineCount, line: lineOf(document) }, from, to);
}

/**
 * Resolves to the rows that a model expects on a line and after it; null if it was cancelled.
 * @param begun the text of that line, as far as it is given
 * @throws Error with a sentence for the user
 */
export function forecastRows(
  inspector: InspectorClient,
  { directory, manifest }: Model,
  document: TextDocument,
  { line, begun, steps }: { readonly line: number; readonly begun: string; readonly steps: number },
  signal: AbortSignal,
): Promise<Continuation | null> {
  const passage = passageBefore({ line: lineOf(document) }, line);
  const reference = { model: directory, revision: manifest.weights };
  return inspector.ask({ kind: 'forecast', ...reference, ...passage, begun, steps }, signal);
}

const lineOf = (document: TextDocument) => (index: number) => document.lineAt(index).text.toWellFormed();

function moved(row: FilledRow, by: number): FilledRow {
  const moved = ({ line, character }: Position) => ({ line: line + by, character });
  return {
    ...row,
    line: row.line + by,
    last: row.last + by,
    cell: row.cell && { from: moved(row.cell.from), to: moved(row.cell.to) },
  };
}
