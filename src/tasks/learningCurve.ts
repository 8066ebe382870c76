// Measures the learning curve of a run on few rows: whether more of them would help, and by how much
// (docs/decisions/learning-curve.md).
import type { Architecture, Engine, TrainableNetwork } from '../backend/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import type { ModelOptions, TrainOptions } from '../language/options/options.ts';
import type { CurvePoint, LearningCurve } from '../protocol/learningCurve.ts';
import type { RunResult } from '../protocol/run.ts';
import { initialWeights } from '../tape/parameters.ts';
import { Controls } from '../training/controls.ts';
import type { MeasuredMetric } from '../training/measure.ts';
import type { Trained } from '../training/runSetting.ts';
import { train } from '../training/trainer.ts';
import type { KeptRun, TaskRequest } from './task.ts';

/** The number of labelled rows from which on no curve is measured. */
export const fewRows = 1000;

/** The parts of the training rows that are trained on, besides all of them. */
const shares = [1 / 4, 1 / 2];

/** The share of the run's updates for each part, and the most seconds that they may take. */
const updatesShare = 0.5;
const mostSeconds = 30;

/** The fewest updates, rows of a part, and held-out rows of which a value says anything. */
const leastUpdates = 20;
const leastRows = 10;
const leastHeldOut = 10;

interface CurveSetting {
  /** Returns the same data with a share of its training rows, which are those of a smaller share and more. */
  readonly part: (share: number) => Dataset & { readonly counts: { readonly train: number } };
  /** The numbers of rows of the run. */
  readonly counts: { readonly train: number; readonly heldOut: number };
  readonly architecture: Architecture;
  readonly metric: MeasuredMetric;
  readonly model: Pick<ModelOptions, 'dropout'>;
  readonly options: TrainOptions;
  readonly engine: Engine;
  readonly result: RunResult;
  /** The metric that the run has reached: an error, or a value of which 1 is the best. */
  readonly reached: number;
  /** Whether the value is a share of the held-out rows. */
  readonly isShare: boolean;
  /** Returns what a network has reached that was trained on a part. */
  readonly reachedBy: (trained: Trained, network: TrainableNetwork, share: number) => Promise<number>;
  readonly breathe: () => Promise<void>;
  readonly now: () => number;
  /** Returns whether a command waits for the run. */
  readonly isAwaited: () => boolean;
  /** Is called before the first part is trained on. */
  readonly begins: () => void;
}

/** The part of the setting that a task knows before its run. */
interface TaskCurve
  extends Pick<CurveSetting, 'part' | 'counts' | 'architecture' | 'metric' | 'isShare'>,
    Partial<Pick<CurveSetting, 'reachedBy'>> {}

/**
 * Returns a function that measures the learning curve of a run which has been kept: it trains networks on parts of the
 * rows as the run has trained on all, which takes as long as the run again, or a minute. Its result is null where there
 * are rows enough or too few, where a user has stopped the run or commands something, and where updates are not steps of
 * a gradient.
 * @param task by default, what a network on a part has reached is the metric of its training
 */
export function learningCurves(
  task: TaskCurve,
  { configuration: { model, train: options }, engine, breathe, now }: TaskRequest,
): (run: KeptRun) => Promise<LearningCurve | null> {
  return async ({ trained: { result }, finished: { measured }, isAwaited, begins }) =>
    measureCurve({
      reachedBy: async ({ result: ofPart }) => ofPart.metric!,
      ...task,
      ...{ model, options, engine: await engine(), result, isAwaited, begins, breathe, now },
      reached: (measured ?? result).metric!,
    });
}

async function measureCurve(setting: CurveSetting): Promise<LearningCurve | null> {
  const { result, part, counts, options, reached, isShare } = setting;
  const { train: rows, heldOut } = counts;
  const { lowerIsBetter } = setting.metric;
  const { kind } = options.optimizer;
  if (rows + heldOut >= fewRows || heldOut < leastHeldOut) return null;
  if (kind === 'ridge' || kind === 'hessian-free') return null;
  if (result.end === 'stopped' || result.end === 'diverged') return null;
  const affordable = (result.steps * mostSeconds) / Math.max(result.seconds, Number.EPSILON);
  const updates = Math.floor(Math.min(result.bestStep, updatesShare * result.steps, affordable));
  if (updates < leastUpdates) return null;
  setting.begins();
  const points: CurvePoint[] = [];
  for (const share of shares) {
    const dataset = part(share);
    if (dataset.counts.train < leastRows) continue;
    const value = await trainOn(dataset, updates, share, setting);
    if (value === null) return null;
    points.push({ rows: dataset.counts.train, value });
  }
  if (points.length === 0) return null;
  points.push({ rows, value: reached });
  return {
    lowerIsBetter,
    points,
    updates,
    interval: isShare ? wilson(reached, heldOut) : null,
    expected: { rows: 2 * rows, value: expectedOf(points, heldOut, lowerIsBetter) },
  };
}

/** Trains on a part of the rows. @returns null where that was given up */
async function trainOn(
  part: Dataset,
  updates: number,
  share: number,
  { architecture, metric, model, options, engine, reachedBy, breathe, now, isAwaited }: CurveSetting,
): Promise<number | null> {
  const controls = Controls.none();
  const deadline = now() + 2000 * mostSeconds;
  let value: number | null = null;
  await train({
    dataset: inOneEpoch(part, updates),
    metric,
    architecture,
    model,
    options: { ...options, seconds: null, epochs: 1, patience: null },
    engine,
    weights: initialWeights(architecture, options.seed),
    checkpoint: null,
    probe: null,
    controls,
    observer: {
      started() {},
      paused() {},
      resumed() {},
      progress() {},
      improved() {},
      async ended(trained, network) {
        if (trained.result.end === 'budget') value = await reachedBy(trained, network, share);
      },
    },
    breathe: async () => {
      if (isAwaited() || now() > deadline) controls.send({ type: 'stop' });
      await breathe();
    },
    now,
  });
  return value;
}

/** Returns the same data, where so many updates count as a pass: as many measurements of them are made as of a pass. */
function inOneEpoch(data: Dataset, updates: number): Dataset {
  return {
    batches(options) {
      const inner = data.batches(options);
      return {
        batch: inner.batch,
        steps: inner.steps,
        ...(inner.positions === undefined ? {} : { positions: inner.positions }),
        perEpoch: updates,
        get epoch() {
          return (inner.epoch * inner.perEpoch) / updates;
        },
        get cursor() {
          return inner.cursor;
        },
        set cursor(cursor) {
          inner.cursor = cursor;
        },
        next: () => inner.next(),
        before: (steps) => inner.before(steps),
      };
    },
    training: (rows) => data.training(rows),
    heldOut: (rows) => data.heldOut(rows),
    heldOutBatches: (shape) => data.heldOutBatches(shape),
    probed: (steps) => data.probed(steps),
    ...(data.series && { series: data.series }),
    cost: (nats, targets) => data.cost(nats, targets),
    uniform: data.uniform,
    baselines: data.baselines,
    remarks: data.remarks,
    charactersPerToken: data.charactersPerToken,
  };
}

/** Returns the interval of a share at 95 % (Wilson 1927). */
export function wilson(share: number, count: number): [low: number, high: number] {
  const z = 1.96;
  const centre = share + z ** 2 / (2 * count);
  const half = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  const scale = 1 + z ** 2 / count;
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}

/**
 * Returns the value to expect of twice as many rows as the last point has. The exponent by which the errors fall is
 * that of least squares through the points, in logarithms (Cortes et al. 1994; Hestness et al. 2017); an error of less than
 * half a held-out row counts as that. What is reached never gets worse.
 * @param areErrors whether the values are errors themselves
 */
export function expectedOf(points: readonly CurvePoint[], heldOut: number, areErrors = false): number {
  const errorOf = ({ value }: CurvePoint) =>
    areErrors ? Math.max(value, Number.EPSILON) : Math.max(1 - value, 0.5 / heldOut);
  const x = points.map(({ rows }) => Math.log(rows));
  const y = points.map((point) => Math.log(errorOf(point)));
  const mean = (of: readonly number[]) => of.reduce((sum, each) => sum + each, 0) / of.length;
  const products = x.reduce((sum, each, index) => sum + (each - mean(x)) * (y[index] - mean(y)), 0);
  const squares = x.reduce((sum, each) => sum + (each - mean(x)) ** 2, 0);
  const { value } = points[points.length - 1];
  const factor = 2 ** -Math.max(0, -products / squares);
  return areErrors ? value * factor : 1 - (1 - value) * factor;
}
