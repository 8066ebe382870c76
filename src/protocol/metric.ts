/** What a run is judged by: a quantity that people read, where the loss is what the optimiser descends. */
export interface Metric {
  /** The name shown, for example `accuracy`. */
  readonly name: string;
  /** The unit of its values, for example `bits per character`; the empty string for a pure number. */
  readonly unit: string;
  /** Whether a smaller value is the better one. */
  readonly lowerIsBetter: boolean;
}

/** What guessing without a network reaches, as a level that a run has to be better than. */
export interface Baseline {
  /** The name shown, for example `commonest class`. */
  readonly name: string;
  /** Its value of the run's metric. */
  readonly value: number;
}
