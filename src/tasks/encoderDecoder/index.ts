// The encoder-decoder reads a source and writes its target (sequence to sequence; Cho et al. 2014; Sutskever et al. 2014).
// It is judged by the share of targets that it writes exactly.
import type { Weights } from '../../backend/engine.ts';
import { mostWritten, PairDataset, type PairOptions } from '../../data/pairs/pairDataset.ts';
import { sourceInputs, targetSize, writeVocabularies } from '../../data/pairs/pairs.ts';
import { recognisePairs } from '../../data/pairs/recognise.ts';
import type { ModelOptions } from '../../language/options/options.ts';
import { Problem } from '../../protocol/problem.ts';
import type { SamplePoint } from '../../protocol/run.ts';
import type { TaskChoice } from '../../protocol/task.ts';
import { architecture } from '../../training/configuration.ts';
import { chosenColumns, heldOutTable, onlyDocument } from '../givenTable.ts';
import { learnHeldOutRows } from '../learnHeldOutRows.ts';
import { learningCurves } from '../learningCurve.ts';
import type { PreparedTask, SampleOptions, TaskRequest } from '../task.ts';
import { exactMatch } from './measure.ts';
import { openEncoderDecoder } from './open.ts';
import { sampleTargets } from './sample.ts';

/** A table of pairs of texts to learn from. */
interface PairRequest extends TaskRequest {
  readonly request: { readonly documents: readonly string[] };
  readonly choice: Extract<TaskChoice, { readonly heldOut: unknown }>;
}

/** @throws Problem when an option or the table does not fit the task, or the network cannot be computed */
export async function prepareEncoderDecoder(
  asked: PairRequest,
): Promise<PreparedTask & { readonly dataset: PairDataset }> {
  const { request, choice, configuration, earlier } = asked;
  const { model, train, cells } = configuration;
  checkOptions(model);
  const table = tableOf(
    onlyDocument(request.documents, 'An encoder-decoder is trained on one table'),
    choice,
  );
  const heldOutApart = table.heldOut !== null;
  const dataset = new PairDataset({
    ...table,
    vocabularies: earlier?.vocabularies ?? null,
    isText: model.tokens === 'characters',
  });
  const { vocabularies, longest, isOneToMany } = dataset;
  const inputs = targetSize(vocabularies.target);
  const signature = { outputs: inputs, head: { kind: 'every step' } } as const;
  // A category is one token, and numbers are one vector, which no layer has to read.
  const source = { ...sourceInputs(vocabularies.source), layers: isOneToMany ? [] : model.encoder };
  const built = architecture(inputs, model, cells, signature, source);
  const engine = await asked.engine();

  /** Shows what the network with these weights writes for some of the held-out rows. */
  function sample(weights: Weights, _: unknown, options: SampleOptions): SamplePoint | null {
    if (dataset.heldOutPairs.length === 0) return null;
    const opened = openEncoderDecoder(engine, { architecture: built, weights, vocabularies, longest });
    const written = sampleTargets(opened, dataset.heldOutPairs, isOneToMany, options);
    opened.dispose();
    return written;
  }

  // A category has many right targets, so that there is no share of right ones.
  const metric = isOneToMany
    ? null
    : exactMatch(dataset, (weights) => engine.predictTarget(built, weights), mostWritten(longest));
  return {
    name: 'encoder-decoder',
    dataset,
    lossUnit: 'bits per token',
    metric,
    architecture: built,
    tokenizer: null,
    text: table.source,
    pairs: {
      ...writeVocabularies(vocabularies),
      ...table.columns,
      format: table.format,
      isBare: dataset.isBare,
      longest,
      heldOutApart,
    },
    start: {
      vocabulary: inputs,
      tokens: { kind: 'characters', length: dataset.charactersPerToken },
      characters: table.source.length,
      rows: dataset.counts,
      remarks: dataset.remarks,
    },
    spent: 0,
    sample,
    finish: async (ending) => ({
      ...learnHeldOutRows(dataset, train, ending, { heldOutApart }),
      mixture: null,
    }),
    ...(metric && {
      learningCurve: learningCurves(
        {
          part: (share) => new PairDataset({ ...table, vocabularies, share }),
          counts: dataset.counts,
          architecture: built,
          metric,
          isShare: true,
        },
        asked,
      ),
    }),
  };
}

/** @throws Problem when an option asks for what an encoder-decoder cannot do */
function checkOptions(model: ModelOptions): void {
  if (model.tied)
    throw new Problem(
      'The outputs of an encoder-decoder are the characters of targets and an end: they cannot be tied to the embedding. Set `model.tied` to false.',
    );
  if (model.direction === 'backward' || model.layers.some(({ bidirectional }) => bidirectional))
    throw new Problem(
      'An encoder-decoder writes from the start of a target to its end: leave out `model.direction`, and `both` in `model.layers`. `model.encoder` may read both ways.',
    );
  if (model.pool !== 'auto')
    throw new Problem(
      'An encoder-decoder has an output at every step, so that nothing is pooled: leave out `model.pool`.',
    );
  if (model.tokens !== 'auto' && model.tokens !== 'characters')
    throw new Problem(
      'An encoder-decoder reads and writes characters: leave out `model.tokens`, or set it to characters.',
    );
}

/** @throws Problem when the text is no table, or it is not clear which columns are meant */
function tableOf(source: string, choice: PairRequest['choice']): Omit<PairOptions, 'vocabularies'> {
  const found = recognisePairs(source, choice);
  if (!found) throw new Problem(notOfPairs('This'));
  const columns = chosenColumns(
    found,
    (named) =>
      `No column looks like text to write: name the one to fill in. The columns are ${named}, over ${found.rows.toLocaleString('en')} ${found.rows === 1 ? 'row' : 'rows'}.`,
  );
  const heldOut = heldOutTable(
    choice.heldOut,
    (format) => format !== 'fastText',
    notOfPairs('The held-out file'),
  );
  return { source, format: found.format, columns, heldOut };
}

/** Returns a sentence for a text that is no table of texts. @param what its name, which begins the sentence */
export const notOfPairs = (what: string): string =>
  `${what} is no table of texts: one has a line with the names of its columns, divided by commas, semicolons or tabs, and a row for each text; or it is JSON Lines.`;
