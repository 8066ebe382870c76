import type { CheckedCell } from '../language/cell.ts';

/** A stack of cells between an embedding and an output layer. */
export interface Architecture {
  /** V: how many different tokens there are. */
  readonly vocabulary: number;
  /** E: width of the embedding; 0 is one-hot. */
  readonly embedding: number;
  readonly layers: readonly { readonly cell: CheckedCell; readonly hidden: number }[];
  /** The output layer's matrix is the embedding's; the embedding is then as wide as the last output. */
  readonly tied: boolean;
}
