// The language model predicts the next token of a text at every step. It is judged by its loss in bits per
// character, and becomes a part of the ensemble that completes.
import { learnMixture, sayWhatIsRecalled } from '../../completion/ensemble/trainEnsemble.ts';
import { joinDocuments, readCorpus } from '../../data/text/corpus.ts';
import { TextDataset } from '../../data/text/textDataset.ts';
import { bitsPerCharacter } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import type { TrainRequest } from '../../protocol/trainer.ts';
import { architecture } from '../../training/configuration.ts';
import { learnHeldOut } from '../../training/learnHeldOut.ts';
import type { Ending, Finished, PreparedTask, TaskRequest } from '../task.ts';
import { chooseTokens } from './chooseTokens.ts';
import { freeRun } from './freeRunning.ts';
import { writeSample } from './sample.ts';

/** A text to model. */
interface TextRequest extends TaskRequest {
  readonly request: Pick<TrainRequest, 'documents' | 'sourceCharacters'>;
}

/** @throws Problem when the text cannot be trained on, or the network cannot be computed */
export async function prepareLanguageModel({
  request,
  configuration: { model, train, cells },
  earlier,
  engine,
  ...time
}: TextRequest): Promise<PreparedTask> {
  const { tokens, direction, layers, pool } = model;
  if (pool !== 'auto')
    throw new Problem(
      'A language model has an output at every step, so that nothing is pooled: leave out `model.pool`.',
    );
  if (layers.some(({ bidirectional }) => bidirectional))
    throw new Problem(
      'A language model reads its text from one end, since what comes next is not to be read: leave out `both` in `model.layers`.',
    );
  const read = readCorpus(joinDocuments(request.documents), {
    sourceCharacters: request.sourceCharacters,
    direction,
    tokens: earlier?.tokenizer ?? (tokens === 'auto' ? 'characters' : tokens),
  });
  const started = await engine();
  const began = time.now();
  const { corpus, remark } =
    tokens === 'auto' && !earlier
      ? await chooseTokens({ corpus: read, ...train, engine: started, ...time })
      : { corpus: read, remark: null };
  const spent = time.now() - began;
  const { tokenizer, text } = corpus;
  const dataset = new TextDataset(corpus);
  const recalled = direction === 'forward' ? sayWhatIsRecalled(text) : null;

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
    // A user who stops a run wants it to end.
    const isStopped = trained.result.end === 'stopped';
    const held = isStopped ? null : learnHeldOut(dataset, train, network, trained);
    if (held?.remark) remarks.push(held.remark);
    return { learned: held?.weights ?? null, mixture, remarks };
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
    start: {
      vocabulary: tokenizer.size,
      tokens: { kind: tokenizer.kind, length: corpus.charactersPerToken },
      characters: text.length,
      remarks: [...corpus.remarks, ...[recalled, remark].filter((each) => each !== null)],
    },
    spent,
    sample: (_, predictor, options) => writeSample(predictor(), tokenizer, direction, options),
    freeRun: (predictor, read, options) =>
      freeRun(predictor, read, corpus.heldOut.length > 0 ? corpus.heldOut : corpus.train, options),
    finish,
  };
}
