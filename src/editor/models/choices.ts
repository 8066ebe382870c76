// Keeps the user's decisions about the workspace's models: their names, which texts they complete, and where the texts
// that they were trained on have been moved to.
import { basename } from 'node:path';
import { type Disposable, EventEmitter, languages, type Memento, type TextDocument } from 'vscode';
import type { Manifest } from '../../store/manifest.ts';
import { uriOf } from '../runs/trainingText.ts';

/** The kinds of use; an earlier kind takes precedence over a later one. */
const kinds = ['file', 'glob', 'language'] as const;

/** The texts that a model is used for, given by a URI, a glob or a language. */
export interface Use {
  readonly kind: (typeof kinds)[number];
  readonly what: string;
}

export interface ChoicesState {
  /** The names by the models' folder names. */
  readonly names: Readonly<Record<string, string>>;
  readonly uses: readonly (Use & { readonly model: string })[];
  /** The URIs of the texts that were moved after the training, by the models' folder names. */
  readonly places: Readonly<Record<string, string>>;
}

const key = 'models';
const nothing: ChoicesState = { names: {}, uses: [], places: {} };

/** Holds the choices; a model is identified by the name of its folder. */
export class Choices implements Disposable {
  readonly #memento: Memento;
  readonly #changes = new EventEmitter<void>();

  readonly onDidChange = this.#changes.event;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  get #state(): ChoicesState {
    // An earlier version stored no places.
    return { ...nothing, ...this.#memento.get<Partial<ChoicesState>>(key) };
  }

  name(directory: string): string | undefined {
    return this.#state.names[basename(directory)];
  }

  /** @param name the new name; the empty string restores the model's own */
  async rename(directory: string, name: string): Promise<void> {
    const { [basename(directory)]: _, ...names } = this.#state.names;
    await this.#set({ ...this.#state, names: name ? { ...names, [basename(directory)]: name } : names });
  }

  usesOf(directory: string): readonly Use[] {
    return this.#state.uses.filter(({ model }) => model === basename(directory));
  }

  /** Uses a model for these texts, instead of any other that was used for them. */
  async use(directory: string, { kind, what }: Use): Promise<void> {
    const others = this.#state.uses.filter((each) => each.kind !== kind || each.what !== what);
    await this.#set({ ...this.#state, uses: [...others, { kind, what, model: basename(directory) }] });
  }

  async stopUsing(directory: string): Promise<void> {
    const uses = this.#state.uses.filter(({ model }) => model !== basename(directory));
    await this.#set({ ...this.#state, uses });
  }

  /** Returns the models that are to complete a text, the most specific choice first. */
  for(document: TextDocument): string[] {
    const { uses } = this.#state;
    return kinds.flatMap((kind) =>
      uses.filter((use) => use.kind === kind && matches(use, document)).map(({ model }) => model),
    );
  }

  /** Returns a model's manifest with the URI that its text has now. */
  inPlace(directory: string, manifest: Manifest): Manifest {
    const uri = this.#state.places[basename(directory)];
    return uri === undefined ? manifest : { ...manifest, provenance: { ...manifest.provenance, uri } };
  }

  /** Changes what is kept. @param after returns the choices after the change; null where nothing changes */
  async change(after: (before: ChoicesState) => ChoicesState | null): Promise<void> {
    const state = after(this.#state);
    if (state) await this.#set(state);
  }

  async forget(directory: string): Promise<void> {
    const { [basename(directory)]: _, ...places } = this.#state.places;
    await this.#set({ ...this.#state, places });
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

  async #set(state: ChoicesState): Promise<void> {
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
