// The models on disk that can complete text, and which of them a document gets.
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Disposable, EventEmitter, languages, RelativePattern, type TextDocument, Uri } from 'vscode';
import { Problem } from '../protocol/problem.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { isFileError } from '../store/files.ts';
import type { Manifest } from '../store/manifest.ts';
import type { Choices } from './choices.ts';
import type { Diary } from './diary.ts';
import { readManifest } from './modelFiles.ts';
import type { Overlay } from './overlay.ts';
import type { Runs } from './runs.ts';
import { setting } from './settings.ts';
import { uriOf } from './text.ts';

export interface Model {
  readonly directory: string;
  readonly manifest: Manifest;
}

export class Models {
  readonly #root: string;
  readonly #choices: Choices;
  readonly #diary: Diary;
  readonly #changes = new EventEmitter<void>();
  #models: readonly Model[] = [];

  readonly onDidChange = this.#changes.event;

  constructor(root: string, choices: Choices, diary: Diary) {
    this.#root = root;
    this.#choices = choices;
    this.#diary = diary;
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
      return { directory, manifest: await readManifest(directory) };
    } catch (error) {
      this.#diary.problem('model', `${directory}: ${(error as Error).message}`);
      return null;
    }
  }

  /** @throws Problem when one cannot be deleted, after the others have been */
  async delete(models: readonly Model[]): Promise<void> {
    const left: string[] = [];
    for (const { directory } of models) {
      try {
        await rm(directory, { recursive: true, force: true });
        await this.#choices.forget(directory);
      } catch (error) {
        if (!isFileError(error)) throw error;
        left.push(`${directory}: ${reasonOf(error)}.`);
      }
    }
    await this.refresh();
    if (left.length > 0) throw new Problem(left.join(' '));
  }

  /** Of each text the newest `count` runs are kept, and those with a name or a use, and those that `isKept`. */
  async keep(count: number, isKept: (directory: string) => boolean): Promise<void> {
    const seen = new Map<string, number>();
    const old = this.#models.filter(({ directory, manifest: { provenance } }) => {
      const text = `${provenance.uri} ${provenance.pattern}`;
      const newer = seen.get(text) ?? 0;
      seen.set(text, newer + 1);
      const chosen = this.#choices.name(directory) || this.#choices.usesOf(directory).length > 0;
      return newer >= count && !chosen && !isKept(directory);
    });
    if (old.length > 0)
      await this.delete(old).catch((error: Error) => this.#diary.problem('model', error.message));
  }

  /**
   * The one that was chosen for the document; else the model that was trained on this very text or a part of it, else
   * on its folder, else on its language.
   */
  for(document: TextDocument): Model | undefined {
    const uri = uriOf(document).toString();
    const forward = this.#models.filter(({ manifest }) => manifest.direction === 'forward').sort(byStanding);
    const [chosen] = this.#choices
      .for(document)
      .flatMap((name) => forward.find(({ directory }) => basename(directory) === name) ?? []);
    return (
      chosen ??
      forward.find(({ manifest }) => wholeUri(manifest) === uri) ??
      forward.find(({ manifest }) => isBelow(document, manifest)) ??
      forward.find(({ manifest }) => manifest.provenance.languageId === document.languageId)
    );
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

/** Of each text as many as the user wants to keep, as runs end. */
export function keepModels(models: Models, runs: Runs, overlay: Overlay): Disposable {
  return runs.onDidUpdate(async ({ saved, snapshot }) => {
    if (!saved) return;
    await models.refresh();
    if (snapshot.status.kind !== 'ended') return;
    await models.keep(
      setting('runs.kept'),
      (directory) => directory === runs.directory || overlay.has(directory),
    );
  });
}

/** Finished runs before those that are not, and both before those of a comparison, of which the best is first. */
function byStanding({ manifest: a }: Model, { manifest: b }: Model): number {
  const standing = ({ compared, finished }: Manifest) => (compared ? 2 : finished ? 0 : 1);
  const loss = ({ compared, validationLoss }: Manifest) => (compared ? (validationLoss ?? 1e9) : 0);
  return standing(a) - standing(b) || loss(a) - loss(b);
}

/** Of the text that the model was trained on, or on a part of; null where it was several. */
function wholeUri({ provenance: { uri, pattern } }: Manifest): string | null {
  return pattern === null && uri !== null ? uri.replace(/#.*/, '') : null;
}

/** Whether the model was trained on files such as this one. */
function isBelow(document: TextDocument, { provenance: { uri, pattern } }: Manifest): boolean {
  if (pattern === null || uri === null) return false;
  return languages.match({ pattern: new RelativePattern(Uri.parse(uri), pattern) }, document) > 0;
}
