// The acceptor reads a whole row and names its class (many-to-one; Goldberg 2016). It is judged by its accuracy.
import type { TrainableNetwork, Weights } from '../../backend/engine.ts';
import type { ClassOutcome } from '../../data/classMetrics.ts';
import { recognise } from '../../data/table/recognise.ts';
import { TableDataset, type TableOptions } from '../../data/table/tableDataset.ts';
import type { ModelOptions, Pool, TrainOptions } from '../../language/options/options.ts';
import { ofNetworkAlone, ofNgramsAlone } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import type { Measured } from '../../protocol/run.ts';
import type { StoredTable, TaskChoice } from '../../protocol/task.ts';
import { architecture, signatureOfRows } from '../../training/configuration.ts';
import { accuracy, type MetricOfClasses, macroF1OfRows } from '../../training/measure.ts';
import { chosenColumns, heldOutTable, onlyDocument } from '../givenTable.ts';
import { learnHeldOutRows } from '../learnHeldOutRows.ts';
import { learningCurves } from '../learningCurve.ts';
import type { Ending, Finished, PreparedTask, TaskRequest } from '../task.ts';
import { stepsTaught } from '../teach.ts';
import { type JudgedRow, type LearnedEnsemble, learnClassEnsemble } from './classEnsemble.ts';
import { confusedByNetwork, confusedRow, confusionOf } from './confusion.ts';

/** A table to classify the rows of. */
interface TableRequest extends TaskRequest {
  readonly request: { readonly documents: readonly string[] };
  readonly choice: Extract<TaskChoice, { readonly heldOut: unknown }>;
}

/**
 * The pool where none is chosen. The gradient of a maximum reaches the steps that matter at once, where that of
 * the last vector has to go back over all that follow (Conneau et al. 2017; Maini et al. 2020).
 */
const defaultPool: Pool = 'max';

/** @throws Problem when an option or the table does not fit the task, or the network cannot be computed */
export async function prepareAcceptor(
  asked: TableRequest,
): Promise<PreparedTask & { readonly dataset: TableDataset }> {
  const { request, choice, configuration, earlier, breathe } = asked;
  const { model, train, cells, task } = configuration;
  checkOptions(model);
  const table = tableOf(onlyDocument(request.documents, 'An acceptor is trained on one table'), choice);
  const pool = model.pool === 'auto' ? defaultPool : model.pool;
  const tokens = earlier?.tokenizer ?? (model.tokens === 'auto' ? 'characters' : model.tokens);
  const options = {
    ...table,
    taught: stepsTaught(task?.teach ?? null, 1),
    classWeights: train.classWeights,
  };
  const dataset = new TableDataset({ ...options, tokens });
  const { tokenizer, classes, charactersPerToken, counts: rows } = dataset;
  const built = architecture(tokenizer.size, model, cells, signatureOfRows(classes.length, pool));
  const metric = train.classWeights === 'balanced' ? macroF1OfRows : accuracy;
  const stored = {
    ...table.columns,
    format: table.format,
    isBare: dataset.isBare,
    classes,
    pool,
    heldOutApart: table.heldOut !== null,
  };
  const ensembleOf: EnsembleOf = (network, weights, share) =>
    learnClassEnsemble({
      source: table.source,
      table: stored,
      share,
      heldOut: dataset.heldOutRows,
      tokenizer,
      network,
      weights,
      isBalanced: train.classWeights === 'balanced',
      quality: (judged) => metric.ofOutcomes(outcomesOf(judged)).metric!,
      breathe,
    });
  return {
    name: 'acceptor',
    dataset,
    lossUnit: 'bits per row',
    metric,
    architecture: built,
    tokenizer,
    text: table.source,
    table: stored,
    start: {
      vocabulary: tokenizer.size,
      tokens: { kind: tokenizer.kind, length: charactersPerToken },
      characters: table.source.length,
      rows,
      remarks: dataset.remarks,
    },
    spent: 0,
    // It generates no text.
    sample: () => null,
    async ensembleOf(network, weights) {
      const found = await ensembleOf(network, weights, 1);
      return found && { mixture: found.mixture, measured: measuredEnsemble(found, metric) };
    },
    finish: (ending) => finish(ending, { dataset, train, stored, metric, ensembleOf }),
    learningCurve: learningCurves(
      {
        part: (share) => new TableDataset({ ...options, tokens: tokenizer, share }),
        counts: rows,
        architecture: built,
        metric,
        isShare: metric === accuracy,
        async reachedBy({ best, result }, of, share) {
          const found = await ensembleOf(of, best.weights, share);
          return found ? metric.ofOutcomes(outcomesOf(found.ensemble)).metric! : result.metric!;
        },
      },
      asked,
    ),
  };
}

/**
 * Learns the ensemble of a network with n-grams of the classes; its promise gives null where there are too few
 * held-out rows, or too many characters.
 * @param share the share of the training rows that the network was trained on
 */
type EnsembleOf = (
  network: TrainableNetwork,
  weights: Weights,
  share: number,
) => Promise<LearnedEnsemble | null>;

/** The data of a run that has ended, and the options that it had. */
interface Learned {
  readonly dataset: TableDataset;
  readonly train: TrainOptions;
  readonly stored: StoredTable;
  readonly metric: MetricOfClasses;
  readonly ensembleOf: EnsembleOf;
}

/** Learns the held-out rows and the ensemble, and measures that on them. */
async function finish(
  { trained, network }: Ending,
  { dataset, train, stored, metric, ensembleOf }: Learned,
): Promise<Finished> {
  const { learned, remarks } = learnHeldOutRows(dataset, train, { trained, network }, stored);
  const { weights } = trained.best;
  const heldOut = dataset.heldOutRows;
  const ensemble = await ensembleOf(network, weights, 1);
  const measured = ensemble && measuredEnsemble(ensemble, metric);
  const found = ensemble?.ensemble.map(confusedRow) ?? confusedByNetwork(heldOut, network, weights);
  const confusion = confusionOf(found, stored.classes, !stored.heldOutApart);
  return {
    learned,
    mixture: ensemble?.mixture ?? null,
    ...(measured && { measured }),
    ...(confusion && { confusion }),
    remarks: [...remarks, ...(ensemble ? [remarkOn(ensemble, metric)] : [])],
  };
}

const outcomesOf = (judged: readonly JudgedRow[]): ClassOutcome[] =>
  judged.map(({ row, p }) => ({ target: row.target, predicted: p.indexOf(Math.max(...p)) }));

/** Returns the values of the ensemble on the held-out rows, with those of its members. */
function measuredEnsemble(
  { ensemble, network, ngrams }: LearnedEnsemble,
  { ofOutcomes }: MetricOfClasses,
): Measured {
  const { metric, furtherMetrics } = ofOutcomes(outcomesOf(ensemble));
  const members = {
    [ofNetworkAlone]: ofOutcomes(outcomesOf(network)).metric!,
    [ofNgramsAlone]: ofOutcomes(outcomesOf(ngrams)).metric!,
  };
  return { metric: metric!, furtherMetrics: { ...furtherMetrics, ...members } };
}

/** Returns a sentence on what the n-grams are good for. */
function remarkOn({ mixture, ensemble, network, ngrams }: LearnedEnsemble, metric: MetricOfClasses): string {
  const said = (judged: readonly JudgedRow[]) => metric.ofOutcomes(outcomesOf(judged)).metric!.toFixed(3);
  const alone = `the network alone ${said(network)}, the n-grams alone ${said(ngrams)}`;
  if (ensemble !== network)
    return `The model is the network with n-grams of the classes: together they have ${metric.name} ${said(ensemble)} on held-out rows, ${alone}.`;
  const shorter = mixture ? ' They do where a text is shorter than most rows, and are asked there.' : '';
  return `N-grams of the classes do not help the network with rows like these (${metric.name}: ${alone}).${shorter}`;
}

/** @throws Problem when an option asks for what an acceptor cannot do */
function checkOptions(model: ModelOptions): void {
  if (model.tied)
    throw new Problem(
      'The outputs of an acceptor are classes, and its embedding is of tokens: they cannot be tied. Set `model.tied` to false.',
    );
  if (model.direction === 'backward')
    throw new Problem(
      'An acceptor reads whole rows from their start: leave out `model.direction`, or read them from both ends with `both` in `model.layers`.',
    );
}

/** @throws Problem when the text is no table, or it is not clear which columns are meant */
function tableOf(source: string, choice: TableRequest['choice']): Omit<TableOptions, 'tokens'> {
  const found = recognise(source, choice);
  if (!found) throw new Problem(notATable('This'));
  const columns = chosenColumns(
    found,
    (named) =>
      `No column looks like classes: name the one to fill in. The columns are ${named}, over ${found.rows.toLocaleString('en')} ${found.rows === 1 ? 'row' : 'rows'}.`,
  );
  const heldOut = heldOutTable(choice.heldOut, () => true, notATable('The held-out file'));
  return { source, format: found.format, columns, heldOut };
}

/** Returns a sentence for a text that is no table. @param what its name, which begins the sentence */
export const notATable = (what: string): string =>
  `${what} is no table: one has a line with the names of its columns, divided by commas, semicolons or tabs, and rows; or it is JSON Lines, or fastText's \`__label__\`.`;
