// Opens a model on disk as a network that predicts.
import type { Engine, Predictor } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';
import type { Files } from '../store/files.ts';
import { readModel, type StoredModel } from '../store/modelFolder.ts';

export interface OpenNetwork extends StoredModel {
  readonly predictor: Predictor;
}

/** The number of tokens that a network must read without error; a large one takes 50 ms for each. */
const tried = 4;

/**
 * Opens a network. @throws Problem when there is no whole model in the folder, or its outputs are not numbers
 */
export function openNetwork(engine: Engine, files: Files, directory: string): OpenNetwork {
  const model = readModel(files, directory);
  const predictor = engine.predict(model.architecture, model.weights);
  const state = predictor.initial();
  const logits = new Float32Array(predictor.outputs);
  for (let token = 0; token < Math.min(tried, predictor.outputs); token++) {
    predictor.next(state, token, state, logits);
    if (logits.every(Number.isFinite)) continue;
    predictor.dispose();
    throw new Problem(
      'The weights of this model are damaged: what it computes is no number. Train the model again.',
    );
  }
  return { ...model, predictor };
}
