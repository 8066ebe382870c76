// The models on disk that can complete text, and which of them a document gets.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventEmitter, languages, RelativePattern, type TextDocument, Uri } from 'vscode';
import { type Manifest, parseManifest } from '../protocol/manifest.ts';
import type { Diary } from './diary.ts';
import { uriOf } from './text.ts';

export interface Model {
  readonly directory: string;
  readonly manifest: Manifest;
}

export class Models {
  readonly #root: string;
  readonly #diary: Diary;
  readonly #changes = new EventEmitter<void>();
  #models: readonly Model[] = [];

  readonly onDidChange = this.#changes.event;

  constructor(root: string, diary: Diary) {
    this.#root = root;
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
      return { directory, manifest: parseManifest(await readFile(join(directory, 'model.json'), 'utf8')) };
    } catch (error) {
      this.#diary.problem('model', `${directory}: ${(error as Error).message}`);
      return null;
    }
  }

  /** The model that was trained on this very text or a part of it, else on its folder, else on its language. */
  for(document: TextDocument): Model | undefined {
    const uri = uriOf(document).toString();
    const forward = this.#models.filter(({ manifest }) => manifest.direction === 'forward');
    return (
      forward.find(({ manifest }) => wholeUri(manifest) === uri) ??
      forward.find(({ manifest }) => isBelow(document, manifest)) ??
      forward.find(({ manifest }) => manifest.provenance.languageId === document.languageId)
    );
  }

  dispose(): void {
    this.#changes.dispose();
  }
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
