// The completer of one model reads along the documents that it is asked about, and suggests.

import type { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import { Price, priceRules } from './decoding/expectedUtility.ts';
import { isFollowed, type Suggestion, type SuggestOptions, suggest } from './decoding/suggest.ts';
import { type DynamicEvaluation, lessonLength, lessonSteps } from './ensemble/dynamicEvaluation.ts';
import type { Ensemble, EnsemblePosition } from './ensemble/ensemble.ts';
import { DocumentStates, type Pause } from './stateCache/documentStates.ts';

/** The number of documents whose states are cached. */
const maximumDocuments = 8;

/** A cursor in a document, with the text that a suggestion depends on. */
export interface Cursor {
  /** The name of the document. */
  readonly document: string;
  /** The number of characters of the document before `before`. */
  readonly offset: number;
  /** The text before the cursor, with \n as line ends. */
  readonly before: string;
  /**
   * The number of characters right before the cursor that were typed; those that have not been learned yet
   * are to be.
   */
  readonly typed: number;
}

interface Document {
  readonly documentStates: DocumentStates<EnsemblePosition>;
  /** The prices of a wrong suggestion at the end of a line and in a gap. */
  readonly prices: Readonly<Record<keyof typeof priceRules, Price>>;
  /** The number of typed characters up to the last update of dynamic evaluation. */
  taught: number;
}

/** The number of updates that may wait; if someone types without a pause, the oldest are dropped. */
const maximumLessons = 4;

/** The length of text in which the tokens of an update are found, since tokens are short on average. */
const mostLessonCharacters = 4 * lessonLength;

/** Completes several documents with one model, whose states it caches along each of them. */
export class Completer {
  readonly #model: Ensemble;
  /** The documents by name, the most recently used last. */
  readonly #documents = new Map<string, Document>();
  readonly #dynamicEvaluation: DynamicEvaluation | null;
  readonly #tokenizer: Tokenizer;
  readonly #now: () => number;
  #lessons: Int32Array[] = [];

  /**
   * @param dynamicEvaluation null where the network's weights stay as they are, or there is no network
   * @param now returns the time in milliseconds, which bounds what is read and searched
   */
  constructor(
    model: Ensemble,
    dynamicEvaluation: DynamicEvaluation | null,
    tokenizer: Tokenizer,
    now: () => number,
  ) {
    this.#model = model;
    this.#now = now;
    this.#tokenizer = tokenizer;
    this.#dynamicEvaluation = dynamicEvaluation;
  }

  /**
   * Suggests what may come next at a cursor, or between it and the text that follows on its line.
   * @param pause is called between tokens; what it throws ends the search, and the suggestion is lost
   * @returns the suggestions that are worth being shown, the best first; none where nothing is
   */
  async suggest(cursor: Cursor & SuggestOptions, pause: Pause): Promise<Suggestion[]> {
    const { offset, before, confidence, typed, count } = cursor;
    const document = this.#document(cursor.document);
    const { documentStates, prices } = document;
    const price = isFollowed(cursor.after) ? prices.gap : prices.end;
    price.judge(offset, before, confidence);
    const position = await documentStates.read(offset, before, typed, pause);
    this.#prepareLesson(document);
    const suggestions = await suggest(this.#model, position, cursor, price.value, pause, this.#now);
    // Only suggestions that were not asked for tell when to show one unasked.
    if (count === 1) for (const { text } of suggestions) price.made(offset + before.length, text);
    return suggestions;
  }

  /**
   * Makes one waiting update of the network on what was typed. It takes a few milliseconds and is meant for a
   * pause in the typing.
   */
  learn(): void {
    const lesson = this.#lessons.shift();
    if (lesson) this.#dynamicEvaluation?.learn(lesson);
  }

  /** Whether the network has not read all that stands before some cursor, because it is slow. */
  get isBehind(): boolean {
    return [...this.#documents.values()].some(({ documentStates }) => documentStates.isBehind);
  }

  /** Lets the network read what a suggestion could not wait for, the document that was used last first. */
  *catchUp(): Generator<void> {
    for (const { documentStates } of [...this.#documents.values()].toReversed())
      yield* documentStates.catchUp();
  }

  #prepareLesson(document: Document): void {
    if (!this.#dynamicEvaluation) return;
    if (document.documentStates.surprise.characters - document.taught < lessonSteps) return;
    document.taught = document.documentStates.surprise.characters;
    const lesson = this.#tokenizer
      .encode(document.documentStates.last(mostLessonCharacters))
      .slice(-lessonLength);
    if (lesson.length > lessonSteps) this.#lessons = [...this.#lessons, lesson].slice(-maximumLessons);
  }

  /** The bytes of the cached states, about. */
  get memoryBytes(): number {
    let positions = 0;
    for (const { documentStates } of this.#documents.values()) positions += documentStates.length;
    return positions * this.#model.positionBytes;
  }

  /** Returns how much the text that was typed into a document has surprised the model. */
  surprise(document: string): Readonly<DocumentStates<EnsemblePosition>['surprise']> {
    return this.#document(document).documentStates.surprise;
  }

  #document(name: string): Document {
    const { vocabulary } = this.#model;
    // The prices begin where those of the last document are, as they depend more on the model than on the text.
    const last = [...this.#documents.values()].at(-1)?.prices;
    const document = this.#documents.get(name) ?? {
      documentStates: new DocumentStates(this.#model, (character) => vocabulary.token(character), this.#now),
      prices: {
        end: new Price(priceRules.end, last?.end.value),
        gap: new Price(priceRules.gap, last?.gap.value),
      },
      taught: 0,
    };
    this.#documents.delete(name);
    this.#documents.set(name, document);
    if (this.#documents.size > maximumDocuments) this.#documents.delete(this.#documents.keys().next().value!);
    return document;
  }
}
