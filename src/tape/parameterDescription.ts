import type { Initialiser } from '../language/cell.ts';

/** A parameter of a network, whatever its values are. */
export interface ParameterDescription {
  /** The name within the network, such as `layers.0.U_f`. */
  readonly name: string;
  /** [rows, columns], or [units] of a vector. */
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
  readonly trained: boolean;
  /** Whether the parameter is a matrix whose columns are the softmax of what is trained. */
  readonly stochastic?: boolean;
}
