// Shows a model the open documents that it completes, whatever it was trained on.
import { Position, type TextDocument, workspace } from 'vscode';
import type { Model, Models } from '../models/models.ts';
import { secretIn } from '../settings/secrets.ts';
import { setting } from '../settings/settings.ts';
import { plainText } from '../text/lineEnds.ts';
import type { PredictorClient } from '../workers/predictorClient.ts';

/** The most characters on each side of the cursor that a model is shown. */
const farthest = 100_000;

/**
 * Whether the settings allow a model to learn from the document. They do not tell whether it contains
 * secrets.
 */
export function learnsFrom(document: TextDocument): boolean {
  return document.uri.scheme !== 'output' && setting('completion.learn', document);
}

export class OpenTexts {
  readonly #models: Models;
  readonly #predictor: PredictorClient;
  /** The documents that were shown to a model or found to contain secrets, as keys of worker, model and document. */
  readonly #seen = new Set<string>();

  constructor(models: Models, predictor: PredictorClient) {
    this.#models = models;
    this.#predictor = predictor;
  }

  /** Shows the model the documents that it has not seen yet; `cursor` is in the document `current`. */
  async share(model: Model, current: TextDocument, cursor: Position): Promise<void> {
    // All texts are read before the first await, because the cursor may move during it.
    const unknown = workspace.textDocuments.flatMap((document) => {
      // The key names the worker and the training text: a worker that was started anew, and a model that was trained on
      // another text since, have to see the documents again.
      const name = `${this.#predictor.starts} ${model.directory} ${model.manifest.text} ${document.uri}`;
      // The list may have been read again since the model was chosen.
      const isCompleted = this.#models.for(document, 'suggest')?.directory === model.directory;
      if (this.#seen.has(name) || !isCompleted || !learnsFrom(document)) return [];
      this.#seen.add(name);
      const texts = textsOf(document, document === current ? cursor : null);
      return [{ uri: document.uri, title: '', whole: document.getText(), texts }];
    });
    for (const { texts, whole, ...source } of unknown) {
      if ((await secretIn(source, [whole])) !== null) continue;
      for (const text of texts)
        if (text !== '')
          this.#predictor.know({ model: model.directory, revision: model.manifest.weights, text });
    }
  }
}

/** Returns the text without the cursor's line, which is learned while it is typed. */
function textsOf(document: TextDocument, cursor: Position | null): string[] {
  if (!cursor) return [plainText(document, 0, farthest)];
  const offset = document.offsetAt(cursor);
  const lineStart = (line: number) => document.offsetAt(new Position(line, 0));
  return [
    plainText(document, offset - farthest, lineStart(cursor.line)),
    plainText(document, lineStart(cursor.line + 1), offset + farthest),
  ];
}
