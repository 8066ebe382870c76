/**
 * What a run is judged by, on the text held out for validation: a quantity a person reads, where the loss is what
 * the optimizer descends.
 */
export interface Metric {
  /** The name shown, for example `accuracy`. */
  readonly name: string;
  /** The unit of its values, for example `bits per character`; the empty string for a pure number. */
  readonly unit: string;
  /** Whether a smaller value is the better one. */
  readonly lowerIsBetter: boolean;
}

/** What a model that learns next to nothing reaches, in the unit of the run's metric: a level to be better than. */
export interface Baseline {
  /** The name shown, for example `commonest class`. */
  readonly name: string;
  /** Its value of the metric, on the same held-out text. */
  readonly value: number;
}
