// Chooses what is suggested for a cell. It does not import VS Code, so that it can be tested without it.
import type { Candidate, FilledRow, Position } from '../../protocol/rows.ts';

/** Returns the row into whose cell the cursor can write. */
export function rowAt(rows: readonly FilledRow[], cursor: Position): FilledRow | undefined {
  return rows.find(({ cell }) => cell !== null && !isBefore(cursor, cell.from) && !isBefore(cell.to, cursor));
}

const isBefore = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

/**
 * Returns the candidates that go on from what has been typed, the likeliest first. Their probabilities are
 * those given what has been typed.
 */
export function candidatesFor({ given, candidates }: FilledRow): Candidate[] {
  const fitting = candidates.filter(({ value }) => value.startsWith(given) && value !== given);
  const sum = fitting.reduce((total, { probability }) => total + probability, 0);
  return given === '' ? fitting : fitting.map((each) => ({ ...each, probability: each.probability / sum }));
}
