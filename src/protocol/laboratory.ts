// The laboratory is a worker that examines one cell and is then ended, also by a cancellation.

export type Examination =
  /** Checks the gradient of every parameter against differences of the loss. */
  | { readonly kind: 'gradients' }
  /** Traces the cell's vectors over symbols, one a step. */
  | { readonly kind: 'trace'; readonly symbols: string }
  /** Shows the graph that the cell is compiled to, in a layer of `hidden` units over `vocabulary` symbols. */
  | { readonly kind: 'graph'; readonly hidden: number; readonly vocabulary: number };

export interface LaboratoryRequest {
  /** The text of the `.rnn` file. */
  readonly definition: string;
  /** The name by which a user knows the file. */
  readonly source: string;
  readonly cell: string;
  readonly examination: Examination;
}

/** The result of an examination; `text` is a document to be read. */
export type Finding =
  | {
      readonly kind: 'gradients';
      readonly agrees: boolean;
      readonly sentence: string;
      readonly text: string;
    }
  | { readonly kind: 'trace'; readonly text: string }
  | { readonly kind: 'graph'; readonly text: string };

export interface LaboratoryService {
  readonly request: LaboratoryRequest;
  readonly answer: Finding;
  readonly part: never;
  readonly notice: never;
  readonly event: never;
}
