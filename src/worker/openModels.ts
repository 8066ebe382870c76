// The models that the prediction worker keeps open, which are the last that were used. Each takes tens of
// megabytes, and a workspace may have hundreds.
import type { Engine } from '../backend/engine.ts';
import { closeModel, type OpenModel, openModel } from './openModel.ts';
import type { Platform } from './platform.ts';

/** The number of models that are kept open, as many as the documents whose states a model caches. */
export const maximumModels = 8;

/**
 * The characters of the texts that closed models are to read again when they are reopened; the oldest beyond
 * these are dropped.
 */
const maximumCharacters = 10_000_000;

/** A reference to a model on disk. */
export interface ModelReference {
  /** The model's folder. */
  readonly model: string;
  /** The revision, which changes whenever the model on disk does. */
  readonly revision: string;
}

interface LoadedModel extends OpenModel {
  readonly revision: string;
}

interface Told {
  readonly model: string;
  readonly text: string;
}

export class OpenModels {
  readonly #engine: Promise<Engine>;
  readonly #platform: Pick<Platform, 'files' | 'breathe'>;
  readonly #read: (documents: OpenModel['otherDocuments'], text: string) => void;
  /** The open models by folder, the most recently used last. */
  readonly #models = new Map<string, LoadedModel>();
  #told: Told[] = [];

  /** @param read lets a model read a text in slices; it is called again for a reopened model's texts */
  constructor(
    engine: Promise<Engine>,
    platform: Pick<Platform, 'files' | 'breathe'>,
    read: (documents: OpenModel['otherDocuments'], text: string) => void,
  ) {
    this.#engine = engine;
    this.#platform = platform;
    this.#read = read;
  }

  /** Returns the model if it is open. */
  get(model: string): OpenModel | undefined {
    return this.#models.get(model);
  }

  /**
   * Opens a model. @throws Problem when there is no whole model in the folder; one that was open stays open
   */
  async load({ model, revision }: ModelReference): Promise<OpenModel> {
    const loaded = this.#models.get(model);
    // The revision is the requested one; the model on disk may be newer already.
    const fresh =
      loaded?.revision === revision
        ? loaded
        : { ...(await openModel(await this.#engine, this.#platform, model, loaded)), revision };
    if (loaded && loaded !== fresh) closeModel(loaded);
    this.#models.delete(model);
    this.#models.set(model, fresh);
    if (loaded?.otherDocuments !== fresh.otherDocuments)
      for (const told of this.#told) if (told.model === model) this.#read(fresh.otherDocuments, told.text);
    const [oldest] = this.#models.keys();
    if (this.#models.size > maximumModels) {
      closeModel(this.#models.get(oldest)!);
      this.#models.delete(oldest);
    }
    return fresh;
  }

  /** Lets a model read a text, again after it has been closed and reopened. @throws Problem as `load` does */
  async tell(reference: ModelReference, text: string): Promise<void> {
    const { otherDocuments } = await this.load(reference);
    this.#read(otherDocuments, text);
    const { model } = reference;
    if (this.#told.some((each) => each.model === model && each.text === text)) return;
    this.#told.push({ model, text });
    let characters = this.#told.reduce((sum, each) => sum + each.text.length, 0);
    while (characters > maximumCharacters) characters -= this.#told.shift()!.text.length;
  }
}
