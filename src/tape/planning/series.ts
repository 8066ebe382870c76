// The numbers that a network reads and predicts. They stay in the tape's memory, where tokens and targets are the
// indices of their rows, so that a batch of numbers is a batch of tokens like any other.

/** Numbers by row. Both fields may be one array, which then takes memory once. */
export interface Series {
  /** The inputs, [n × inputs]. */
  readonly inputs: Float32Array;
  /** The targets, [n × outputs]. */
  readonly targets: Float32Array;
}

/** The first words of what is read and predicted. */
export interface SeriesLocation {
  readonly inputs: number;
  readonly targets: number;
}

/** Reserves memory for numbers. @param reserve reserves a number of words, and returns the first one */
export function reserveSeries(
  { inputs, targets }: Series,
  reserve: (words: number) => number,
): SeriesLocation {
  const at = reserve(inputs.length);
  return { inputs: at, targets: targets === inputs ? at : reserve(targets.length) };
}

/** Writes numbers to where {@link reserveSeries} has reserved memory for them. */
export function writeSeries(
  memory: Float32Array | Float64Array,
  location: SeriesLocation,
  { inputs, targets }: Series,
): void {
  memory.set(inputs, location.inputs);
  memory.set(targets, location.targets);
}
