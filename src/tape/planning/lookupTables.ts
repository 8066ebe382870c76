// The numbers that a network reads and predicts, as look-up tables: they stay in the tape's memory, where tokens and
// targets are the indices of their rows, so that a batch of numbers is a batch of tokens like any other.

/** The numbers by row. Both fields may be one array, which then takes memory once. */
export interface LookupTables {
  /** The inputs, [n × inputs]. */
  readonly inputs: Float32Array;
  /** The targets, [n × outputs]. */
  readonly targets: Float32Array;
}

/** The first word of each table. */
export interface LookupTableLocations {
  readonly inputs: number;
  readonly targets: number;
}

/** Reserves memory for the tables. @param reserve reserves a number of words, and returns the first one */
export function reserveLookupTables(
  { inputs, targets }: LookupTables,
  reserve: (words: number) => number,
): LookupTableLocations {
  const at = reserve(inputs.length);
  return { inputs: at, targets: targets === inputs ? at : reserve(targets.length) };
}

/** Writes the numbers to where {@link reserveLookupTables} has reserved memory for them. */
export function writeLookupTables(
  memory: Float32Array | Float64Array,
  location: LookupTableLocations,
  { inputs, targets }: LookupTables,
): void {
  memory.set(inputs, location.inputs);
  memory.set(targets, location.targets);
}
