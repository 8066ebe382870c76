// Host ↔ prediction worker. Every request is answered once, with its `id`: a reply, a failure or a cancellation.

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
  /** Least joint probability of what is shown. */
  readonly confidence: number;
  /** Characters, at most. */
  readonly maxLength: number;
}

export type HostToPredictor =
  | { readonly type: 'suggest'; readonly id: number; readonly request: SuggestRequest }
  | { readonly type: 'cancel'; readonly id: number };

export type PredictorToHost =
  | { readonly type: 'suggestion'; readonly id: number; readonly text: string; readonly probability: number }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
