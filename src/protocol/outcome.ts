// Reads from a run's data what it has come to.
import {
  advantage,
  languageModelMeasures,
  lossMetric,
  type Measures,
  type Metric,
  metricOf,
} from './metric.ts';
import type { RunResult, RunSnapshot, ValidationPoint } from './run.ts';

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
export function metricValue({ metric }: Measures, point: Pick<ValidationPoint, 'loss' | 'metric'>): number {
  return metric ? (point.metric ?? Number.NaN) : point.loss;
}

/**
 * Returns whether a state is better than another one: by the metric of its run, and by the loss where the
 * metric is the same, or is the loss itself.
 */
export function isBetter(
  metric: Metric | null,
  state: Pick<ValidationPoint, 'loss' | 'metric'>,
  than: Pick<ValidationPoint, 'loss' | 'metric'>,
): boolean {
  const { metric: value = Number.NaN } = state;
  const { metric: other = Number.NaN } = than;
  const gain = metric ? advantage(metric, value, other) : 0;
  // A state whose loss is no number is of no use, whatever its metric is.
  return Number.isFinite(state.loss) && gain !== 0 && !Number.isNaN(gain) ? gain > 0 : state.loss < than.loss;
}

/**
 * Returns the better one of the best measurement so far and another one. It is null while there is none whose loss is a
 * number, as a state with another loss is not kept.
 */
export function betterOf(
  metric: Metric | null,
  best: ValidationPoint | null,
  other: ValidationPoint,
): ValidationPoint | null {
  return isBetter(metric, other, best ?? { loss: Number.POSITIVE_INFINITY }) ? other : best;
}

/** Returns the measurement of the state that is kept, which is the best one; null before there is one. */
export function bestValidation(
  { metric }: Measures,
  validations: readonly ValidationPoint[],
): ValidationPoint | null {
  return validations.reduce<ValidationPoint | null>((best, each) => betterOf(metric, best, each), null);
}

/**
 * Returns the value of the metric that a run has ended with, or its training loss where nothing was held out.
 * The value is NaN where a run lacks that of its metric.
 */
export function resultOutcome(measures: Measures, result: RunResult): Outcome {
  const { validationLoss, trainLoss, metric } = result;
  if (validationLoss === null) return { metric: lossMetric(measures), value: trainLoss };
  const value = metricValue(measures, { loss: validationLoss, ...(metric === undefined ? {} : { metric }) });
  return { metric: metricOf(measures), value };
}

/** Returns what the best state so far is worth; null before that is known. */
export function outcomeOf({ start, status, points }: RunSnapshot): Outcome | null {
  const measures = measuresOf({ start });
  if (status.kind === 'ended') return known(resultOutcome(measures, status.result));
  const best = bestValidation(measures, points.validations);
  return best && known({ metric: metricOf(measures), value: metricValue(measures, best) });
}

/** Returns the latest value of the run's metric, or the latest training loss before there is one. */
export function latestOutcome({ start, points }: RunSnapshot): Outcome | null {
  const measures = measuresOf({ start });
  const validation = points.validations.at(-1);
  if (validation) return known({ metric: metricOf(measures), value: metricValue(measures, validation) });
  const step = points.steps.at(-1);
  return step ? known({ metric: lossMetric(measures), value: step.loss }) : null;
}

const known = (outcome: Outcome) => (Number.isFinite(outcome.value) ? outcome : null);
