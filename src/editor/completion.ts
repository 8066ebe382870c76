// Ghost text: asks the prediction worker what comes next, and keeps to it while it is typed along.
import {
  type CancellationToken,
  type InlineCompletionContext,
  InlineCompletionItem,
  type InlineCompletionItemProvider,
  type LogOutputChannel,
  type Position,
  Range,
  type TextDocument,
} from 'vscode';
import { contextStart } from '../protocol/predictor.ts';
import type { Model, Models } from './models.ts';
import type { PredictorClient } from './predictorClient.ts';
import { setting } from './settings.ts';

/** What was suggested where, so that typing along does not change it. */
interface Shown {
  readonly document: string;
  readonly directory: string;
  readonly offset: number;
  readonly text: string;
}

export class CompletionProvider implements InlineCompletionItemProvider {
  readonly #models: Models;
  readonly #predictor: PredictorClient;
  readonly #log: LogOutputChannel;
  #shown: Shown | null = null;

  constructor(models: Models, predictor: PredictorClient, log: LogOutputChannel) {
    this.#models = models;
    this.#predictor = predictor;
    this.#log = log;
  }

  async provideInlineCompletionItems(
    document: TextDocument,
    position: Position,
    _context: InlineCompletionContext,
    token: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    if (!setting('completion.enabled', document)) return [];
    const model = this.#models.for(document);
    if (!model) return [];
    const text =
      this.#typedAlong(document, position, model) ?? (await this.#ask(document, position, model, token));
    if (!text || token.isCancellationRequested) return [];
    this.#shown = {
      document: document.uri.toString(),
      directory: model.directory,
      offset: document.offsetAt(position),
      text,
    };
    return [itemFor(document, position, text)];
  }

  /** The rest of the last suggestion, when what was typed since is its beginning. */
  #typedAlong(document: TextDocument, position: Position, model: Model): string | null {
    const shown = this.#shown;
    if (!shown || shown.directory !== model.directory || shown.document !== document.uri.toString())
      return null;
    const offset = document.offsetAt(position);
    if (offset < shown.offset || offset >= shown.offset + shown.text.length) return null;
    const typed = document.getText(new Range(document.positionAt(shown.offset), position));
    if (!shown.text.startsWith(typed)) return null;
    return shown.text.slice(typed.length);
  }

  async #ask(
    document: TextDocument,
    position: Position,
    model: Model,
    token: CancellationToken,
  ): Promise<string> {
    const cursor = document.offsetAt(position);
    const offset = contextStart(cursor);
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      const suggestion = await this.#predictor.suggest(
        {
          model: model.directory,
          revision: model.manifest.weights,
          document: document.uri.toString(),
          offset,
          before: document.getText(new Range(document.positionAt(offset), position)).replace(/\r\n?/g, '\n'),
          after: document.lineAt(position).text.slice(position.character),
          learn: setting('completion.learn', document),
          confidence: setting('completion.confidence', document),
          maxLength: setting('completion.maxLength', document),
        },
        abort.signal,
      );
      return suggestion?.text ?? '';
    } catch (error) {
      this.#log.error(`No suggestion: ${(error as Error).message}`);
      return '';
    } finally {
      listener.dispose();
    }
  }
}

/** Replaces from the start of the word being typed, as VS Code's own suggestions do. */
function itemFor(document: TextDocument, position: Position, text: string): InlineCompletionItem {
  const word = document
    .getText(new Range(position.with({ character: 0 }), position))
    .match(/[\p{L}\p{N}_]*$/u)![0];
  return new InlineCompletionItem(word + text, new Range(position.translate(0, -word.length), position));
}
