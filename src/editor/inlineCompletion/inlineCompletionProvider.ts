// Provides ghost text: asks the prediction worker for a continuation, and keeps it while the user types it.
import {
  type CancellationToken,
  type Disposable,
  type InlineCompletionContext,
  InlineCompletionItem,
  type InlineCompletionItemProvider,
  InlineCompletionTriggerKind,
  type Position,
  Range,
  type TextDocument,
} from 'vscode';
import { internalCommands } from '../../contributions.ts';
import { contextStart, counted } from '../../protocol/predictor.ts';
import type { Model, Models } from '../models/models.ts';
import type { Diary } from '../report/diary.ts';
import { textBefore } from '../runs/trainingText.ts';
import { setting } from '../settings/settings.ts';
import { plain, plainOffset, plainText } from '../text/lineEnds.ts';
import type { PredictorClient } from '../workers/predictorClient.ts';
import type { CountedText, CountedTexts } from './countedTexts.ts';
import { learnsFrom, OpenTexts } from './openDocuments.ts';
import type { Suggestions } from './suggestionState.ts';
import { Typed } from './typedText.ts';
import { areWanted } from './wanted.ts';

/** A position in a document. */
interface Offset {
  readonly document: string;
  readonly offset: number;
}

/** The source of suggestions: a model, or a text that was counted because there is none. */
type Source =
  | { readonly model: Model; readonly text: null }
  | { readonly model: null; readonly text: CountedText };

const nameOf = ({ model, text }: Source): string => (model ? model.directory : text.model);

/** The suggestions that were shown last and their position, so that typing along does not change them. */
interface Shown extends Offset {
  /** The name of what they came from. */
  readonly source: string;
  /** The suggested texts: one, or several if the user asked for alternatives. */
  readonly texts: readonly string[];
}

/** The most suggestions that are returned when the user asks for them. */
const choices = 4;

/** The most characters around the cursor that are read on its line; a line may be as long as a file. */
const farthest = 1000;

export class CompletionProvider implements InlineCompletionItemProvider, Disposable {
  readonly #models: Models;
  readonly #predictor: PredictorClient;
  readonly #suggestions: Suggestions;
  readonly #diary: Diary;
  readonly #countedTexts: CountedTexts;
  readonly #typed = new Typed(
    (document, end) => this.#restOfShown(document, end) !== null || this.#isChosen(document, end),
  );
  readonly #openTexts: OpenTexts;
  #shown: Shown | null = null;
  /** The model, with its weights, from which the last suggestion failed. */
  #failed: string | null = null;
  /**
   * The entry that was selected last in VS Code's list of suggestions. For learning, accepting it counts as
   * typing.
   */
  #chosen: (Offset & { readonly text: string }) | null = null;

  constructor(
    models: Models,
    predictor: PredictorClient,
    suggestions: Suggestions,
    diary: Diary,
    countedTexts: CountedTexts,
  ) {
    this.#models = models;
    this.#predictor = predictor;
    this.#suggestions = suggestions;
    this.#diary = diary;
    this.#countedTexts = countedTexts;
    this.#openTexts = new OpenTexts(models, predictor);
  }

  dispose(): void {
    this.#typed.dispose();
  }

  async provideInlineCompletionItems(
    document: TextDocument,
    position: Position,
    context: InlineCompletionContext,
    token: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    const { version } = document;
    // VS Code makes a new request for text that was typed in the meantime.
    if (!(await areWanted(document, context, this.#suggestions)) || document.version !== version) return [];
    const source = this.#sourceFor(document);
    if (!source) return [];
    const insertion = insertionOf(document, position, context);
    if (insertion.chosen)
      this.#chosen = {
        document: document.uri.toString(),
        offset: document.offsetAt(insertion.before),
        text: plain(insertion.chosen),
      };
    const along = insertion.chosen ? null : this.#typedAlong(document, position, source);
    const asked = context.triggerKind === InlineCompletionTriggerKind.Invoke;
    const texts =
      along !== null && !asked
        ? [along]
        : beginWith(along, await this.#ask(document, insertion, source, asked ? choices : 1, token));
    if (texts.length === 0 || token.isCancellationRequested) return [];
    if (!insertion.chosen)
      this.#shown = {
        document: document.uri.toString(),
        source: nameOf(source),
        offset: document.offsetAt(position),
        texts,
      };
    if (along === null) this.#suggestions.show();
    return texts.map((text) => itemFor(insertion, text));
  }

  #sourceFor(document: TextDocument): Source | null {
    const model = this.#models.for(document, 'suggest');
    if (model) return { model, text: null };
    const text = this.#countedTexts.for(document);
    return text && { model: null, text };
  }

  /** Returns the rest of a suggestion that was shown last if the user has typed its beginning since. */
  #typedAlong(document: TextDocument, position: Position, source: Source): string | null {
    if (this.#shown?.source !== nameOf(source)) return null;
    return this.#restOfShown(document, document.offsetAt(position)) || null;
  }

  /**
   * Returns what is left of a suggestion that was shown last after the text up to `end`; null if that text
   * differs.
   */
  #restOfShown(document: TextDocument, end: number): string | null {
    const typed = this.#shown && textFrom(this.#shown, document, end);
    if (typed === null) return null;
    const text = this.#shown?.texts.find((each) => each.startsWith(typed));
    return text?.slice(typed.length) ?? null;
  }

  #isChosen(document: TextDocument, end: number): boolean {
    return this.#chosen !== null && textFrom(this.#chosen, document, end) === this.#chosen.text;
  }

  async #ask(
    document: TextDocument,
    { before, chosen, after }: Insertion,
    source: Source,
    count: number,
    token: CancellationToken,
  ): Promise<readonly string[]> {
    const above = plain(textBefore(document));
    const end = document.offsetAt(before);
    const from = contextStart(above.length + end);
    const start = document.positionAt(from - above.length);
    // The selected entry of a list has not been typed yet.
    const learns = chosen === '' && learnsFrom(document);
    const typed = learns ? plainText(document, this.#typed.startBefore(document, end), end) : '';
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      const suggestions = await this.#predictor.suggest(
        {
          model: nameOf(source),
          revision: source.model ? source.model.manifest.weights : counted,
          document: document.uri.toString(),
          offset: Math.min(from, above.length) + plainOffset(document, start),
          before: above.slice(from) + plainText(document, document.offsetAt(start), end) + plain(chosen),
          after,
          typed: typed.length,
          confidence: setting('completion.confidence', document),
          reading: setting('completion.reading', document),
          maxLength: setting('completion.maxLength', document),
          count,
        },
        abort.signal,
        source.text?.documents,
      );
      if (suggestions && learns) {
        this.#typed.learned(document, end);
        if (source.model) await this.#openTexts.share(source.model, document, before);
      }
      return (suggestions ?? []).map(({ text }) => text);
    } catch (error) {
      this.#diary.problem('suggestion', `No suggestion: ${(error as Error).message}`);
      if (source.model) this.#readAgain(source.model);
      return [];
    } finally {
      listener.dispose();
    }
  }

  /** Has the models read from disk again, once for each that fails: another window may have deleted or replaced it. */
  #readAgain({ directory, manifest }: Model): void {
    const failed = `${directory} ${manifest.weights}`;
    if (this.#failed !== failed) void this.#models.refresh();
    this.#failed = failed;
  }
}

/** Returns the text from `from` to `end`; null if `end` is far away, earlier or in another document. */
function textFrom(from: Offset, document: TextDocument, end: number): string | null {
  if (from.document !== document.uri.toString()) return null;
  return end < from.offset || end > from.offset + farthest ? null : plainText(document, from.offset, end);
}

/** The place where a suggestion is inserted, with what it replaces. */
interface Insertion {
  /** The position where the text that is read ends; `chosen` is appended to it. */
  readonly before: Position;
  /** The selected entry of the list of suggestions. VS Code only shows a suggestion that continues it. */
  readonly chosen: string;
  /** The range that the suggestion replaces; its text must begin with `kept`. */
  readonly range: Range;
  readonly kept: string;
  /** The rest of the line. */
  readonly after: string;
}

function insertionOf(
  document: TextDocument,
  position: Position,
  { selectedCompletionInfo: selected }: InlineCompletionContext,
): Insertion {
  const line = document.lineAt(position).text;
  const after = (at: Position) => line.slice(at.character, at.character + farthest);
  if (selected) {
    const { range, text } = selected;
    return { before: range.start, chosen: text, range, kept: text, after: after(range.end) };
  }
  // The range begins at the start of the current word, as with VS Code's own suggestions.
  const near = line.slice(Math.max(0, position.character - farthest), position.character);
  const word = near.match(/[\p{L}\p{N}_]*$/u)![0];
  const range = new Range(position.translate(0, -word.length), position);
  return { before: position, chosen: '', range, kept: word, after: after(position) };
}

/**
 * Puts the suggestion that is being typed first. Other texts that are a beginning or a continuation of it are
 * dropped.
 */
function beginWith(along: string | null, texts: readonly string[]): readonly string[] {
  if (along === null) return texts;
  const others = texts.filter((text) => !text.startsWith(along) && !along.startsWith(text));
  return [along, ...others].slice(0, choices);
}

function itemFor({ kept, range }: Insertion, text: string): InlineCompletionItem {
  return new InlineCompletionItem(kept + text, range, {
    title: 'Count what was accepted',
    command: internalCommands.suggestionAccepted,
    arguments: [text.length],
  });
}
