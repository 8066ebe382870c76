// The models on disk that can complete text, and which of them a document gets.
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EventEmitter, type LogOutputChannel, type TextDocument } from 'vscode';
import { type Manifest, parseManifest } from '../protocol/manifest.ts';
import type { Choices } from './choices.ts';

export interface Model {
  readonly directory: string;
  readonly manifest: Manifest;
}

export class Models {
  readonly #root: string;
  readonly #log: LogOutputChannel;
  readonly #choices: Choices;
  readonly #changes = new EventEmitter<void>();
  #models: readonly Model[] = [];

  readonly onDidChange = this.#changes.event;

  constructor(root: string, choices: Choices, log: LogOutputChannel) {
    this.#root = root;
    this.#choices = choices;
    this.#log = log;
  }

  /** Newest first. */
  get all(): readonly Model[] {
    return this.#models;
  }

  /** Reads what is there; a folder that holds no whole model is left alone and said in the log. */
  async refresh(): Promise<void> {
    const folders = await readdir(this.#root).catch(() => [] as string[]);
    const models = await Promise.all(folders.map((folder) => this.#read(join(this.#root, folder))));
    this.#models = models
      .filter((model) => model !== null)
      .sort((a, b) => b.manifest.provenance.date.localeCompare(a.manifest.provenance.date));
    this.#changes.fire();
  }

  async #read(directory: string): Promise<Model | null> {
    try {
      return { directory, manifest: parseManifest(await readFile(join(directory, 'model.json'), 'utf8')) };
    } catch (error) {
      this.#log.warn(`${directory}: ${(error as Error).message}`);
      return null;
    }
  }

  async delete(models: readonly Model[]): Promise<void> {
    for (const { directory } of models) {
      await rm(directory, { recursive: true, force: true });
      await this.#choices.forget(directory);
    }
    await this.refresh();
  }

  /**
   * Of each text the newest `count` runs are kept, and those with a name or a use, and those for which `isKept`.
   */
  async keep(count: number, isKept: (directory: string) => boolean): Promise<void> {
    const seen = new Map<string | null, number>();
    const old = this.#models.filter(({ directory, manifest: { provenance } }) => {
      const newer = seen.get(provenance.uri) ?? 0;
      seen.set(provenance.uri, newer + 1);
      const chosen = this.#choices.name(directory) || this.#choices.usesOf(directory).length > 0;
      return newer >= count && !chosen && !isKept(directory);
    });
    if (old.length > 0) await this.delete(old);
  }

  /** The one that was chosen for it, else one that was trained on this very text, else one of its language. */
  for(document: TextDocument): Model | undefined {
    const uri = document.uri.toString();
    const forward = this.#models.filter(({ manifest }) => manifest.direction === 'forward').sort(byStanding);
    const [chosen] = this.#choices
      .for(document)
      .flatMap((name) => forward.find(({ directory }) => basename(directory) === name) ?? []);
    return (
      chosen ??
      forward.find(({ manifest }) => manifest.provenance.uri === uri) ??
      forward.find(({ manifest }) => manifest.provenance.languageId === document.languageId)
    );
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

/** Finished runs before those that are not, and both before those of a comparison, of which the best is first. */
function byStanding({ manifest: a }: Model, { manifest: b }: Model): number {
  const standing = ({ compared, finished }: Manifest) => (compared ? 2 : finished ? 0 : 1);
  const loss = ({ compared, validationLoss }: Manifest) => (compared ? (validationLoss ?? 1e9) : 0);
  return standing(a) - standing(b) || loss(a) - loss(b);
}
