// Defines the figures of a run: the loss that the optimizer descends, and the metric that people judge it by.

/**
 * The figure that a run is judged by, on the part that is held out for validation: a quantity that people read, where the
 * loss is what the optimizer descends.
 */
export interface Metric {
  /** The name shown, for example `accuracy`. */
  readonly name: string;
  /**
   * The unit of its values; the empty string for a pure number. A quantity that is called by its unit, such as
   * `bits per character`, has the same unit and name.
   */
  readonly unit: string;
  /** Whether a smaller value is the better one. */
  readonly lowerIsBetter: boolean;
}

/** The value that guessing without a network reaches, as a level that a run has to be better than. */
export interface Baseline {
  /** The name shown, for example `commonest class`. */
  readonly name: string;
  /** Its value of the run's metric. */
  readonly value: number;
}

/** The units and names of a run's figures. */
export interface Measures {
  /** The unit of all losses of the run, for example `bits per character` or `nats`. */
  readonly lossUnit: string;
  /** The metric that the run is judged by; null where that is the validation loss itself. */
  readonly metric: Metric | null;
}

/** The unit of a language model's losses, which are comparable whatever the tokens are. */
export const bitsPerCharacter = 'bits per character';

/**
 * The name of the loss of true tokens while the network reads what it writes itself, a further metric in the unit of the
 * loss. The distance to the validation loss, which is measured with teacher forcing, is the exposure bias (Bengio et al.
 * 2015; Ranzato et al. 2016).
 */
export const freeRunningLoss = 'free-running loss';

/** The names of what the members of an acceptor's ensemble come to by themselves, further metrics. */
export const ofNetworkAlone = 'network alone';
export const ofNgramsAlone = 'n-grams alone';

/** The measures of a language model, which is judged by its loss. */
export const languageModelMeasures: Measures = { lossUnit: bitsPerCharacter, metric: null };

/** Returns the loss as a metric. It is called by its unit where the run is judged by it. */
export function lossMetric({ lossUnit, metric }: Measures): Metric {
  return { name: metric ? 'loss' : lossUnit, unit: lossUnit, lowerIsBetter: true };
}

/** Returns what a run is judged by. */
export function metricOf(measures: Measures): Metric {
  return measures.metric ?? lossMetric(measures);
}

export function isSameMetric(a: Metric, b: Metric): boolean {
  return a.name === b.name && a.unit === b.unit && a.lowerIsBetter === b.lowerIsBetter;
}

/** Returns a number that is positive where the first value is the better one, and tells by how much. */
export function advantage({ lowerIsBetter }: Metric, value: number, over: number): number {
  return lowerIsBetter ? over - value : value - over;
}

/** Returns the baseline that is hardest to be better than; null where there is none. */
export function hardestBaseline(metric: Metric, baselines: readonly Baseline[]): Baseline | null {
  return baselines.reduce<Baseline | null>(
    (hardest, each) =>
      hardest === null || advantage(metric, each.value, hardest.value) > 0 ? each : hardest,
    null,
  );
}

/** Returns a unit in as few letters as it is usually given. */
export function abbreviation(unit: string): string {
  return unit === bitsPerCharacter ? 'bpc' : unit;
}

/**
 * Writes a value of a loss or a metric with so many decimals; with two significant digits where it is so small that these
 * would leave fewer, as an error in the units of a column may be.
 */
export function writeValue(value: number, decimals = 2): string {
  const isSmall = value !== 0 && Math.abs(value) < 10 ** (1 - decimals);
  return isSmall ? `${Number(value.toPrecision(2))}` : value.toFixed(decimals);
}

/**
 * Writes a value with its name and unit: `accuracy 0.93`, `1.43 bits per character`.
 * @param value the number as it is shown
 * @param say returns a name or unit in the words of the reader
 */
export function writeMeasure(
  { name, unit }: Metric,
  value: string,
  say: (term: string) => string = (term) => term,
): string {
  return [...(name === unit ? [] : [say(name)]), value, ...(unit === '' ? [] : [say(unit)])].join(' ');
}
