// Keeps the user's decisions about the workspace's models: their names, which texts they complete, and where the texts
// that they were trained on have been moved to.
import { basename } from 'node:path';
import { type Disposable, EventEmitter, languages, type Memento, type TextDocument, type Uri } from 'vscode';
import type { Manifest } from '../../store/manifest.ts';
import { uriOf } from '../runs/trainingText.ts';
import { movedUri } from '../text/movedUri.ts';

/** The kinds of use; an earlier kind takes precedence over a later one. */
const kinds = ['file', 'glob', 'language'] as const;

/** The texts that a model is used for, given by a URI, a glob or a language. */
export interface Use {
  readonly kind: (typeof kinds)[number];
  readonly what: string;
}

interface State {
  /** The names by the models' folder names. */
  readonly names: Readonly<Record<string, string>>;
  readonly uses: readonly (Use & { readonly model: string })[];
  /** The URIs of the texts that were moved after the training, by the models' folder names. */
  readonly places: Readonly<Record<string, string>>;
}

const key = 'models';
const nothing: State = { names: {}, uses: [], places: {} };

/** Holds the choices; a model is identified by the name of its folder. */
export class Choices implements Disposable {
  readonly #memento: Memento;
  readonly #changes = new EventEmitter<void>();

  readonly onDidChange = this.#changes.event;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  get #state(): State {
    // An earlier version stored no places.
    return { ...nothing, ...this.#memento.get<Partial<State>>(key) };
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

  /**
   * Follows a text that has been moved, or a folder of texts. What was chosen for a text that it replaces is forgotten.
   * @param models the folders of all models, with the URIs that their texts had
   */
  async move(
    from: Uri,
    to: Uri,
    models: readonly { readonly directory: string; readonly uri: string | null }[],
  ): Promise<void> {
    const { names, uses, places } = this.#state;
    const placed = models.flatMap(({ directory, uri }) => {
      const before = places[basename(directory)] ?? uri;
      const now = before === null ? null : movedUri(before, from, to);
      return now === null ? [] : [[basename(directory), now] as const];
    });
    const followed = uses.flatMap((use) => {
      const what = use.kind === 'file' ? movedUri(use.what, from, to) : null;
      return what === null ? [] : [{ ...use, what }];
    });
    if (placed.length === 0 && followed.length === 0) return;
    const isLeft = ({ kind, what }: Use) =>
      kind !== 'file' ||
      (movedUri(what, from, to) === null && !followed.some((moved) => moved.what === what));
    await this.#set({
      names,
      uses: [...uses.filter(isLeft), ...followed],
      places: { ...places, ...Object.fromEntries(placed) },
    });
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
