// Opens a model on disk for completion.
import type { Engine, Predictor } from '../backend/engine.ts';
import { Completer } from '../completion/completer.ts';
import { DynamicEvaluation } from '../completion/ensemble/dynamicEvaluation.ts';
import { Ensemble } from '../completion/ensemble/ensemble.ts';
import type { NgramModel } from '../completion/ensemble/ngramModel.ts';
import { OtherDocuments } from '../completion/ensemble/otherDocuments.ts';
import { TokenMarginalizer } from '../completion/ensemble/tokenMarginalization.ts';
import { countedText, countNgrams } from '../completion/ensemble/trainEnsemble.ts';
import type { Vocabulary } from '../data/text/vocabulary.ts';
import { readText } from '../store/modelFolder.ts';
import { openNetwork } from './openNetwork.ts';
import type { Platform } from './platform.ts';

/** The number of characters at the text's end that dynamic evaluation must not forget. */
const checked = 512;

export interface OpenModel {
  readonly vocabulary: Vocabulary;
  readonly completer: Completer;
  readonly predictor: Predictor;
  readonly dynamicEvaluation: DynamicEvaluation;
  readonly ngrams: NgramModel;
  readonly otherDocuments: OtherDocuments;
  /** The file of the text from which the n-grams are counted. */
  readonly text: string | null;
}

/**
 * Opens a model.
 * @param before the same model as it was: while a training run goes on, the weights change every few seconds,
 * but the text stays the same and need not be read again
 * @throws Problem when there is no whole model in the directory
 */
export async function openModel(
  engine: Engine,
  { files, breathe }: Pick<Platform, 'files' | 'breathe'>,
  directory: string,
  before: OpenModel | null = null,
): Promise<OpenModel> {
  const { manifest, tokenizer, architecture, weights, mixture, predictor } = openNetwork(
    engine,
    files,
    directory,
  );
  const vocabulary = tokenizer.alphabet;
  const text = countedText(readText(files, directory, manifest));
  const same = before?.text === manifest.text ? before : null;
  const ngrams = same?.ngrams ?? (await countNgrams(vocabulary, text, breathe));
  const marginalizer = new TokenMarginalizer(predictor, tokenizer);
  const model = new Ensemble(marginalizer, vocabulary, ngrams, mixture?.data ?? null);
  const dynamicEvaluation = new DynamicEvaluation(
    engine,
    architecture,
    weights,
    predictor,
    tokenizer.encode(text.slice(-checked)),
  );
  return {
    vocabulary,
    completer: new Completer(model, dynamicEvaluation, tokenizer),
    predictor,
    dynamicEvaluation,
    ngrams,
    otherDocuments: same?.otherDocuments ?? new OtherDocuments(ngrams, vocabulary, text),
    text: manifest.text,
  };
}

/** Frees the memory outside JavaScript's heap, also when the model is opened again. */
export function closeModel({ dynamicEvaluation, predictor }: OpenModel): void {
  dynamicEvaluation.dispose();
  predictor.dispose();
}
