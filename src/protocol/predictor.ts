// Host ↔ prediction worker: a request is answered with suggestions, best first; none where nothing earns to be shown.

/** Characters before the cursor that are read, at least. */
const contextLength = 256;

/** The context begins at a multiple of this, so that it stays the same while one types. */
const contextStride = 256;

/** Where in a document the context of a cursor begins: reading it costs the same wherever the cursor is. */
export function contextStart(cursor: number): number {
  return Math.max(0, Math.floor((cursor - contextLength) / contextStride) * contextStride);
}

export interface SuggestRequest {
  /** Folder of the model. */
  readonly model: string;
  /** Changes whenever the model on disk does. */
  readonly revision: string;
  /** Which text this is: states are cached per text. */
  readonly document: string;
  /** Characters of the document before `before`. */
  readonly offset: number;
  /** What stands before the cursor, line ends as \n. */
  readonly before: string;
  /** What stands after the cursor on its line. */
  readonly after: string;
  /** Characters right before the cursor that were typed, and are to be learned if they have not been yet. */
  readonly typed: number;
  /** Share of what is shown that is to be right. */
  readonly confidence: number;
  /** Characters, at most. */
  readonly maxLength: number;
  /** Suggestions, at most; more than one where alternatives are asked for. */
  readonly count: number;
}

/** Text that is to be known, as it is open beside what the model was trained on. It is not answered. */
export interface KnowRequest {
  /** Folder of the model, and its revision, as in a SuggestRequest. */
  readonly model: string;
  readonly revision: string;
  /** Line ends as \n. */
  readonly text: string;
}

export interface Suggestion {
  readonly text: string;
  readonly probability: number;
}
