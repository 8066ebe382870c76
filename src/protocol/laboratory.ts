// The laboratory is a worker that examines one cell and is then ended, also by a cancellation.
import type { VectorValues } from './run.ts';

export type Examination =
  /** Checks the gradient of every parameter against differences of the loss. */
  | { readonly kind: 'gradients' }
  /**
   * Traces the cell's vectors over symbols, one a step: with the weights of the model in a folder, or initial ones where
   * that is null.
   */
  | { readonly kind: 'trace'; readonly symbols: string; readonly model: string | null }
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

/** Something that a line of the `.rnn` file says, by the line's number from 1. */
interface OfLine {
  readonly line: number;
}

/** The values of a vector over the symbols. */
export interface TracedVector extends OfLine {
  /** The name of the vector, such as `h` or, of one of several layers, `layers.1.h`. */
  readonly name: string;
  readonly equation: string;
  readonly values: VectorValues;
}

/** A picture of a trace. */
export interface TracePicture {
  readonly kind: 'trace';
  /** The tokens that are read, one a step. */
  readonly tokens: readonly string[];
  readonly vectors: readonly TracedVector[];
  /** The text that the weights were trained on; null where they are initial ones. */
  readonly trainedOn: string | null;
}

/** The index at which a vector stands: a step, a position of the source, or both. */
export type VectorIndex = 't' | 's' | 't,s';

/** A vector as an equation reads it. */
export interface ReadVector {
  readonly name: string;
  /** The number of steps that it lies back. */
  readonly lag: number;
  /** Null for `given`, which has no index. */
  readonly index: VectorIndex | null;
}

/** An equation of a cell, as a node of a graph. */
export interface EquationNode extends OfLine {
  readonly name: string;
  /** The index of the vector that it gives. */
  readonly index: VectorIndex;
  readonly equation: string;
  /** The vectors that it reads, each once for each step. */
  readonly reads: readonly ReadVector[];
  /** Whether the layer above, or the output layer, reads the vector. */
  readonly isOutput: boolean;
}

/** A picture of a cell's equations. They are in an order in which each one reads, of its step, earlier ones alone. */
export interface GraphPicture {
  readonly kind: 'graph';
  readonly equations: readonly EquationNode[];
}

export type CellPicture = TracePicture | GraphPicture;

/** The result of an examination; `text` is a document to be read. */
export type Finding =
  | {
      readonly kind: 'gradients';
      readonly agrees: boolean;
      readonly sentence: string;
      readonly text: string;
    }
  | { readonly kind: 'trace'; readonly text: string; readonly picture: TracePicture }
  | { readonly kind: 'graph'; readonly text: string; readonly picture: GraphPicture };

export interface LaboratoryService {
  readonly request: LaboratoryRequest;
  readonly answer: Finding;
  readonly part: never;
  readonly notice: never;
  readonly event: never;
}
