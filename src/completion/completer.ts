// One model at work: reads along the documents that it is asked about, and suggests.
import type { LanguageModel, Position } from './languageModel.ts';
import { type Suggestion, type SuggestOptions, suggest } from './suggest.ts';
import { type Pause, Trail } from './trail.ts';
import { Price } from './worth.ts';

/** Texts whose states are kept. */
const maximumDocuments = 8;

export interface Cursor {
  /** Which text this is. */
  readonly document: string;
  /** Characters of the document before `before`. */
  readonly offset: number;
  /** What stands before the cursor, line ends as \n. */
  readonly before: string;
}

export class Completer {
  readonly #model: LanguageModel;
  /** By document, most recently used last. */
  readonly #documents = new Map<string, { trail: Trail<Position>; price: Price }>();

  constructor(model: LanguageModel) {
    this.#model = model;
  }

  async suggest(cursor: Cursor & SuggestOptions, pause: Pause): Promise<Suggestion> {
    const { document, offset, before, confidence } = cursor;
    const { trail, price } = this.#document(document);
    price.judge(offset, before, confidence);
    const position = await trail.read(offset, before, pause);
    const suggestion = await suggest(this.#model, position, cursor, price.value, pause);
    if (suggestion.text !== '') price.made(offset + before.length, suggestion.text);
    return suggestion;
  }

  /** How much the text that was typed into a document has surprised the model. */
  surprise(document: string): Readonly<Trail<Position>['surprise']> {
    return this.#document(document).trail.surprise;
  }

  #document(name: string): { trail: Trail<Position>; price: Price } {
    const { vocabulary } = this.#model;
    const document = this.#documents.get(name) ?? {
      trail: new Trail(this.#model, (character) => vocabulary.token(character)),
      price: new Price(),
    };
    this.#documents.delete(name);
    this.#documents.set(name, document);
    if (this.#documents.size > maximumDocuments) this.#documents.delete(this.#documents.keys().next().value!);
    return document;
  }
}
