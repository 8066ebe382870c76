// The models on disk that can complete text, and the choice of one for a document.
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { type Disposable, EventEmitter, languages, RelativePattern, type TextDocument, Uri } from 'vscode';
import type { Capability } from '../../protocol/capabilities.ts';
import { advantage } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import { capabilitiesOf } from '../../store/capabilities.ts';
import { reasonOf } from '../../store/fileProblem.ts';
import { isFileError, type Processes } from '../../store/files.ts';
import { heldOutOutcome, type Manifest } from '../../store/manifest.ts';
import type { Overlay } from '../panel/overlay.ts';
import type { Diary } from '../report/diary.ts';
import type { Runs } from '../runs/runs.ts';
import { uriOf } from '../runs/trainingText.ts';
import { setting } from '../settings/settings.ts';
import { isTableName } from '../table/looksLikeRows.ts';
import type { Choices } from './choices.ts';
import { readIsTrained, readManifest } from './modelFiles.ts';
import { isBeingRemoved, removeFolder, removeRemains } from './removeFolder.ts';
import { sizeOf } from './sizeOf.ts';

export interface Model {
  readonly directory: string;
  readonly manifest: Manifest;
}

export class Models {
  readonly #root: string;
  readonly #choices: Choices;
  readonly #diary: Diary;
  readonly #processes: Processes;
  readonly #changes = new EventEmitter<void>();
  #models: readonly Model[] = [];
  #trained: ReadonlySet<string> = new Set();
  #lastRefresh: Promise<void> = Promise.resolve();

  readonly onDidChange = this.#changes.event;

  constructor(root: string, choices: Choices, diary: Diary, processes: Processes) {
    this.#root = root;
    this.#choices = choices;
    this.#diary = diary;
    this.#processes = processes;
  }

  /** The models, newest first. */
  get all(): readonly Model[] {
    return this.#models;
  }

  /** Whether the model of a folder was being trained when the models were read, in this window or elsewhere. */
  isTrained(directory: string): boolean {
    return this.#trained.has(directory);
  }

  /**
   * Reads the models from disk. A folder without a complete model is left alone and logged. Refreshes run one
   * after the other: if two ran at once, the earlier could end last.
   */
  refresh(): Promise<void> {
    const refresh = this.#lastRefresh.then(() => this.#readAll());
    // A refresh that fails keeps no later one from reading.
    this.#lastRefresh = refresh.catch(() => {});
    return refresh;
  }

  async #readAll(): Promise<void> {
    const folders = await readdir(this.#root).catch(() => [] as string[]);
    await Promise.all(
      folders.filter(isBeingRemoved).map((folder) => removeRemains(join(this.#root, folder))),
    );
    const models = await Promise.all(
      folders
        .filter((folder) => !isBeingRemoved(folder))
        .map((folder) => this.#read(join(this.#root, folder))),
    );
    const isTrained = await Promise.all(
      models.map((model) => model && readIsTrained(model.directory, this.#processes)),
    );
    this.#trained = new Set(
      models.flatMap((model, index) => (model && isTrained[index] ? [model.directory] : [])),
    );
    this.#models = models
      .filter((model) => model !== null)
      .sort((a, b) => b.manifest.provenance.date.localeCompare(a.manifest.provenance.date));
    this.#changes.fire();
  }

  async #read(directory: string): Promise<Model | null> {
    try {
      return { directory, manifest: this.#choices.inPlace(directory, await readManifest(directory)) };
    } catch (error) {
      this.#diary.problem('model', `${directory}: ${(error as Error).message}`);
      return null;
    }
  }

  /** @throws Problem when a model could not be deleted, after the others have been */
  async delete(models: readonly Model[]): Promise<void> {
    const left: string[] = [];
    for (const { directory } of models) {
      try {
        await removeFolder(directory);
        await this.#choices.forget(directory);
      } catch (error) {
        if (!isFileError(error)) throw error;
        left.push(`${directory}: ${reasonOf(error)}.`);
      }
    }
    await this.refresh();
    if (left.length > 0) throw new Problem(left.join(' '));
  }

  /**
   * Keeps the newest `count` runs of each text, those with a name or a use, and those for which `isKept` is
   * true. Deletes all others.
   */
  async keep(count: number, isKept: (directory: string) => boolean): Promise<void> {
    const seen = new Map<string, number>();
    const old = this.#models.filter((model) => {
      const { directory, manifest } = model;
      const { provenance } = manifest;
      const text = `${provenance.uri} ${provenance.pattern}`;
      const newer = seen.get(text) ?? 0;
      seen.set(text, newer + 1);
      return newer >= count && !this.#isChosen(model) && !isKept(directory);
    });
    await this.#deleteOld(old);
  }

  /**
   * Deletes the oldest runs until all take up at most `most` bytes. Runs with a name or a use, and those for
   * which `isKept` is true, are kept.
   */
  async keepWithin(most: number, isKept: (directory: string) => boolean): Promise<void> {
    const sizes = await Promise.all(this.#models.map(({ directory }) => sizeOf(directory)));
    let left = sizes.reduce((sum, size) => sum + size, 0);
    const old: Model[] = [];
    for (const [index, model] of [...this.#models.entries()].reverse()) {
      if (left <= most) break;
      if (this.#isChosen(model) || isKept(model.directory)) continue;
      left -= sizes[index];
      old.push(model);
    }
    await this.#deleteOld(old);
  }

  /** Deletes runs. A failure is only logged, because it is tried again when the next run ends. */
  async #deleteOld(old: readonly Model[]): Promise<void> {
    if (old.length > 0)
      await this.delete(old).catch((error: Error) => this.#diary.problem('model', error.message));
  }

  #isChosen({ directory }: Model): boolean {
    return Boolean(this.#choices.name(directory)) || this.#choices.usesOf(directory).length > 0;
  }

  /**
   * Returns the model that was chosen for the document; otherwise one that was trained on this very text or a
   * part of it, otherwise on its folder, otherwise on a text of its kind. Only models with one of the capabilities
   * count.
   */
  for(document: TextDocument, ...capabilities: readonly Capability[]): Model | undefined {
    const uri = uriOf(document).toString();
    const able = this.#able(capabilities);
    const [chosen] = this.#choices
      .for(document)
      .flatMap((name) => able.find(({ directory }) => basename(directory) === name) ?? []);
    return (
      chosen ??
      able.find(({ manifest }) => wholeUri(manifest) === uri) ??
      able.find(({ manifest }) => isBelow(document, manifest)) ??
      ofItsKind(document, able)
    );
  }

  /**
   * Returns the model for what the user asks of the document. Besides those that it has unasked, any that was trained
   * on a text of its language serves: a model of a table reads other texts line by line.
   */
  whenAsked(document: TextDocument, capability: Capability): Model | undefined {
    return (
      this.for(document, capability) ?? this.#able([capability]).find((model) => hasLanguage(model, document))
    );
  }

  /** Returns the models with one of the capabilities, the best first. */
  #able(capabilities: readonly Capability[]): Model[] {
    return this.#models
      .filter(({ manifest }) => capabilities.some((each) => capabilitiesOf(manifest).has(each)))
      .sort(byStanding);
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

/** Deletes old runs whenever a run ends, according to the settings. */
export function keepModels(models: Models, runs: Runs, overlay: Overlay): Disposable {
  return runs.onDidUpdate(async ({ saved, snapshot }) => {
    if (!saved) return;
    await models.refresh();
    if (snapshot.status.kind !== 'ended') return;
    const isKept = (directory: string) =>
      directory === runs.directory || overlay.has(directory) || models.isTrained(directory);
    await models.keep(setting('runs.kept'), isKept);
    await models.keepWithin(1e6 * setting('runs.megabytes'), isKept);
  });
}

/** Orders finished runs before unfinished ones, and runs of a comparison last, the best of these first. */
function byStanding({ manifest: a }: Model, { manifest: b }: Model): number {
  const standing = ({ compared, finished }: Manifest) => (compared ? 2 : finished ? 0 : 1);
  return standing(a) - standing(b) || (a.compared && b.compared ? byOutcome(a, b) : 0);
}

/** Orders models by the metric that they are judged by, the better before the worse; what was not measured is last. */
function byOutcome(a: Manifest, b: Manifest): number {
  const [first, second] = [heldOutOutcome(a), heldOutOutcome(b)];
  if (!first || !second) return Number(!first) - Number(!second);
  const { metric, value } = first;
  return metric.name.localeCompare(second.metric.name) || -advantage(metric, value, second.value);
}

/**
 * Returns the model of a text of the document's kind. Models that suggest text have the language in common with it. Any
 * other has the end of the file's name: a table without an extension of VS Code for it has the language of all plain texts.
 * A file whose name is that of a table has a model of a table before one that suggests text.
 */
function ofItsKind(document: TextDocument, able: readonly Model[]): Model | undefined {
  const suggests = ({ manifest }: Model) => capabilitiesOf(manifest).has('suggest');
  const ofText = able.find((model) => suggests(model) && hasLanguage(model, document));
  const ofRows = able.find((model) => !suggests(model) && endsAlike(model, document));
  return isTableName(document.uri.path) ? (ofRows ?? ofText) : (ofText ?? ofRows);
}

const hasLanguage = ({ manifest }: Model, { languageId }: TextDocument): boolean =>
  manifest.provenance.languageId === languageId;

/** Whether the names of the document and of the file that the model was trained on end alike, as in `.csv`. */
function endsAlike({ manifest }: Model, document: TextDocument): boolean {
  const { pattern, source } = manifest.provenance;
  const end = extname(document.uri.path).toLowerCase();
  return pattern === null && end !== '' && end === extname(wholeUri(manifest) ?? source).toLowerCase();
}

/** Returns the URI of the text that the model was trained on in whole or in part; null if it was several. */
function wholeUri({ provenance: { uri, pattern } }: Manifest): string | null {
  return pattern === null && uri !== null ? uri.replace(/#.*/, '') : null;
}

/** Whether the document matches the folder and the glob that the model was trained on. */
function isBelow(document: TextDocument, { provenance: { uri, pattern } }: Manifest): boolean {
  if (pattern === null || uri === null) return false;
  return languages.match({ pattern: new RelativePattern(Uri.parse(uri), pattern) }, document) > 0;
}
