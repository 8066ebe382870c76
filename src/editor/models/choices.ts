// What the user has decided about the models of the workspace: their names, and which texts they complete.
import { basename } from 'node:path';
import { type Disposable, EventEmitter, languages, type Memento, type TextDocument } from 'vscode';
import { uriOf } from '../runs/trainingText.ts';

/** The first ones go before the others. */
const kinds = ['file', 'glob', 'language'] as const;

/** Texts that a model is used for: by URI, glob or language. */
export interface Use {
  readonly kind: (typeof kinds)[number];
  readonly what: string;
}

interface State {
  /** By the folders of the models. */
  readonly names: Readonly<Record<string, string>>;
  readonly uses: readonly (Use & { readonly model: string })[];
}

const key = 'models';
const nothing: State = { names: {}, uses: [] };

/** Models are known by the names of their folders. */
export class Choices implements Disposable {
  readonly #memento: Memento;
  readonly #changes = new EventEmitter<void>();

  readonly onDidChange = this.#changes.event;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  get #state(): State {
    return this.#memento.get(key, nothing);
  }

  name(directory: string): string | undefined {
    return this.#state.names[basename(directory)];
  }

  /** @param name empty: the one that it has by itself */
  async rename(directory: string, name: string): Promise<void> {
    const { [basename(directory)]: _, ...names } = this.#state.names;
    await this.#set({ ...this.#state, names: name ? { ...names, [basename(directory)]: name } : names });
  }

  usesOf(directory: string): readonly Use[] {
    return this.#state.uses.filter(({ model }) => model === basename(directory));
  }

  /** Instead of any other model that was used for the same texts. */
  async use(directory: string, { kind, what }: Use): Promise<void> {
    const others = this.#state.uses.filter((each) => each.kind !== kind || each.what !== what);
    await this.#set({ ...this.#state, uses: [...others, { kind, what, model: basename(directory) }] });
  }

  async stopUsing(directory: string): Promise<void> {
    const uses = this.#state.uses.filter(({ model }) => model !== basename(directory));
    await this.#set({ ...this.#state, uses });
  }

  /** The models that are to complete a text, the most particular choice first. */
  for(document: TextDocument): string[] {
    const { uses } = this.#state;
    return kinds.flatMap((kind) =>
      uses.filter((use) => use.kind === kind && matches(use, document)).map(({ model }) => model),
    );
  }

  async forget(directory: string): Promise<void> {
    await this.stopUsing(directory);
    await this.rename(directory, '');
  }

  /** Forgets every name and every use. */
  clear(): Promise<void> {
    return this.#set(nothing);
  }

  dispose(): void {
    this.#changes.dispose();
  }

  async #set(state: State): Promise<void> {
    await this.#memento.update(key, state);
    this.#changes.fire();
  }
}

function matches({ kind, what }: Use, document: TextDocument): boolean {
  switch (kind) {
    case 'file':
      return uriOf(document).toString() === what;
    case 'glob':
      return languages.match({ pattern: what }, document) > 0;
    case 'language':
      return document.languageId === what;
  }
}
