// The language model predicts the next token of a text at every step. It is judged by its loss in bits per
// character, and becomes a part of the ensemble that completes.
import { learnMixture, sayWhatIsRecalled } from '../../completion/ensemble/trainEnsemble.ts';
import { type BlockReading, type LongText, readInBlocks } from '../../data/text/blocks/longText.ts';
import { type Corpus, readCorpus, type WholeCorpus } from '../../data/text/corpus.ts';
import { TextDataset } from '../../data/text/textDataset.ts';
import type { TokenKind } from '../../data/text/tokens/tokenization.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { bitsPerCharacter } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import { architecture } from '../../training/configuration.ts';
import { learnHeldOutRows } from '../learnHeldOutRows.ts';
import type { Ending, Finished, PreparedTask, TaskRequest } from '../task.ts';
import { type Choice, chooseTokens } from './chooseTokens.ts';
import { freeRun } from './freeRunning.ts';
import { writeSample } from './sample.ts';

/** A text to model. */
export interface TextRequest extends TaskRequest {
  readonly reading: BlockReading;
  /** The digest of the long text that an earlier run was trained on; null where that was in memory, or there was none. */
  readonly digest: string | null;
}

/** @throws Problem when the text cannot be trained on, or the network cannot be computed */
export async function prepareLanguageModel(asked: TextRequest): Promise<PreparedTask> {
  const { tokens, layers, pool } = asked.configuration.model;
  if (pool !== 'auto')
    throw new Problem(
      'A language model has an output at every step, so that nothing is pooled: leave out `model.pool`.',
    );
  if (layers.some(({ bidirectional }) => bidirectional))
    throw new Problem(
      'A language model reads its text from one end, since it must not read what it predicts: leave out `both` in `model.layers`.',
    );
  const text = await readInBlocks(asked.reading);
  const known = asked.earlier?.tokenizer ?? (tokens === 'auto' ? null : tokens);
  if (typeof text === 'string') return prepare(asked, await shortText(asked, text, known));
  try {
    return { ...(await prepare(asked, await longText(asked, text, known))), dispose: () => text.close() };
  } catch (error) {
    text.close();
    throw error;
  }
}

/** The corpus of a run, with a sentence on how its tokens were chosen, and the milliseconds that this took. */
interface ReadText extends Pick<Choice, 'remark'> {
  readonly corpus: Corpus;
  readonly spent: number;
}

type Known = TokenKind | Tokenizer | null;

/** @param known what is known of the tokens; null where they are to be chosen */
async function shortText(asked: TextRequest, text: string, known: Known): Promise<ReadText> {
  const { direction } = asked.configuration.model;
  const corpus = readCorpus(text, { direction, tokens: known ?? 'characters' });
  return known === null ? choose(asked, corpus) : { corpus, remark: null, spent: 0 };
}

async function longText(asked: TextRequest, text: LongText, known: Known): Promise<ReadText> {
  const { direction } = asked.configuration.model;
  if (asked.digest !== null && asked.digest !== text.digest)
    throw new Problem(
      'The text is another one than this run has been trained on, of which only the end was kept: the run cannot go on. Train again.',
    );
  // Which tokens are better shows at the end of the text, too.
  const choice = known === null ? await choose(asked, text.end(direction)) : null;
  const corpus = await text.tokenized(direction, known ?? choice!.corpus.tokenizer.kind);
  return { corpus, remark: choice?.remark ?? null, spent: choice?.spent ?? 0 };
}

async function choose(asked: TextRequest, corpus: WholeCorpus): Promise<ReadText> {
  const { engine, configuration, breathe, now } = asked;
  const started = await engine();
  const began = now();
  const choice = await chooseTokens({ corpus, ...configuration.train, engine: started, breathe, now });
  return { ...choice, spent: now() - began };
}

async function prepare(
  { configuration, engine, ...time }: TextRequest,
  { corpus, remark, spent }: ReadText,
): Promise<PreparedTask> {
  const { model, train, cells } = configuration;
  const { direction } = model;
  await engine();
  const { tokenizer, text, characters } = corpus;
  const dataset = new TextDataset(corpus);
  const recalled = direction === 'forward' ? sayWhatIsRecalled(corpus) : null;

  async function finish({ trained, network, predictor }: Ending): Promise<Finished> {
    const remarks: string[] = [];
    // If the network's predictions are not numbers, the mixture keeps its initial weights.
    const mixture =
      direction === 'forward'
        ? await learnMixture(predictor(), corpus, time.breathe).catch((error: unknown) => {
            if (!(error instanceof Problem)) throw error;
            remarks.push(error.message);
            return null;
          })
        : null;
    const held = learnHeldOutRows(dataset, train, { trained, network }, { heldOutApart: false });
    return { learned: held.learned, mixture, remarks: [...remarks, ...held.remarks] };
  }

  return {
    name: 'language model',
    dataset,
    lossUnit: bitsPerCharacter,
    metric: null,
    architecture: architecture(tokenizer.size, model, cells),
    tokenizer,
    direction,
    text,
    ...(corpus.digest !== null && { longText: { characters, digest: corpus.digest } }),
    start: {
      vocabulary: tokenizer.size,
      tokens: { kind: tokenizer.kind, length: corpus.charactersPerToken },
      characters,
      remarks: [...corpus.remarks, ...[recalled, remark].filter((each) => each !== null)],
    },
    spent,
    sample: (_, predictor, options) => writeSample(predictor(), tokenizer, direction, options),
    freeRun: (predictor, read, options) => freeRun(predictor, read, corpus.heldOut, options),
    finish,
  };
}
