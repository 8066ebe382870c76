// Chooses what is suggested for a cell. It does not import VS Code, so that it can be tested without it.
import type { ForecastRow } from '../../protocol/forecast.ts';
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
  const sum = fitting.reduce((total, { probability }) => total + (probability ?? 0), 0);
  return given === ''
    ? fitting
    : fitting.map((each) => ({ ...each, probability: each.probability && each.probability / sum }));
}

/** Returns how sure a model is of what it would write: its probability, or of a number, the sharpness. */
export const surenessOf = ({ candidates: [best], interval }: FilledRow): number =>
  interval ? interval.sharpness : (best.probability ?? 0);

/**
 * The numbers of rows of the suggestions: the first is the most that is shown unasked, and there is one of each for a user
 * who asks for alternatives.
 */
export const fewAndMany = [5, 1, 20] as const;

/** The least sharpness of what is suggested by itself: what is vaguer says hardly more than the column's mean. */
export const leastSharpness = 0.1;

/** Returns the number of rows of each suggestion; the first suggestion has only rows that the model is sure of. */
export function suggestedRows(rows: readonly Pick<ForecastRow, 'sharpness'>[], isAsked: boolean): number[] {
  const [few] = fewAndMany;
  const vague = rows.slice(0, few).findIndex(({ sharpness }) => sharpness < leastSharpness);
  const sharp = vague < 0 ? Math.min(few, rows.length) : vague;
  const offered = isAsked ? [sharp, ...fewAndMany.filter((count) => count <= rows.length)] : [sharp];
  return [...new Set(offered)].filter((count) => count > 0);
}
