// A model on disk → one that predicts.
import { setImmediate } from 'node:timers/promises';
import type { Engine, Predictor } from '../backend/engine.ts';
import { recollect } from '../completion/company.ts';
import { LanguageModel } from '../completion/languageModel.ts';
import type { Recall } from '../completion/recall.ts';
import { architecture } from '../training/plan.ts';
import { Vocabulary } from '../training/vocabulary.ts';
import { readModel, readText } from './modelFolder.ts';

export interface OpenModel {
  readonly model: LanguageModel;
  readonly predictor: Predictor;
  readonly recall: Recall;
  /** File of the text that is recalled. */
  readonly text: string | null;
}

/**
 * @param before the same model as it was: while a training goes on, the weights are others every few seconds, but the
 * text is the same and need not be read again
 * @throws Problem when there is no whole model in the directory
 */
export async function openModel(
  engine: Engine,
  directory: string,
  before: OpenModel | null = null,
): Promise<OpenModel> {
  const { manifest, weights, mixture } = readModel(directory);
  const vocabulary = new Vocabulary(manifest.vocabulary.characters, manifest.vocabulary.rareKinds);
  const predictor = engine.predict(
    architecture(vocabulary.size, manifest.architecture, manifest.cells),
    weights,
  );
  const recall =
    before && before.text === manifest.text
      ? before.recall
      : await recollect(vocabulary, readText(directory, manifest), () => setImmediate());
  return {
    model: new LanguageModel(predictor, vocabulary, recall, mixture?.data ?? null),
    predictor,
    recall,
    text: manifest.text,
  };
}
