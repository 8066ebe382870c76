// The forecaster reads rows of numbers and predicts the next one, with how sure it is of it (numbers to numbers). It is
// judged by its root mean squared error, normalised by the standard deviation.

import type { Weights } from '../../backend/engine.ts';
import { SeriesDataset } from '../../data/series/seriesDataset.ts';
import { formatOf } from '../../data/table/readTable.ts';
import type { ModelOptions } from '../../language/options/options.ts';
import { Problem } from '../../protocol/problem.ts';
import type { TaskChoice } from '../../protocol/task.ts';
import { architecture, signatureOfNumbers } from '../../training/configuration.ts';
import { learnHeldOut } from '../../training/learnHeldOut.ts';
import { calibrate, withSpread } from '../calibration.ts';
import { onlyDocument } from '../givenTable.ts';
import { level, outcomesOf, rootMeanSquare } from '../outcomes.ts';
import type { Ending, Finished, PreparedTask, TaskRequest } from '../task.ts';
import { heldOutForecast } from './heldOutForecast.ts';
import { unknownAfterNext } from './open.ts';

/** A table of numbers to continue. */
interface SeriesRequest extends TaskRequest {
  readonly request: { readonly documents: readonly string[] };
  readonly choice: Extract<TaskChoice, { readonly kind: 'forecaster' }>;
}

/** @throws Problem when an option or the table does not fit the task, or the network cannot be computed */
export async function prepareForecaster({
  request,
  choice,
  configuration: { model, train, cells },
  engine,
}: SeriesRequest): Promise<PreparedTask & { readonly dataset: SeriesDataset }> {
  checkOptions(model);
  const source = onlyDocument(request.documents, 'A forecaster is trained on one table');
  const format = formatOf(source);
  if (format === null || format === 'fastText') throw new Problem(notOfNumbers('This'));
  const dataset = new SeriesDataset({ source, format, columns: choice });
  const { reads, writes, time, standardisation, series, counts: rows } = dataset;
  const outputs = writes.length;

  const network = architecture(reads.length, model, cells, signatureOfNumbers(outputs));

  async function finish({ trained, network: trainable }: Ending): Promise<Finished> {
    const { weights: best } = trained.best;
    const forecastWith = async (weights: Weights) =>
      heldOutForecast(dataset, await engine(), { architecture: network, weights });
    // A user who stops a run wants it to end.
    if (trained.result.end === 'stopped')
      return { learned: null, mixture: null, remarks: [], ...(await forecastWith(best)) };
    // How sure the network may be is measured before it learns what it is measured on.
    const calibration = trainable.aside(() => {
      trainable.load(best);
      const held = dataset.heldOut(trainable.shape.batch);
      return calibrate(outcomesOf(trainable, held, series, outputs), outputs);
    });
    const held = learnHeldOut(dataset, train, trainable, trained);
    return {
      ...(await forecastWith(calibration ? withSpread(best, calibration.factors) : best)),
      learned: held.weights,
      ...(calibration ? { calibrated: withSpread(held.weights ?? best, calibration.factors) } : {}),
      mixture: null,
      remarks: [
        ...(held.remark === null ? [] : [held.remark]),
        ...(calibration
          ? [
              `Of the newest numbers, ${(100 * calibration.coverage).toFixed(0)} % lie within their ${100 * level} % interval, whose width was learned from the held-out numbers before them.`,
            ]
          : []),
      ],
    };
  }

  return {
    name: 'forecaster',
    dataset,
    lossUnit: 'bits per number',
    metric: rootMeanSquare(series, outputs),
    architecture: network,
    tokenizer: null,
    textOf: (row) => dataset.textOf(row),
    text: source,
    series: { format, reads, writes, time, standardisation },
    start: {
      vocabulary: reads.length,
      characters: source.length,
      rows,
      remarks: [...dataset.remarks, ...remarkOnUnknown(unknownAfterNext(dataset))],
    },
    spent: 0,
    // It generates no text.
    sample: () => null,
    finish,
  };
}

/** @throws Problem when an option asks for what a forecaster cannot do */
function checkOptions({ direction, layers, pool, embedding, tied }: ModelOptions): void {
  if (embedding > 0 || tied)
    throw new Problem(
      'A forecaster reads numbers as they are, without an embedding: set `model.embedding` to 0 and `model.tied` to false.',
    );
  if (pool !== 'auto')
    throw new Problem(
      'A forecaster has an output at every step, so that nothing is pooled: leave out `model.pool`.',
    );
  if (direction === 'backward' || layers.some(({ bidirectional }) => bidirectional))
    throw new Problem(
      'A forecaster reads its rows from the first to the last, since it must not read what it predicts: leave out `model.direction`, and `both` in `model.layers`.',
    );
}

/** Says that a model which does not write all that it reads forecasts one row. @param unknown the columns that it does not write */
function remarkOnUnknown(unknown: readonly string[]): string[] {
  if (unknown.length === 0) return [];
  const names = unknown.map((name) => `\`${name}\``).join(', ');
  return [
    `Only the next row can be forecast, since ${names} ${unknown.length === 1 ? 'is' : 'are'} read and not predicted. To go on from there, predict all that is read, or read only what is predicted.`,
  ];
}

/** Returns a sentence for a text that is no table of numbers. @param what its name, which begins the sentence */
export const notOfNumbers = (what: string): string =>
  `${what} is no table of numbers: one has a line with the names of its columns, divided by commas, semicolons or tabs, and a row of numbers for each step; or it is JSON Lines.`;
