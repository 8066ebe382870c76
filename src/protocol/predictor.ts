// The prediction worker answers a request with suggestions, best first; there are none if none is worth
// showing.
import { messageTypes } from './message.ts';

/** The least number of characters before the cursor that are read. */
const contextLength = 256;

/** The context begins at a multiple of this, so that it stays the same during typing. */
const contextStride = 256;

/**
 * Returns where in a document the context of a cursor begins. Reading it costs the same wherever the cursor
 * is.
 */
export function contextStart(cursor: number): number {
  return Math.max(0, Math.floor((cursor - contextLength) / contextStride) * contextStride);
}

export interface SuggestRequest {
  /** The folder of the model. */
  readonly model: string;
  /** A string that changes whenever the model on disk does. */
  readonly revision: string;
  /** Identifies the text, for which states are cached. */
  readonly document: string;
  /** The number of characters of the document before `before`. */
  readonly offset: number;
  /** The text before the cursor, with line ends as \n. */
  readonly before: string;
  /** The text after the cursor on its line. */
  readonly after: string;
  /**
   * The number of characters right before the cursor that were typed; they are learned unless they already
   * were.
   */
  readonly typed: number;
  /** The share of the shown suggestions that should be right. */
  readonly confidence: number;
  /** The largest number of characters of a suggestion. */
  readonly maxLength: number;
  /** The largest number of suggestions; more than one if alternatives are asked for. */
  readonly count: number;
}

/** Gives the model a text that is open beside its training text. */
export interface KnowNotice {
  readonly type: 'know';
  /** The folder of the model, with its revision, as in a SuggestRequest. */
  readonly model: string;
  readonly revision: string;
  /** The text, with line ends as \n. */
  readonly text: string;
}

export interface Suggestion {
  readonly text: string;
  readonly probability: number;
}

export interface PredictorService {
  readonly request: SuggestRequest;
  readonly answer: readonly Suggestion[];
  readonly part: never;
  readonly notice: KnowNotice;
  readonly event: never;
}

export const predictorNotices = messageTypes<KnowNotice>()('know');
