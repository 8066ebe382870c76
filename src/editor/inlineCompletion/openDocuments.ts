// The texts that are open: a model gets to know those that it is for, whatever it was trained on.
import { Position, type TextDocument, workspace } from 'vscode';
import type { Model, Models } from '../models/models.ts';
import { secretIn } from '../settings/secrets.ts';
import { setting } from '../settings/settings.ts';
import { plainText } from '../text/lineEnds.ts';
import type { PredictorClient } from '../workers/predictorClient.ts';

/** Characters of a text, on each side of the cursor, that are made known. */
const farthest = 100_000;

/** Whether the user lets a model learn from the document, which may hold secrets all the same. */
export function learnsFrom(document: TextDocument): boolean {
  return document.uri.scheme !== 'output' && setting('completion.learn', document);
}

export class OpenTexts {
  readonly #models: Models;
  readonly #predictor: PredictorClient;
  /** Documents that were made known, or hold secrets, each for a model. */
  readonly #seen = new Set<string>();

  constructor(models: Models, predictor: PredictorClient) {
    this.#models = models;
    this.#predictor = predictor;
  }

  /** Lets the model know what it does not know yet; the cursor is in `current`. */
  async share(model: Model, current: TextDocument, cursor: Position): Promise<void> {
    // What stands in them now: the cursor moves while their names are looked up.
    const unknown = workspace.textDocuments.flatMap((document) => {
      // Trained anew on another text, it has forgotten the others.
      const name = `${model.directory} ${model.manifest.text} ${document.uri}`;
      if (this.#seen.has(name) || this.#models.for(document) !== model || !learnsFrom(document)) return [];
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
