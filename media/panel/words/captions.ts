// The sentences below the figures, each of which says what its figure shows now.

import type { HeldOutColumn } from '../../../src/protocol/forecast.ts';
import { lossMetric, writeValue } from '../../../src/protocol/metric.ts';
import { measuresOf, outcomeOf } from '../../../src/protocol/outcome.ts';
import type { Front } from '../../../src/protocol/panel.ts';
import type { PredictedNumbers } from '../../../src/protocol/regression.ts';
import type {
  FreeRunning,
  ProbedPassage,
  ProbePoint,
  RunPoints,
  RunSnapshot,
  StatePath,
} from '../../../src/protocol/run.ts';
import { shown } from '../../../src/protocol/shownText.ts';
import { recentSteps } from './clippedShare.ts';
import { t } from './l10n.ts';
import { inFull, term, withUnit } from './metricText.ts';
import { readableName } from './stateName.ts';

/** The share of a gradient below which nothing is left of it, and the factor above which it explodes. */
const thousandth = 1e-3;
const tenfold = 10;

/** Says which model completes the text in front. @param id the id of the run that is shown */
export function frontSays(front: Front | null, id: string | null): string {
  if (!front) return '';
  const text = shown(front.text);
  if (front.model === null) return t('The file in front, {0}, has no model yet.', text);
  if (front.model === id) return `★ ${t('This model completes the file in front, {0}.', text)}`;
  return t(
    'The file in front, {0}, is completed by another model, trained on {1}.',
    text,
    shown(front.source ?? ''),
  );
}

export function lossSays(run: RunSnapshot): string {
  const { steps, validations } = run.points;
  const last = validations.at(-1);
  if (!last || steps.length === 0) return '';
  const loss = lossMetric(measuresOf(run));
  const recent = steps.slice(-50);
  const training = recent.reduce((sum, step) => sum + step.loss, 0) / recent.length;
  const gap = last.loss - training;
  const at = withUnit(loss, writeValue(last.loss));
  return gap > 0
    ? t('Validation stands at {0}, {1} above training.', at, writeValue(gap))
    : t('Validation stands at {0}, {1} below training.', at, writeValue(-gap));
}

export function metricSays(run: RunSnapshot): string {
  const outcome = outcomeOf(run);
  return outcome ? t('The best state so far: {0}.', inFull(outcome)) : '';
}

/** Says how far back the gradient of a state reaches. */
export function lagSays(probe: ProbePoint | undefined, state: string | undefined): string {
  const norms = state === undefined ? undefined : probe?.gradientByLag[state];
  if (!norms || norms.length < 2) return '';
  const name = readableName(state!);
  if (!(norms[0] > 0)) return t('No gradient reaches {0}.', name);
  const ratios = norms.map((norm) => norm / norms[0]);
  const gone = ratios.findIndex((ratio) => ratio < thousandth);
  const lags = ratios.length - 1;
  const largest = Math.max(...ratios);
  if (ratios[lags] >= tenfold)
    return lags === 1
      ? t('The gradient of {0} explodes: after a step it is {1} times as large.', name, factor(ratios[lags]))
      : t(
          'The gradient of {0} explodes: after {2} steps it is {1} times as large.',
          name,
          factor(ratios[lags]),
          lags,
        );
  if (gone === 1) return t('The gradient of {0} falls to a thousandth in a step.', name);
  if (gone > 0) return t('The gradient of {0} falls to a thousandth in {1} steps.', name, gone);
  if (largest >= tenfold)
    return t('The gradient of {0} becomes {1} times as large before it falls.', name, factor(largest));
  return lags === 1
    ? t('Of the gradient of {0}, {1} % is left after a step.', name, percent(ratios[lags]))
    : t('Of the gradient of {0}, {1} % is left after {2} steps.', name, percent(ratios[lags]), lags);
}

/** An exponent that is closer to 0 than this many nats a step is not told from 0 on a stretch of text. */
const still = 0.01;

/** Says what the largest Lyapunov exponent means. */
export function lyapunovSays(probe: ProbePoint | undefined): string {
  const largest = probe?.lyapunov?.[0];
  if (largest === undefined) return '';
  if (largest > still)
    return t(
      'Nearby states drift apart, {0} times as far with each step: the network is chaotic on this passage.',
      Math.exp(largest).toFixed(2),
    );
  if (largest < -still) {
    const steps = Math.ceil(Math.log(thousandth) / largest);
    return steps <= 1
      ? t('Differences between states vanish within a step.')
      : t('Different states come together: a thousandth of the difference is left after {0} steps.', steps);
  }
  return t('Differences between states neither grow nor fade: the network is at the edge of chaos.');
}

/** Says how many times as large something is: with two digits, or as a whole number where that has more. */
const factor = (ratio: number) =>
  ratio < 10 || ratio >= 1e6 ? ratio.toPrecision(2) : Math.round(ratio).toLocaleString('en');

const percent = (share: number) =>
  share >= 0.1 ? Math.round(100 * share) : Number((100 * share).toPrecision(1));

/** Says what clipping does to the latest updates. */
export function clippingSays({ steps }: RunPoints): string {
  const recent = steps.slice(-recentSteps);
  const last = recent.at(-1);
  if (!last) return '';
  if (last.clip === null) return t('Nothing is clipped: each update has the norm of its gradient.');
  const clipped = recent.filter(({ gradientNorm, clip }) => clip !== null && gradientNorm > clip);
  const threshold = Number(last.clip.toPrecision(3));
  if (clipped.length === 0)
    return t('None of the last {0} updates was clipped to {1}.', recent.length, threshold);
  const largest = Math.max(...clipped.map(({ gradientNorm, clip }) => gradientNorm / clip!));
  return t(
    'Clipped to {2}: {1} of the last {0} updates. The largest gradient was {3} times that.',
    recent.length,
    clipped.length,
    threshold,
    factor(largest),
  );
}

export function unrolledSays(probe: ProbePoint): string {
  const lag = Object.values(probe.gradientByLag)[0]?.length ?? 1;
  return t(
    'The loss of the last step sends its gradient back along the arrows, over {0} steps in all; a dashed arrow carries less than a hundred-thousandth of it.',
    lag - 1,
  );
}

/** Says which unit holds its value longest, and for how long. */
export function unitsSays({ vectors, tokens }: ProbedPassage, name: string): string {
  const vector = vectors[name];
  if (!vector) return '';
  let best = { unit: -1, length: 0 };
  for (const [row, values] of vector.values.entries()) {
    let length = 1;
    for (let at = 1; at < values.length; at++) {
      length = Math.abs(values[at] - values[at - 1]) < 0.1 ? length + 1 : 1;
      if (length > best.length) best = { unit: vector.units[row], length };
    }
  }
  const shown = t('{0} of {1} units are shown, the slowest first.', vector.units.length, vector.width);
  if (best.unit < 0) return shown;
  if (best.length >= tokens.length) return `${t('Unit {0} hardly changes here.', best.unit + 1)} ${shown}`;
  return `${t('Unit {0} holds its value over {1} tokens.', best.unit + 1, best.length)} ${shown}`;
}

export function pathSays(passage: ProbedPassage): string {
  const { path } = passage;
  if (!path) return '';
  const rings = path.fixedPoints?.length
    ? [t('A ring is a fixed point: where it comes to rest while one token is read again and again.')]
    : [];
  return [...planeSays(path, passage), ...rings].join(' ');
}

/** Returns what the plane shows of the state, and whether the state comes back to where it was. */
function planeSays(path: StatePath, { read, tokens }: ProbedPassage): string[] {
  const share = Math.round(100 * (path.explained[0] + path.explained[1]));
  const flat = t(
    'The first two principal components explain {0} % of the variance of {1}.',
    share,
    readableName(path.state),
  );
  const written = path.points.slice(read);
  if (tokens.length === read || written.length < 8) return [flat];
  // A state that runs into a cycle or a fixed point hardly moves from where it was a few tokens before.
  const moved = written.slice(-4).map((place, index) => {
    const before = written.slice(0, -4 + index || undefined).slice(0, -1);
    return Math.min(...before.map(([a, b]) => Math.hypot(a - place[0], b - place[1])));
  });
  const reach = Math.max(...path.points.map(([a, b]) => Math.hypot(a, b)));
  return Math.max(...moved) < 0.02 * reach
    ? [flat, t('While it writes, it returns to where it has been: it repeats itself.')]
    : [flat];
}

export function freeRunningSays({ forced, free }: FreeRunning): string {
  const tail = (values: readonly number[]) => {
    const last = values.slice(-8);
    return last.reduce((sum, value) => sum + value, 0) / last.length;
  };
  const more = tail(free) - tail(forced);
  return t(
    'With teacher forcing, a token takes {0} bits. After {1} tokens of its own, the network predicts the text {2} bits worse.',
    tail(forced).toFixed(2),
    free.length,
    more.toFixed(2),
  );
}

export function windowSays({ k1, k2 }: { readonly k1: number; readonly k2: number }): string {
  if (k1 === k2)
    return t('Every {0} steps there is an update, and its gradient goes back to the update before.', k1);
  if (k1 < k2)
    return t(
      'Every {0} steps there is an update, and its gradient goes back over {1}: windows overlap.',
      k1,
      k2,
    );
  return t(
    'Every {0} steps there is an update, whose gradient goes back over the last {1}: the steps before are only read.',
    k1,
    k2,
  );
}

/** Says how often the intervals of a forecast held, and how far it is off beside the best baseline. */
export function forecastSays({ actual, forecast, lower, upper, baselines }: HeldOutColumn): string {
  const within = actual.filter((value, step) => lower[step] <= value && value <= upper[step]).length;
  const errorOf = (values: readonly number[]) =>
    Math.sqrt(actual.reduce((sum, value, step) => sum + (values[step] - value) ** 2, 0) / actual.length);
  const held = t('Of {0} held-out rows, {1} lie within the interval.', actual.length, within);
  const [best] = baselines
    .map(({ name, values }) => ({ name, error: errorOf(values) }))
    .filter(({ error }) => Number.isFinite(error))
    .sort((a, b) => a.error - b.error);
  const error = errorOf(forecast).toPrecision(3);
  return best
    ? `${held} ${t('Root mean squared error: {0}; {1}: {2}.', error, term(best.name), best.error.toPrecision(3))}`
    : `${held} ${t('Root mean squared error: {0}.', error)}`;
}

/** Says how often the intervals of the predictions held, and how far they are off beside always predicting the mean. */
export function predictedSays({ rows, ofMean }: PredictedNumbers): string {
  const within = rows.filter(({ actual, lower, upper }) => lower <= actual && actual <= upper).length;
  const squares = rows.reduce((sum, { actual, predicted }) => sum + (predicted - actual) ** 2, 0);
  const error = Math.sqrt(squares / rows.length).toPrecision(3);
  return [
    t('Of {0} held-out rows, {1} lie within the interval.', rows.length, within),
    t('Root mean squared error: {0}; {1}: {2}.', error, t('the mean'), ofMean.toPrecision(3)),
  ].join(' ');
}
