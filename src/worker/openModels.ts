// The models that the prediction worker keeps open: the last that were used. Each takes tens of megabytes, and a
// workspace may have hundreds.
import type { Engine } from '../backend/engine.ts';
import type { Files } from '../store/files.ts';
import { closeModel, type OpenModel, openModel } from './openModel.ts';

/** As many as there are texts whose states a model keeps. */
export const maximumModels = 8;

/** Of texts that closed models are to know again when they are opened again: the oldest beyond so many go. */
const maximumCharacters = 10_000_000;

/** A model on disk, as it was asked for. */
export interface ModelReference {
  /** Its folder. */
  readonly model: string;
  /** Changes whenever the model on disk does. */
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
  readonly #files: Files;
  readonly #read: (library: OpenModel['library'], text: string) => void;
  /** By folder, the last one used last. */
  readonly #models = new Map<string, LoadedModel>();
  #told: Told[] = [];

  /** @param read makes a library know a text, in slices: it is called for what a model was told before it was closed */
  constructor(
    engine: Promise<Engine>,
    files: Files,
    read: (library: OpenModel['library'], text: string) => void,
  ) {
    this.#engine = engine;
    this.#files = files;
    this.#read = read;
  }

  /** @returns the model where it is open */
  get(model: string): OpenModel | undefined {
    return this.#models.get(model);
  }

  /** @throws Problem when there is no whole model in the folder; one that was open stays so */
  async load({ model, revision }: ModelReference): Promise<OpenModel> {
    const loaded = this.#models.get(model);
    // The revision is the one that was asked for: what is on disk may be newer already.
    const fresh =
      loaded?.revision === revision
        ? loaded
        : { ...(await openModel(await this.#engine, this.#files, model, loaded)), revision };
    if (loaded && loaded !== fresh) closeModel(loaded);
    this.#models.delete(model);
    this.#models.set(model, fresh);
    if (loaded?.library !== fresh.library)
      for (const told of this.#told) if (told.model === model) this.#read(fresh.library, told.text);
    const [oldest] = this.#models.keys();
    if (this.#models.size > maximumModels) {
      closeModel(this.#models.get(oldest)!);
      this.#models.delete(oldest);
    }
    return fresh;
  }

  /** Lets a model know a text, also after it has been closed and opened again. @throws Problem as `load` */
  async tell(reference: ModelReference, text: string): Promise<void> {
    const { library } = await this.load(reference);
    this.#read(library, text);
    const { model } = reference;
    if (this.#told.some((each) => each.model === model && each.text === text)) return;
    this.#told.push({ model, text });
    let characters = this.#told.reduce((sum, each) => sum + each.text.length, 0);
    while (characters > maximumCharacters) characters -= this.#told.shift()!.text.length;
  }
}
