// The places of the steps of a row that spoke for or against its value.
import type { PlacedRow } from '../data/table/placedRows.ts';
import type { TokenEvidence } from '../protocol/rows.ts';

/** A stretch of a row's text, from a UTF-16 unit to before another one. */
export type Span = readonly [from: number, to: number];

/** @param spans those of the steps @param attributions that of each step */
export const placedEvidence = (
  row: Pick<PlacedRow, 'textAt'>,
  spans: readonly Span[],
  attributions: Float64Array,
): TokenEvidence[] =>
  [...attributions].flatMap((attribution, step): TokenEvidence[] => {
    const [first, end] = spans[step];
    const [from, last] = [row.textAt(first), row.textAt(end - 1)];
    if (!from || !last) return [];
    return [{ from, to: { line: last.line, character: last.character + 1 }, attribution }];
  });
