// The prediction worker answers a request with suggestions, best first; there are none if none is worth
// showing. Suggestions come from a model, or from a text that was counted because there is no model yet.
import { messageTypes } from './message.ts';
import type { ModelReference } from './modelReference.ts';
import type { TrainingDocument } from './trainer.ts';

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

/** The revision of what is no model on disk, but a text that the worker has been told to count. */
export const counted = 'counted';

/** The characters at a text's end that are counted for suggestions where nothing is trained on it. */
export const untrainedCharacters = 200_000;

export interface SuggestRequest {
  /** The folder of the model; that of a model to come, or any other name, for a text that was counted. */
  readonly model: string;
  /** A string that changes whenever the model on disk does; `counted` for a text that was counted. */
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
  /** The cost of reading a suggestion, in keys. */
  readonly reading: number;
  /** The largest number of characters of a suggestion. */
  readonly maxLength: number;
  /** The largest number of suggestions; more than one if alternatives are asked for. */
  readonly count: number;
}

/** Gives the model a text that is open beside its training text. */
export interface KnowNotice extends ModelReference {
  readonly type: 'know';
  /** The text, with line ends as \n. */
  readonly text: string;
}

/** Has a model opened, so that its first suggestion does not wait for that. */
export interface OpenNotice extends ModelReference {
  readonly type: 'open';
}

/** Has a text counted, so that there are suggestions before a network is trained on it, or without one. */
export interface CountNotice {
  readonly type: 'count';
  /** The name of the text: where it is trained on, the folder of the model that will be written. */
  readonly model: string;
  /** The documents of the text, as they are trained on. */
  readonly documents: readonly TrainingDocument[];
}

export type PredictorNotice = KnowNotice | OpenNotice | CountNotice;

/**
 * Says that a model, or a text that is counted, has read what suggestions did not wait for. A request that got no
 * suggestion may get one now.
 */
export interface ReadEvent {
  readonly type: 'read';
}

export interface Suggestion {
  readonly text: string;
  readonly probability: number;
}

export interface PredictorService {
  readonly request: SuggestRequest;
  /** `not counted` where a text has to be counted first: it never was, or has been dropped for want of room. */
  readonly answer: readonly Suggestion[] | 'not counted';
  readonly part: never;
  readonly notice: PredictorNotice;
  readonly event: ReadEvent;
}

export const predictorNotices = messageTypes<PredictorNotice>()('know', 'open', 'count');

export const predictorEvents = messageTypes<ReadEvent>()('read');
