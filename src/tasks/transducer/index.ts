// The transducer reads a sentence and names the tag of each token (many-to-many, aligned; Goldberg 2016). It is judged
// by its accuracy by token.
import { taggedFormatOf, widthOf } from '../../data/columns/readTagged.ts';
import { TaggingDataset, type TaggingOptions } from '../../data/columns/taggingDataset.ts';
import { featureCount } from '../../data/columns/wordFeatures.ts';
import { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../data/text/vocabulary.ts';
import type { ModelOptions } from '../../language/options/options.ts';
import { Problem } from '../../protocol/problem.ts';
import type { TaskChoice } from '../../protocol/task.ts';
import { architecture, signatureOfSteps } from '../../training/configuration.ts';
import { tokenAccuracy } from '../../training/measure.ts';
import { onlyDocument } from '../givenTable.ts';
import { learnHeldOutRows } from '../learnHeldOutRows.ts';
import type { PreparedTask, TaskRequest } from '../task.ts';
import { stepsTaught } from '../teach.ts';

/** A tagged text to learn from. */
interface TaggingRequest extends TaskRequest {
  readonly request: { readonly documents: readonly string[] };
  readonly choice: Extract<TaskChoice, { readonly heldOut: unknown }>;
}

/** The width of the embedding where none is chosen: the features of a word are summed, so that they need one. */
export const usualEmbedding = 128;

/** @throws Problem when an option or the text does not fit the task, or the network cannot be computed */
export async function prepareTransducer({
  request,
  choice,
  configuration: { model, train, cells, task },
}: TaggingRequest): Promise<PreparedTask & { readonly dataset: TaggingDataset }> {
  checkOptions(model);
  const options = optionsOf(onlyDocument(request.documents, 'A transducer is trained on one file'), choice);
  const heldOutApart = options.heldOut !== null;
  const taught = stepsTaught(task?.teach ?? null, Number.POSITIVE_INFINITY);
  const dataset = new TaggingDataset({ ...options, taught });
  const { classes, features, counts: rows, charactersPerToken } = dataset;
  const { source } = options;
  const embedding = model.embedding || usualEmbedding;
  const remark = `The embedding has ${usualEmbedding} units: a word is read as the sum of what its characters and itself stand for.`;
  return {
    name: 'transducer',
    dataset,
    lossUnit: 'bits per token',
    metric: tokenAccuracy,
    architecture: architecture(
      features.size,
      { ...model, embedding },
      cells,
      signatureOfSteps(classes.length, featureCount),
    ),
    // The network reads words; a model has the characters of its text beside them.
    tokenizer: new Tokenizer('characters', Vocabulary.of(source), []),
    // The first feature of a word is the word itself, behind a letter.
    textOf: (token) => features.names[token]?.slice(1) ?? '',
    text: source,
    tagging: {
      format: options.format,
      reads: options.columns.reads,
      writes: options.columns.writes,
      width: options.format === 'columns' ? widthOf(source) : null,
      features: features.names,
      classes,
      heldOutApart,
    },
    start: {
      vocabulary: features.size,
      tokens: { kind: 'words', length: charactersPerToken },
      characters: source.length,
      rows,
      remarks: [...(model.embedding === 0 ? [remark] : []), ...dataset.remarks],
    },
    spent: 0,
    // It generates no text.
    sample: () => null,
    finish: async (ending) => ({
      ...learnHeldOutRows(dataset, train, ending, { heldOutApart }),
      mixture: null,
    }),
  };
}

/** @throws Problem when an option asks for what a transducer cannot do */
function checkOptions(model: ModelOptions): void {
  if (model.tied)
    throw new Problem(
      'The outputs of a transducer are tags, and its embedding is of words: they cannot be tied. Set `model.tied` to false.',
    );
  if (model.direction === 'backward')
    throw new Problem(
      'A transducer reads whole sentences from their start: leave out `model.direction`, or read them from both ends with `both` in `model.layers`.',
    );
  if (model.pool !== 'auto')
    throw new Problem(
      'A transducer has an output at every step, so that nothing is pooled: leave out `model.pool`.',
    );
  if (model.tokens !== 'auto' && model.tokens !== 'words')
    throw new Problem(
      'A transducer reads the words of its file, with their characters beside them: leave out `model.tokens`.',
    );
}

/** @throws Problem when the text is no tagged text */
function optionsOf(source: string, { reads, writes, heldOut }: TaggingRequest['choice']): TaggingOptions {
  const format = taggedFormatOf(source);
  if (format === null) throw new Problem(notTagged('This'));
  const apart = heldOut === null ? null : { source: heldOut, format: taggedFormatOf(heldOut) };
  if (apart?.format === null) throw new Problem(notTagged('The held-out file'));
  return {
    source,
    format,
    columns: { reads, writes },
    heldOut: apart && { source: apart.source, format: apart.format },
  };
}

/** Returns a sentence for a text that is no tagged text. @param what its name, which begins the sentence */
export const notTagged = (what: string): string =>
  `${what} has no tags to learn: a column file has a token a line, its tag behind a tab, and a blank line between two sentences; or each line is a sentence of \`token/TAG\`.`;
