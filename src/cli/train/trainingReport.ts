// Reports a training on the command line, in lines for people and in JSON for programs.
import { type LearningCurve, wouldMoreHelp, writeCurveValue } from '../../protocol/learningCurve.ts';
import {
  bitsPerCharacter,
  hardestBaseline,
  isSameMetric,
  lossMetric,
  metricOf,
  writeMeasure,
  writeValue,
} from '../../protocol/metric.ts';
import { metricValue, resultOutcome } from '../../protocol/outcome.ts';
import type { RunPoints, RunProgress, RunResult, RunStart } from '../../protocol/run.ts';

/** Says what is trained, with the baseline that is hardest to be better than. */
export function startLine(start: RunStart): string {
  const metric = metricOf(start);
  const baseline = hardestBaseline(metric, start.baselines);
  return [
    start.engine,
    counted(start.parameters, 'parameter'),
    counted(start.vocabulary, start.tokens ? 'symbol' : 'column'),
    ...(baseline ? [`${baseline.name} ${writeMeasure(metric, writeValue(baseline.value, 3))}`] : []),
  ].join(', ');
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

export function progressLine(
  start: RunStart,
  { step, seconds, tokensPerSecond }: RunProgress,
  { steps, validations }: RunPoints,
): string {
  const validation = validations.at(-1);
  return [
    `${seconds.toFixed(1).padStart(6)} s`,
    `update ${step}`,
    `loss ${steps.length > 0 ? writeValue(steps.at(-1)!.loss, 3) : '-'}`,
    `${Math.round(tokensPerSecond)} tokens/s`,
    ...(validation ? [`validation ${writeValue(validation.loss, 3)}`] : []),
    ...(validation && start.metric
      ? [writeMeasure(start.metric, writeValue(metricValue(start, validation), 3))]
      : []),
  ].join('  ');
}

/** Says what the run has come to, with the baseline that is hardest to be better than. */
export function resultLine(start: RunStart, result: RunResult): string {
  const outcome = resultOutcome(start, result);
  const measured = writeMeasure(outcome.metric, writeValue(outcome.value, 3));
  const beside = isSameMetric(outcome.metric, metricOf(start)) ? besideBaseline(start) : '';
  const data = start.rows ? 'rows' : 'text';
  if (result.validationLoss === null)
    return `${measured} on the ${data} that ${start.rows ? 'were' : 'was'} trained on${beside}`;
  const since = result.learnedHeldOut ? ', which the model has learned too since then' : '';
  const curve = result.learningCurve ? `\n${curveLine(result.learningCurve)}` : '';
  return `${measured} on held-out ${data}${since}${beside}${curve}`;
}

/** Says how sure the value of a run on few rows is, how it grows with them, and what more rows are to bring. */
function curveLine(curve: LearningCurve): string {
  const { points, updates, interval, expected } = curve;
  const said = (value: number) => writeCurveValue(curve, value);
  const range = interval
    ? `On other rows, ${said(interval[0])} to ${said(interval[1])} is to be expected. `
    : '';
  const grown = points.map(({ rows, value }) => `${said(value)} from ${rows}`).join(', ');
  const more = wouldMoreHelp(curve)
    ? `twice as many are to bring about ${said(expected.value)}`
    : 'more of them would hardly help';
  return `${range}It ${curve.lowerIsBetter ? 'falls' : 'grows'} with the rows, ${grown}: ${more} (parts of the rows had ${updates} updates).`;
}

function besideBaseline(start: RunStart): string {
  const baseline = hardestBaseline(metricOf(start), start.baselines);
  if (!baseline) return '';
  const name = baseline.name === 'unigram' ? 'character frequencies alone' : baseline.name;
  return ` (${name}: ${writeValue(baseline.value, 3)})`;
}

/** Returns what `--json` prints at the end. Values of metrics are null where nothing was held out. */
export function resultJson(start: RunStart, result: RunResult, directory: string): object {
  const { validationLoss } = result;
  const metric = metricOf(start);
  const value = validationLoss === null ? null : resultOutcome(start, result).value;
  return {
    task: start.task,
    metric: { ...metric, value },
    metrics: { ...(value === null ? {} : { [metric.name]: value }), ...result.furtherMetrics },
    baselines: start.baselines,
    ...(start.rows && { rows: start.rows }),
    ...(result.learningCurve && { learningCurve: result.learningCurve }),
    ...losses(start, result),
    learnedHeldOut: result.learnedHeldOut ?? false,
    tokens: result.tokens,
    seconds: result.seconds,
    tokensPerSecond: result.tokensPerSecond,
    steps: result.steps,
    end: result.end,
    engine: start.engine,
    parameters: start.parameters,
    directory,
  };
}

/** Returns the losses: for those in bits per character, in nats per character too. */
function losses(start: RunStart, { trainLoss, validationLoss }: RunResult): object {
  const { unit } = lossMetric(start);
  if (unit !== bitsPerCharacter) return { loss: trainLoss, validationLoss, lossUnit: unit };
  return {
    loss: trainLoss * Math.LN2,
    bpc: trainLoss,
    validationLoss: validationLoss === null ? null : validationLoss * Math.LN2,
    validationBpc: validationLoss,
    lossUnit: 'nats per character',
    unigramBpc: start.baselines.find(({ name }) => name === 'unigram')?.value ?? null,
  };
}
