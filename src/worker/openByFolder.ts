// Keeps the models open that were asked for last, each in the revision that is on disk.
import type { ModelReference } from '../protocol/modelReference.ts';

/** The number of models that are kept open. */
const most = 2;

interface Disposable {
  dispose(): void;
}

/** The open models of one kind. */
export class OpenByFolder<Model extends Disposable> {
  readonly #read: (directory: string) => Promise<Model>;
  /** The open models by folder, the most recently used last. */
  readonly #open = new Map<string, { readonly revision: string; readonly model: Model }>();

  /** @param read opens the model of a folder; it throws a Problem when there is no whole one */
  constructor(read: (directory: string) => Promise<Model>) {
    this.#read = read;
  }

  async open({ model: directory, revision }: ModelReference): Promise<Model> {
    const known = this.#open.get(directory);
    this.#open.delete(directory);
    if (known && known.revision !== revision) known.model.dispose();
    const model = known?.revision === revision ? known.model : await this.#read(directory);
    this.#open.set(directory, { revision, model });
    const [[oldest, { model: old }]] = this.#open;
    if (this.#open.size > most) {
      old.dispose();
      this.#open.delete(oldest);
    }
    return model;
  }
}
