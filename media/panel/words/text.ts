// Describes a run in words and figures.
import {
  advantage,
  hardestBaseline,
  lossMetric,
  metricOf,
  writeValue,
} from '../../../src/protocol/metric.ts';
import {
  bestValidation,
  latestOutcome,
  measuresOf,
  metricValue,
  resultOutcome,
} from '../../../src/protocol/outcome.ts';
import type {
  RunPoints,
  RunResult,
  RunSnapshot,
  RunStart,
  ValidationPoint,
} from '../../../src/protocol/run.ts';
import { clippedShare } from './clippedShare.ts';
import { t } from './l10n.ts';
import { describeBaseline, inFull, term, withUnit } from './metricText.ts';

/** The share of clipped steps from which on the panel mentions clipping. */
const manyClipped = 0.3;

/** The number of validations without a better state before the panel speaks of overfitting. */
const fruitlessLooks = 4;

/**
 * The share of all steps that must pass, too, without a better state: validations are frequent, and not each
 * can be better than the last.
 */
const fruitlessShare = 0.1;

/** The number of steps whose losses are averaged, because a single one says little. */
const averaged = 100;

/** Says in one sentence what is happening. */
export function sentence(run: RunSnapshot | null): string {
  if (!run) return t('Open a text and run “Unroll: Train on Current File” to watch a network learn it here.');
  switch (run.status.kind) {
    case 'starting':
      return t('Starting …');
    case 'running':
      return running(run);
    case 'paused':
      return t('Paused at step {0}. Everything is kept.', (run.progress?.step ?? 0).toLocaleString('en'));
    case 'ended':
      return ended(run, run.status.result);
    case 'failed':
      return run.status.message;
    case 'elsewhere':
      return t(
        'This run is being trained in another window or on the command line. What is shown here is how far it had come when it was read.',
      );
  }
}

/** Returns the same sentence for screen readers, with the latest value of the metric. */
export function announcement(run: RunSnapshot | null): string {
  if (run?.status.kind !== 'running' || run.points.validations.length === 0) return sentence(run);
  const latest = latestOutcome(run);
  return latest ? `${sentence(run)} ${t('Validation at {0}.', inFull(latest))}` : sentence(run);
}

function running({ points, start }: RunSnapshot): string {
  const best = start && bestValidation(start, points.validations);
  const last = points.validations.at(-1);
  if (!start || !last) return t('Training: reading the text for the first time.');
  const share = clippedShare(points);
  if (share !== null && share >= manyClipped)
    return t('{0} % of steps are clipped: a smaller learning rate may help.', Math.round(100 * share));
  if (best && points.validations.filter(({ step }) => step > best.step).length >= fruitlessLooks) {
    const since = last.step - best.step;
    if (since >= fruitlessShare * last.step)
      return meanLoss(points, last.step) < meanLoss(points, best.step)
        ? t(
            'Overfitting since step {0}: validation has not improved since then, and training has.',
            best.step.toLocaleString('en'),
          )
        : t(
            'No progress since step {0}: neither validation nor training has improved since then.',
            best.step.toLocaleString('en'),
          );
  }
  return beyondBaseline(start, last);
}

/** Says how the latest measurement stands to the baseline that is hardest to be better than. */
function beyondBaseline(start: RunStart, last: ValidationPoint): string {
  const metric = metricOf(start);
  const value = metricValue(start, last);
  const baseline = hardestBaseline(metric, start.baselines);
  if (baseline === null) return t('Training: {0}.', inFull({ metric, value }));
  const ahead = advantage(metric, value, baseline.value);
  if (!(ahead > 0)) return t('Training: not yet better than {0}.', describeBaseline(baseline));
  const by = inFull({ metric: { ...metric, name: metric.unit }, value: ahead });
  return start.metric
    ? t('Training: {0}, {1} better than {2}.', inFull({ metric, value }), by, describeBaseline(baseline))
    : t('Training: {0} better than {1}.', by, describeBaseline(baseline));
}

/** Returns the mean training loss over the latest steps up to `until`. */
function meanLoss({ steps }: RunPoints, until: number): number {
  const losses = steps.filter(({ step }) => step > until - averaged && step <= until).map(({ loss }) => loss);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function ended(run: RunSnapshot, result: RunResult): string {
  const why = {
    budget: t('Done'),
    stopped: t('Stopped'),
    'early stop': t('Finished early, as validation no longer improved'),
    diverged: t('The loss exploded until it was no longer a number; the best state before that is kept'),
  }[result.end];
  const outcome = resultOutcome(measuresOf(run), result);
  const hasRows = run.start?.rows !== undefined;
  if (result.validationLoss === null)
    return hasRows
      ? t(
          '{0}: {1} on the rows that it was trained on: none was held out, as the rows are too few, or too few of them differ.',
          why,
          inFull(outcome),
        )
      : t(
          '{0}: {1} on the text that it was trained on, which was too short to hold some of it out.',
          why,
          inFull(outcome),
        );
  if (result.learnedBefore)
    return hasRows
      ? t('{0}: {1} on held-out rows, which it had learned before.', why, inFull(outcome))
      : t('{0}: {1} on held-out text, which it had learned before.', why, inFull(outcome));
  const step = result.bestStep.toLocaleString('en');
  const measured = hasRows
    ? t('{0}: {1} on rows it has not seen, reached at step {2}.', why, inFull(outcome), step)
    : t('{0}: {1} on text it has not seen, reached at step {2}.', why, inFull(outcome), step);
  if (!result.learnedHeldOut) return measured;
  const since = hasRows
    ? t('The model that is kept has since learned those rows too.')
    : t('The model that is kept has since learned that text too.');
  return `${measured} ${since}`;
}

export function figures(run: RunSnapshot | null): { name: string; value: string }[] {
  if (!run) return [];
  const { progress, start, points } = run;
  const list: { name: string; value: string }[] = [];
  const add = (name: string, value: string) => list.push({ name, value });
  const step = points.steps.at(-1);
  const validation = points.validations.at(-1);
  const measures = measuresOf(run);
  if (step) add(t('training'), withUnit(lossMetric(measures), writeValue(step.loss)));
  if (validation) {
    add(t('validation'), withUnit(lossMetric(measures), writeValue(validation.loss)));
    const { metric } = measures;
    if (metric) add(term(metric.name), withUnit(metric, writeValue(metricValue(measures, validation))));
    for (const [name, value] of Object.entries(validation.furtherMetrics ?? {}))
      add(term(name), writeValue(value));
  }
  if (progress) {
    add(t('steps'), progress.step.toLocaleString('en'));
    add(t('epoch'), progress.epoch.toFixed(1));
    const share = clippedShare(points);
    if (share !== null) add(t('clipped'), `${Math.round(100 * share)} %`);
    add(t('speed'), t('{0} tokens/s', Math.round(progress.tokensPerSecond).toLocaleString('en')));
    if (run.status.kind === 'running' && progress.secondsLeft !== null)
      add(t('time left'), t('{0} s', Math.max(0, Math.round(progress.secondsLeft))));
  }
  if (start) {
    if (start.tokens && start.tokens.kind !== 'characters')
      add(t('tokens'), t('{0}, of {1} characters', start.tokens.kind, start.tokens.length.toFixed(1)));
    add(t('trained parameters'), start.parameters.toLocaleString('en'));
    const { engine, engineReason } = start;
    add(t('engine'), engineReason === undefined ? engine : `${engine} (${engineReason})`);
  }
  return list;
}
