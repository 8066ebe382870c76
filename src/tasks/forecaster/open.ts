// Opens a forecaster, to continue tables.
import type { Architecture, Engine, Weights } from '../../backend/engine.ts';
import { standardise } from '../../data/series/standardisation.ts';
import { Problem } from '../../protocol/problem.ts';
import type { StoredSeries } from '../../protocol/task.ts';
import { random } from '../../tape/random.ts';
import { level } from '../outcomes.ts';

/** A forecast of one number, with the interval that should hold it. */
export interface Forecast {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

export interface ForecastOptions {
  /** The number of rows that are forecast. */
  readonly steps: number;
  /** The share of the numbers that should lie within their intervals. */
  readonly level: number;
  /** The number of sampled paths whose quantiles the intervals are. */
  readonly paths: number;
  /** The seed of the paths. */
  readonly seed: number;
}

/** The intervals and paths where nobody chooses them. */
export const usualSampling = { level, paths: 200, seed: 1 } as const;

export interface Forecaster {
  /**
   * Forecasts the rows that follow.
   * @param rows the numbers that are read, [n × reads], in their own units
   * @returns for each step, a forecast of each column that is written
   * @throws Problem when there is more than one step, and a column is read and not written
   */
  forecast(rows: Float64Array, options: ForecastOptions): Forecast[][];
  dispose(): void;
}

/** The parts of a stored model that are needed. */
export interface OpenableForecaster {
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly series: Pick<StoredSeries, 'reads' | 'writes' | 'standardisation'>;
}

/** Returns the columns that are read and not written, which are not known after the next row. */
export const unknownAfterNext = (series: Pick<StoredSeries, 'reads' | 'writes'>): string[] =>
  series.reads.filter((_, index) => sourcesOf(series)[index] < 0);

/** @throws Problem when the model reads a column that it does not write, so that it cannot be run freely */
export function checkRunsFreely(series: Pick<StoredSeries, 'reads' | 'writes'>): void {
  const unknown = unknownAfterNext(series);
  if (unknown.length > 0)
    throw new Problem(
      `This model reads ${unknown.map((name) => `\`${name}\``).join(', ')} and does not write ${unknown.length === 1 ? 'it' : 'them'}, so that nothing can be forecast but the next row. Train one that writes all that it reads.`,
    );
}

export function openForecaster(
  engine: Engine,
  { architecture, weights, series }: OpenableForecaster,
): Forecaster {
  const { reads, writes, standardisation } = series;
  const sources = sourcesOf(series);
  const outputs = writes.length;
  const predictor = engine.predict(architecture, weights);
  const moments = new Float32Array(predictor.outputs);

  /** Returns what is read after a row of numbers has been written, both standardised. */
  const inputOf = (written: Float64Array): Float32Array =>
    standardise(
      sources.map((source) => inUnits(written[source], standardisation.writes[source])),
      standardisation.reads,
    );

  /**
   * Lets the network run on its own numbers.
   * @param choose returns the number that is written, given its mean and spread
   * @returns the numbers, [steps × writes], standardised
   */
  function run(
    begin: { readonly state: Float32Array; readonly moments: Float32Array },
    steps: number,
    choose: (mean: number, spread: number) => number,
  ): Float64Array {
    const state = begin.state.slice();
    moments.set(begin.moments);
    const path = new Float64Array(steps * outputs);
    for (let step = 0; step < steps; step++) {
      const row = path.subarray(step * outputs, (step + 1) * outputs);
      for (let column = 0; column < outputs; column++)
        row[column] = choose(moments[column], Math.exp(moments[outputs + column]));
      if (step + 1 < steps) predictor.next(state, inputOf(row), state, moments);
    }
    return path;
  }

  return {
    forecast(rows, { steps, level, paths, seed }) {
      if (steps > 1) checkRunsFreely(series);
      const inputs = standardise(rows, standardisation.reads);
      const state = predictor.initial();
      for (let at = 0; at < inputs.length; at += reads.length)
        predictor.next(state, inputs.subarray(at, at + reads.length), state, moments);
      const begin = { state, moments: moments.slice() };
      const expected = run(begin, steps, (mean) => mean);
      const next = random(seed);
      const sampled = Array.from({ length: paths }, () =>
        run(begin, steps, (mean, spread) => mean + spread * gaussian(next)),
      );
      return Array.from({ length: steps }, (_, step) =>
        writes.map((_, column): Forecast => {
          const at = step * outputs + column;
          const by = standardisation.writes[column];
          const sorted = Float64Array.from(sampled, (path) => path[at]).sort();
          return {
            value: inUnits(expected[at], by),
            lower: inUnits(quantile(sorted, (1 - level) / 2), by),
            upper: inUnits(quantile(sorted, (1 + level) / 2), by),
          };
        }),
      );
    },
    dispose: () => predictor.dispose(),
  };
}

/** Returns the index among the written columns of each column that is read; -1 for one that is not written. */
export const sourcesOf = ({ reads, writes }: Pick<StoredSeries, 'reads' | 'writes'>): number[] =>
  reads.map((name) => writes.indexOf(name));

export const inUnits = (
  value: number,
  { mean, deviation }: StoredSeries['standardisation']['reads'][number],
) => mean + deviation * value;

/** Draws a normally distributed number (Box & Muller 1958). */
const gaussian = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Returns a quantile of sorted numbers, linear between two of them (Hyndman & Fan 1996, definition 7). */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
