// A run in words and figures.
import type { RunPoints, RunSnapshot, ValidationPoint } from '../../src/protocol/run.ts';
import { clippedShare } from './series.ts';

/** From this share of clipped steps on, it is said. */
const manyClipped = 0.3;

/** Looks at the held-out text without a better loss before that is called overfitting. */
const fruitlessLooks = 4;

/** What is happening, in one sentence. */
export function sentence(run: RunSnapshot | null): string {
  if (!run) return 'Open a text and run “Unroll: Train on Current File”: what it learns is drawn here.';
  switch (run.status.kind) {
    case 'starting':
      return 'Starting …';
    case 'running':
      return running(run);
    case 'paused':
      return `Paused at step ${(run.progress?.step ?? 0).toLocaleString('en')}: everything is kept, and nothing is computed.`;
    case 'ended':
      return ended(run.status.result);
    case 'failed':
      return run.status.message;
  }
}

/** The same for screen readers, with the numbers that matter. */
export function announcement(run: RunSnapshot | null): string {
  const loss = run?.points.validations.at(-1)?.loss;
  if (run?.status.kind !== 'running' || loss === undefined) return sentence(run);
  return `${sentence(run)} Validation at ${loss.toFixed(2)} bits per character.`;
}

function running({ points, start }: RunSnapshot): string {
  const best = bestOf(points);
  const last = points.validations.at(-1);
  if (!best || !last || !start) return 'Training: reading the text for the first time.';
  const share = clippedShare(points);
  if (share !== null && share >= manyClipped)
    return `${Math.round(100 * share)} % of steps are clipped: a smaller learning rate may help.`;
  if (points.validations.filter(({ step }) => step > best.step).length >= fruitlessLooks)
    return `Overfitting since step ${best.step.toLocaleString('en')}: validation has not improved since then.`;
  if (last.loss >= start.unigram) return 'Training: not yet better than guessing by frequency.';
  return `Training: ${(start.unigram - last.loss).toFixed(2)} bits per character better than guessing by frequency.`;
}

function bestOf({ validations }: RunPoints): ValidationPoint | null {
  return validations.reduce<ValidationPoint | null>(
    (least, each) => (least === null || each.loss < least.loss ? each : least),
    null,
  );
}

function ended(result: Extract<RunSnapshot['status'], { kind: 'ended' }>['result']): string {
  const why = {
    budget: 'Done',
    stopped: 'Stopped',
    'early stop': 'Done early, as validation did not improve any more',
  }[result.end];
  const loss = result.validationLoss ?? result.trainLoss;
  return `${why}: ${loss.toFixed(2)} bits per character on text it has not seen, reached at step ${result.bestStep.toLocaleString('en')}.`;
}

export function figures(run: RunSnapshot | null): { name: string; value: string }[] {
  if (!run) return [];
  const { progress, start, points } = run;
  const list: { name: string; value: string }[] = [];
  const add = (name: string, value: string) => list.push({ name, value });
  const step = points.steps.at(-1);
  const validation = points.validations.at(-1);
  if (step) add('training', `${step.loss.toFixed(2)} bpc`);
  if (validation) add('validation', `${validation.loss.toFixed(2)} bpc`);
  if (progress) {
    add('steps', progress.step.toLocaleString('en'));
    add('epoch', progress.epoch.toFixed(1));
    const share = clippedShare(points);
    if (share !== null) add('clipped', `${Math.round(100 * share)} %`);
    add('speed', `${Math.round(progress.tokensPerSecond).toLocaleString('en')} tokens/s`);
    if (run.status.kind === 'running' && progress.secondsLeft !== null)
      add('time left', `${Math.max(0, Math.round(progress.secondsLeft))} s`);
  }
  if (start) {
    add('parameters', start.parameters.toLocaleString('en'));
    add('engine', start.engine);
  }
  return list;
}
