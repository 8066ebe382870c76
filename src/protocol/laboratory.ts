// Host ↔ laboratory: a worker that examines one cell and ends. Its `workerData` is the request; it says one
// LaboratoryToHost. Cancelling ends the worker.

export type Examination =
  /** Of every parameter, against differences of the loss. */
  | { readonly kind: 'gradients' }
  /** Its vectors over symbols, one a step. */
  | { readonly kind: 'trace'; readonly symbols: string }
  /** What it is compiled to, in a layer of so many units over so many symbols. */
  | { readonly kind: 'graph'; readonly hidden: number; readonly vocabulary: number };

export interface LaboratoryRequest {
  /** Text of the `.rnn` file. */
  readonly definition: string;
  /** What a user knows the file by. */
  readonly source: string;
  readonly cell: string;
  readonly examination: Examination;
}

/** `text` is a document to be read. */
export type Finding =
  | {
      readonly kind: 'gradients';
      readonly agrees: boolean;
      readonly sentence: string;
      readonly text: string;
    }
  | { readonly kind: 'trace'; readonly text: string }
  | { readonly kind: 'graph'; readonly text: string };

export type LaboratoryToHost =
  | { readonly type: 'found'; readonly finding: Finding }
  | { readonly type: 'failed'; readonly message: string };
