// The regressor reads a whole row and predicts its number, with how sure it is (many-to-one regression). It is judged by
// its root mean squared error.
import { NumberDataset, type NumberOptions } from '../../data/table/numberDataset.ts';
import { recogniseNumber } from '../../data/table/recogniseNumber.ts';
import type { ModelOptions, Pool, TrainOptions } from '../../language/options/options.ts';
import { Problem } from '../../protocol/problem.ts';
import type { PredictedNumbers } from '../../protocol/regression.ts';
import type { StoredRegression, TaskChoice } from '../../protocol/task.ts';
import { architecture, signatureOfNumber } from '../../training/configuration.ts';
import { calibrate, withSpread } from '../calibration.ts';
import { chosenColumns, heldOutTable, onlyDocument } from '../givenTable.ts';
import { learnHeldOutRows } from '../learnHeldOutRows.ts';
import { learningCurves } from '../learningCurve.ts';
import { halfWidth, level, outcomesOf, type PredictedOutcome, rootMeanSquare } from '../outcomes.ts';
import type { Ending, Finished, PreparedTask, TaskRequest } from '../task.ts';
import { stepsTaught } from '../teach.ts';

/** A table to predict the numbers of. */
interface NumberRequest extends TaskRequest {
  readonly request: { readonly documents: readonly string[] };
  readonly choice: Extract<TaskChoice, { readonly heldOut: unknown }>;
}

/**
 * The pool where none is chosen. The gradient of a maximum reaches the characters that matter at once; a network of numbers
 * has few steps, and often adds them up.
 */
const defaultPool: Readonly<Record<StoredRegression['kind'], Pool>> = { text: 'max', numbers: 'last' };

/** The most held-out rows that are kept to be shown. */
const mostShown = 500;

/** @throws Problem when an option or the table does not fit the task, or the network cannot be computed */
export async function prepareRegressor(
  asked: NumberRequest,
): Promise<PreparedTask & { readonly dataset: NumberDataset }> {
  const { request, choice, configuration, earlier } = asked;
  const { model, train, cells, task } = configuration;
  checkOptions(model);
  const table = tableOf(onlyDocument(request.documents, 'A regressor is trained on one table'), choice);
  const { kind, columns, format } = table;
  const heldOutApart = table.heldOut !== null;
  const pool = model.pool === 'auto' ? defaultPool[kind] : model.pool;
  const tokens = earlier?.tokenizer ?? (model.tokens === 'auto' ? 'characters' : model.tokens);
  const options = { ...table, taught: stepsTaught(task?.teach ?? null, 1) };
  const dataset = new NumberDataset({ ...options, tokens });
  const { tokenizer, standardisation, series, counts: rows, decimals } = dataset;
  // Numbers are read as they are, without an embedding.
  const embedding = tokenizer ? model.embedding : 0;
  const inputs = tokenizer?.size ?? 1;
  const built = architecture(inputs, { ...model, embedding }, cells, signatureOfNumber(kind, pool));
  const metric = rootMeanSquare(series, 1, standardisation.writes.deviation);
  return {
    name: 'regressor',
    dataset,
    lossUnit: 'bits per number',
    metric,
    architecture: built,
    tokenizer,
    ...(tokenizer ? {} : { textOf: (token: number) => dataset.textOf(token) }),
    text: table.source,
    regression: {
      ...columns,
      ...{ format, kind, pool, standardisation, decimals },
      heldOutApart,
    },
    start: {
      vocabulary: inputs,
      ...(tokenizer && { tokens: { kind: tokenizer.kind, length: dataset.charactersPerToken } }),
      characters: table.source.length,
      rows,
      remarks: dataset.remarks,
    },
    spent: 0,
    // It generates no text.
    sample: () => null,
    finish: async (ending) => finish(ending, { dataset, train, heldOutApart, column: columns.writes }),
    learningCurve: learningCurves(
      {
        part: (share) => new NumberDataset({ ...options, tokens: tokenizer ?? tokens, share }),
        counts: rows,
        architecture: built,
        metric,
        isShare: false,
      },
      asked,
    ),
  };
}

/** The data of a run that has ended, and the options that it had. */
interface Learned {
  readonly dataset: NumberDataset;
  readonly train: TrainOptions;
  readonly heldOutApart: boolean;
  /** The name of the column that is predicted. */
  readonly column: string;
}

/** Learns the held-out rows, after it has calibrated the spread on them. */
function finish({ trained, network }: Ending, { dataset, train, heldOutApart, column }: Learned): Finished {
  const { weights: best } = trained.best;
  // How sure the network may be is measured before it learns what it is measured on.
  const outcomes = network.aside(() => {
    network.load(best);
    return outcomesOf(network, dataset.heldOut(network.shape.batch), dataset.series, 1);
  });
  const calibration = trained.result.end === 'stopped' ? null : calibrate(outcomes, 1);
  const { learned, remarks } = learnHeldOutRows(dataset, train, { trained, network }, { heldOutApart });
  return {
    learned,
    ...(calibration ? { calibrated: withSpread(learned ?? best, calibration.factors) } : {}),
    mixture: null,
    ...(outcomes.length > 0 && {
      predicted: predictedRows(dataset, column, outcomes, calibration?.factors[0] ?? 1),
    }),
    remarks: [
      ...remarks,
      ...(calibration
        ? [
            `Of half of the held-out numbers, ${(100 * calibration.coverage).toFixed(0)} % lie within their ${100 * level} % interval, whose width was learned from the other half.`,
          ]
        : []),
    ],
  };
}

/** @throws Problem when an option asks for what a regressor cannot do */
function checkOptions(model: ModelOptions): void {
  if (model.tied)
    throw new Problem(
      'The output of a regressor is a number, and its embedding is of tokens: they cannot be tied. Set `model.tied` to false.',
    );
  if (model.direction === 'backward')
    throw new Problem(
      'A regressor reads whole rows from their start: leave out `model.direction`, or read them from both ends with `both` in `model.layers`.',
    );
}

/**
 * Returns some of the held-out rows with what is predicted for them, in the units of the column.
 * @param outcomes the predictions, whose means and spreads are standardised
 * @param factor what the spreads are multiplied by
 */
function predictedRows(
  { heldOutRows, series, standardisation, baselines }: NumberDataset,
  column: string,
  outcomes: readonly PredictedOutcome[],
  factor: number,
): PredictedNumbers {
  const { mean, deviation } = standardisation.writes;
  const inUnits = (value: number) => mean + deviation * value;
  const lines = new Map(heldOutRows.map(({ target, line }) => [target, line]));
  const rows = outcomes.slice(0, mostShown).map(({ row, mean: z, spread }) => ({
    line: lines.get(row)!,
    actual: inUnits(series.targets[row]),
    predicted: inUnits(z),
    lower: inUnits(z - halfWidth * factor * spread),
    upper: inUnits(z + halfWidth * factor * spread),
  }));
  return { column, level, ofMean: baselines[0].value, rows };
}

/** @throws Problem when the text is no table, or it is not clear which columns are meant */
function tableOf(source: string, choice: NumberRequest['choice']): Omit<NumberOptions, 'tokens' | 'taught'> {
  const found = recogniseNumber(source, choice);
  if (!found) throw new Problem(notATableOfNumbers('This'));
  const columns = chosenColumns(found, (named) =>
    [
      `No column holds numbers to predict: name the one to fill in. The columns are ${named}.`,
      ...found.remarks,
    ].join(' '),
  );
  const heldOut = heldOutTable(
    choice.heldOut,
    (format) => format !== 'fastText',
    notATableOfNumbers('The held-out file'),
  );
  return { source, format: found.format, columns, kind: found.kind, heldOut };
}

/** Returns a sentence for a text that is no table. @param what its name, which begins the sentence */
export const notATableOfNumbers = (what: string): string =>
  `${what} is no table: one has a line with the names of its columns, divided by commas, semicolons or tabs, and rows; or it is JSON Lines.`;
