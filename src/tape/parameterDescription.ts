import type { Initialiser } from '../language/cell.ts';

export interface ParameterDescription {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
  readonly trained: boolean;
  /** Whether the parameter is a matrix whose columns are the softmax of what is trained. */
  readonly stochastic?: boolean;
}
