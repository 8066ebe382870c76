// The texts that are open: a model gets to know those that it is for, whatever it was trained on.
import { Position, type TextDocument, workspace } from 'vscode';
import type { Model, Models } from './models.ts';
import { plainText } from './plainText.ts';
import type { PredictorClient } from './predictorClient.ts';
import { isSecret } from './secrets.ts';
import { setting } from './settings.ts';

/** Characters of a text, on each side of the cursor, that are made known. */
const farthest = 100_000;

/** Whether a model may learn from the document. */
export function mayLearn(document: TextDocument): boolean {
  const isText = document.uri.scheme !== 'output';
  return isText && !isSecret(document.uri) && setting('completion.learn', document);
}

export class OpenTexts {
  readonly #models: Models;
  readonly #predictor: PredictorClient;
  readonly #known = new Set<string>();

  constructor(models: Models, predictor: PredictorClient) {
    this.#models = models;
    this.#predictor = predictor;
  }

  /** Lets the model know what it does not know yet; the cursor is in `current`. */
  share(model: Model, current: TextDocument, cursor: Position): void {
    for (const document of workspace.textDocuments) {
      // Trained anew on another text, it has forgotten the others.
      const name = `${model.directory} ${model.manifest.text} ${document.uri}`;
      if (this.#known.has(name) || this.#models.for(document) !== model || !mayLearn(document)) continue;
      this.#known.add(name);
      for (const text of textsOf(document, document === current ? cursor : null))
        if (text !== '')
          this.#predictor.know({ model: model.directory, revision: model.manifest.weights, text });
    }
  }
}

/** But for the line at the cursor: that is being typed, and learned as such. */
function textsOf(document: TextDocument, cursor: Position | null): string[] {
  if (!cursor) return [plainText(document, 0, farthest)];
  const offset = document.offsetAt(cursor);
  const lineStart = (line: number) => document.offsetAt(new Position(line, 0));
  return [
    plainText(document, offset - farthest, lineStart(cursor.line)),
    plainText(document, lineStart(cursor.line + 1), offset + farthest),
  ];
}
