/** A model on disk. */
export interface ModelReference {
  /** The folder of the model. */
  readonly model: string;
  /** A string that changes whenever the model on disk does. */
  readonly revision: string;
}
