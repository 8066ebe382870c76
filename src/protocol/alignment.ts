/** The weights with which a decoder looks at a source while it writes a target (Bahdanau et al. 2015). */
export interface Alignment {
  /** The characters of the source. */
  readonly source: readonly string[];
  /** The characters of the target; the last is its end, which is empty. */
  readonly target: readonly string[];
  /** The weight of each position of the source, by character of the target, [target][source]. */
  readonly weights: readonly (readonly number[])[];
}
