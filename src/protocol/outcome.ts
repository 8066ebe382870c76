// Reads from a run's data what it has come to.
import { languageModelMeasures, lossOf, type Measures, type Metric, metricOf } from './metric.ts';
import type { RunSnapshot, ValidationPoint } from './run.ts';

/** A value, and what it is a value of. */
export interface Outcome {
  readonly metric: Metric;
  readonly value: number;
}

/** Returns what the figures of a run are. One that has not said it is a language model. */
export function measuresOf({ start }: Pick<RunSnapshot, 'start'>): Measures {
  return start ?? languageModelMeasures;
}

/** Returns the value that a measurement gives to what the run is judged by; NaN where it lacks one. */
export function valueOf(
  { metric }: Measures,
  point: Pick<ValidationPoint, 'loss' | 'metric'>,
): number {
  return metric ? (point.metric ?? Number.NaN) : point.loss;
}

/** Returns the measurement of the state that is kept, which is the one with the lowest validation loss. */
export function bestValidation(validations: readonly ValidationPoint[]): ValidationPoint | null {
  return validations.reduce<ValidationPoint | null>(
    (best, each) => (best === null || each.loss < best.loss ? each : best),
    null,
  );
}

/**
 * Returns what the best state so far is worth: the value of the run's metric, or the training loss of a run
 * that has ended and had nothing held out. Null before there is either.
 */
export function outcomeOf({ start, status, points }: RunSnapshot): Outcome | null {
  const measures = measuresOf({ start });
  const metric = metricOf(measures);
  if (status.kind === 'ended') {
    const { validationLoss, trainLoss, metric: value } = status.result;
    if (validationLoss === null) return known(lossOf(measures), trainLoss);
    return known(metric, measures.metric ? value : validationLoss);
  }
  const best = bestValidation(points.validations);
  return best && known(metric, valueOf(measures, best));
}

/** Returns the latest value of the run's metric, or the latest training loss before there is one. */
export function latestOutcome({ start, points }: RunSnapshot): Outcome | null {
  const measures = measuresOf({ start });
  const validation = points.validations.at(-1);
  if (validation) return known(metricOf(measures), valueOf(measures, validation));
  return known(lossOf(measures), points.steps.at(-1)?.loss);
}

function known(metric: Metric, value: number | undefined): Outcome | null {
  return value !== undefined && Number.isFinite(value) ? { metric, value } : null;
}
