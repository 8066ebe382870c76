import type { Initialiser } from '../language/cell.ts';

export interface ParameterDescription {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
  readonly trained: boolean;
}
