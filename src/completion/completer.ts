// One model at work: reads along the documents that it is asked about, and suggests.

import type { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import { Price } from './decoding/expectedUtility.ts';
import { type Suggestion, type SuggestOptions, suggest } from './decoding/suggest.ts';
import { type DynamicEvaluation, lessonLength, lessonSteps } from './ensemble/dynamicEvaluation.ts';
import type { Ensemble, EnsemblePosition } from './ensemble/ensemble.ts';
import { DocumentStates, type Pause } from './stateCache/documentStates.ts';

/** Texts whose states are kept. */
const maximumDocuments = 8;

export interface Cursor {
  /** Which text this is. */
  readonly document: string;
  /** Characters of the document before `before`. */
  readonly offset: number;
  /** What stands before the cursor, line ends as \n. */
  readonly before: string;
  /** Characters right before the cursor that were typed, and are to be learned if they have not been yet. */
  readonly typed: number;
}

interface Document {
  readonly documentStates: DocumentStates<EnsemblePosition>;
  readonly price: Price;
  /** Characters, of those that were typed, that the network has had a lesson on. */
  taught: number;
}

/** Lessons that wait, at most: who types on without a pause teaches less. */
const maximumLessons = 4;

/** In which the tokens of a lesson are found: they are short on the average. */
const mostLessonCharacters = 4 * lessonLength;

export class Completer {
  readonly #model: Ensemble;
  /** By document, most recently used last. */
  readonly #documents = new Map<string, Document>();
  readonly #dynamicEvaluation: DynamicEvaluation | null;
  readonly #tokenizer: Tokenizer;
  #lessons: Int32Array[] = [];

  /** @param learner null where the network stays as it is */
  constructor(model: Ensemble, dynamicEvaluation: DynamicEvaluation | null, tokenizer: Tokenizer) {
    this.#model = model;
    this.#tokenizer = tokenizer;
    this.#dynamicEvaluation = dynamicEvaluation;
  }

  async suggest(cursor: Cursor & SuggestOptions, pause: Pause): Promise<Suggestion[]> {
    const { offset, before, confidence, typed, count } = cursor;
    const document = this.#document(cursor.document);
    const { documentStates, price } = document;
    price.judge(offset, before, confidence);
    const position = await documentStates.read(offset, before, typed, pause);
    this.#prepareLesson(document);
    const suggestions = await suggest(this.#model, position, cursor, price.value, pause);
    // What was asked for says nothing of when to show something unasked.
    if (count === 1) for (const { text } of suggestions) price.made(offset + before.length, text);
    return suggestions;
  }

  /** Lets the network learn from what was typed, in a few milliseconds: for a pause in the typing. */
  learn(): void {
    const lesson = this.#lessons.shift();
    if (lesson) this.#dynamicEvaluation?.learn(lesson);
  }

  #prepareLesson(document: Document): void {
    if (document.documentStates.surprise.characters - document.taught < lessonSteps) return;
    document.taught = document.documentStates.surprise.characters;
    const lesson = this.#tokenizer
      .encode(document.documentStates.last(mostLessonCharacters))
      .slice(-lessonLength);
    if (lesson.length > lessonSteps) this.#lessons = [...this.#lessons, lesson].slice(-maximumLessons);
  }

  /** How much the text that was typed into a document has surprised the model. */
  surprise(document: string): Readonly<DocumentStates<EnsemblePosition>['surprise']> {
    return this.#document(document).documentStates.surprise;
  }

  #document(name: string): Document {
    const { vocabulary } = this.#model;
    const document = this.#documents.get(name) ?? {
      documentStates: new DocumentStates(this.#model, (character) => vocabulary.token(character)),
      // As in the text before: it depends on the model more than on the text.
      price: new Price([...this.#documents.values()].at(-1)?.price.value),
      taught: 0,
    };
    this.#documents.delete(name);
    this.#documents.set(name, document);
    if (this.#documents.size > maximumDocuments) this.#documents.delete(this.#documents.keys().next().value!);
    return document;
  }
}
