// Finds which tokens or numbers of a row made the number that is predicted larger or smaller.
import type { Engine } from '../../backend/engine.ts';
import { standardise } from '../../data/series/standardisation.ts';
import { numbersIn } from '../../data/table/numberedRows.ts';
import type { PlacedRow } from '../../data/table/placedRows.ts';
import { longestRow } from '../../data/table/tableDataset.ts';
import { spell } from '../../data/text/tokens/tokenSpans.ts';
import type { RowEvidence } from '../../protocol/rows.ts';
import type { StoredRegression } from '../../protocol/task.ts';
import { gradientTimesInput, numbersApart, type StepsApart, tokensApart } from '../gradientTimesInput.ts';
import { placedEvidence, type Span } from '../placedEvidence.ts';
import { type OpenableRegressor, type PredictedNumber, writeNumber } from './open.ts';

/**
 * Returns for each step the derivative of the row's mean with respect to a factor of the step's input at 1, standardised:
 * positive where the step raises the number.
 *
 * The negative logarithm of a Gaussian's density is ((y - μ) / σ)² / 2 + ln σ. Where the target y is μ + σ, its derivative
 * with respect to μ is -1 / σ, and with respect to ln σ it is 0, so that the mean's alone remains.
 * @param apart the row's steps, at least one
 * @param predicted the mean and the standard deviation that the network predicts of the row, standardised
 */
export function evidenceOfNumber(
  engine: Engine,
  apart: StepsApart,
  { mean, spread }: { readonly mean: number; readonly spread: number },
): Float64Array {
  const series = { inputs: new Float32Array(), targets: Float32Array.of(mean + spread) };
  return gradientTimesInput(engine, apart, 0, series).map((product) => spread * product);
}

type Stored = Omit<OpenableRegressor, 'regression'> & { readonly regression: StoredRegression };

/** Returns what each step of a row adds to its number, in the column's units. @param predicted what is predicted of the row */
export function rowEvidence(
  engine: Engine,
  stored: Stored,
  row: PlacedRow,
  predicted: PredictedNumber,
): RowEvidence {
  const { regression } = stored;
  const { mean, deviation } = regression.standardisation.writes;
  const { apart, spans } = stored.tokenizer ? textSteps(stored, row.text) : numberSteps(stored, row.text);
  const evidence = evidenceOfNumber(engine, apart, {
    mean: (predicted.value - mean) / deviation,
    spread: 1 - predicted.sharpness,
  });
  return {
    value: writeNumber(predicted.value, regression),
    tokens: placedEvidence(
      row,
      spans,
      evidence.map((each) => deviation * each),
    ),
  };
}

interface Steps {
  readonly apart: StepsApart;
  /** The stretch of the row's text of each step. */
  readonly spans: readonly Span[];
}

function textSteps(stored: Stored, text: string): Steps {
  const { tokens, offsets } = spell(stored.tokenizer!, text);
  const read = Int32Array.from(tokens.slice(0, longestRow));
  return {
    apart: tokensApart(stored, read),
    spans: Array.from(read, (_, token): Span => [offsets[token], offsets[token + 1]]),
  };
}

function numberSteps(stored: Stored, text: string): Steps {
  const numbers = numbersIn(text)!.slice(0, longestRow);
  let from = 0;
  const spans = text
    .split('\t')
    .slice(0, numbers.length)
    .map((cell): Span => {
      const span = [from, from + cell.length] as const;
      from += cell.length + 1;
      return span;
    });
  return {
    apart: numbersApart(stored, standardise(numbers, [stored.regression.standardisation.reads!])),
    spans,
  };
}
