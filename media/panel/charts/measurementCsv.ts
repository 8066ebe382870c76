// The numbers behind the charts as CSV, with one row for each step.
import type { Measures } from '../../../src/protocol/metric.ts';
import type { RunPoints } from '../../../src/protocol/run.ts';
import { csv } from '../figure/csv.ts';
import { csvUnit } from '../words/metricText.ts';

export function lossCsv({ steps, validations }: RunPoints, { lossUnit }: Measures): string {
  const validation = new Map(validations.map(({ step, loss }) => [step, loss]));
  const known = new Set(steps.map(({ step }) => step));
  const rows = [
    ...steps.map(({ step, seconds, loss }) => [step, seconds, loss, validation.get(step)]),
    // After a run has gone back to an earlier state, a validation may have no training loss at its step.
    ...validations.flatMap(({ step, seconds, loss }) =>
      known.has(step) ? [] : [[step, seconds, undefined, loss]],
    ),
  ].sort(([a], [b]) => a! - b!);
  const unit = csvUnit(lossUnit);
  return csv(['step', 'seconds', `training loss${unit}`, `validation loss${unit}`], rows);
}

/** Returns the metric and the further ones, with a row for each measurement. */
export function metricCsv({ validations }: RunPoints, { metric }: Measures): string {
  const further = [...new Set(validations.flatMap((each) => Object.keys(each.furtherMetrics ?? {})))];
  return csv(
    ['step', 'seconds', ...(metric ? [`${metric.name}${csvUnit(metric.unit)}`] : []), ...further],
    validations.map(({ step, seconds, metric: value, furtherMetrics = {} }) => [
      step,
      seconds,
      ...(metric ? [value] : []),
      ...further.map((name) => furtherMetrics[name]),
    ]),
  );
}

export function gradientCsv({ steps }: RunPoints): string {
  return csv(
    ['step', 'seconds', 'gradient norm', 'clipping threshold'],
    steps.map(({ step, seconds, gradientNorm, clip }) => [step, seconds, gradientNorm, clip]),
  );
}
