// A training run from text to model folder, as the worker does it for the editor and the command line does it
// for itself.
import { layersText } from '../language/options/layers.ts';
import type { Metric } from '../protocol/metric.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunResult, RunStart } from '../protocol/run.ts';
import type { TaskChoice, TaskName } from '../protocol/task.ts';
import type { Circumstances, TrainRequest } from '../protocol/trainer.ts';
import { checkCheckpoint } from '../store/fit.ts';
import { Lease, renewalInterval } from '../store/lease.ts';
import type { Earlier } from '../store/modelFolder.ts';
import { ModelWriter } from '../store/modelWriter.ts';
import { initialWeights } from '../tape/parameters.ts';
import type { PreparedTask } from '../tasks/task.ts';
import { completeSettings } from '../tasks/usual.ts';
import { configure, equationsOf, type RunConfiguration, taskNameOf } from '../training/configuration.ts';
import type { Controls } from '../training/controls.ts';
import { train } from '../training/trainer.ts';
import { trainingShape } from '../training/trainingShape.ts';
import { beginWith } from './earlierWeights.ts';
import { readEngineWishes, startEngine } from './engines.ts';
import { checkMemory } from './memory.ts';
import { PassageProbe } from './passageProbe.ts';
import type { Platform } from './platform.ts';
import { prepareTask } from './prepareTask.ts';
import { type RunListener, RunRecorder } from './runRecorder.ts';

const noScheduledSampling =
  'Only an encoder-decoder has scheduled sampling: here `train.scheduledSampling` has no effect.';
/** The tasks that learn from chosen steps of a row. */
const teachable: ReadonlySet<TaskName> = new Set(['acceptor', 'regressor', 'transducer']);
const noTeaching =
  'Only an acceptor, a regressor and a transducer learn from chosen steps of a row: here `teach` in `task` has no effect.';
const noClassWeights = 'Only an acceptor has class weights: here `train.classWeights` has no effect.';

/**
 * The most steps back at which the probe measures gradients, and the most weights with which it is used, as
 * it is no fast engine.
 */
const mostLags = 200;
const mostProbed = 2_000_000;
const notProbed =
  'This network has more than two million numbers: its gradient by lag, its gates and its radii are not looked into, as that would hold the training up.';

/**
 * Trains a model. The promise settles when the run has ended and its controls are closed.
 * @param platform where it runs; the model is kept in its files
 * @param earlier the state from which it goes on; null begins at the beginning
 * @param circumstances how the host has started the worker
 * @throws Problem for everything that the user can mend
 */
export async function run(
  asked: TrainRequest,
  platform: Platform,
  controls: Controls,
  listener: RunListener,
  earlier: Earlier | null = null,
  { withoutWide, note }: Circumstances = {},
): Promise<RunResult> {
  const request = {
    ...asked,
    settings: completeSettings(taskNameOf(asked.task, asked.definition), asked.settings),
  };
  const configuration = configure(request);
  const writer = new ModelWriter(platform.files, request.directory);
  writer.prepare(earlier !== null);
  const lease = new Lease(platform.files, request.directory);
  let started: ReturnType<typeof startEngine> | null = null;
  const start = () => {
    started ??= startEngine(platform, readEngineWishes(request.settings), withoutWide);
    return started;
  };
  lease.acquire();
  const renewal = setInterval(() => lease.renew(), renewalInterval);
  try {
    const task = await prepareTask(choiceOf(request, configuration), {
      ...{ request, configuration, earlier, files: platform.files, digest: earlier?.digest ?? null },
      ...{ controls, blockLengths: platform.blockLengths },
      engine: async () => (await start()).engine,
      ...timeOf(platform),
    });
    return await runPrepared(
      { request, configuration, task, writer, lease, start },
      platform,
      controls,
      holding(lease, listener),
      { earlier, note },
    ).finally(() => task.dispose?.());
  } finally {
    clearInterval(renewal);
    lease.release();
  }
}

/** Gives the lease back while a run that has ended waits for commands, so that others may go on with it. */
const holding = (lease: Lease, listener: RunListener): RunListener => ({
  started: (start) => {
    lease.acquire();
    listener.started(start);
  },
  resumed: () => {
    lease.acquire();
    listener.resumed();
  },
  ended: (result) => {
    lease.release();
    listener.ended(result);
  },
  paused: () => listener.paused(),
  progress: (progress, points) => listener.progress(progress, points),
  saved: (directory) => listener.saved(directory),
});

/** A run whose data has been read. */
interface PreparedRun {
  readonly request: TrainRequest;
  readonly configuration: RunConfiguration;
  readonly task: PreparedTask;
  readonly writer: ModelWriter;
  readonly lease: Lease;
  readonly start: () => ReturnType<typeof startEngine>;
}

async function runPrepared(
  { request, configuration, task, writer, lease, start }: PreparedRun,
  platform: Platform,
  controls: Controls,
  listener: RunListener,
  { earlier, note }: { readonly earlier: Earlier | null; readonly note: string | undefined },
): Promise<RunResult> {
  const { model, train: options } = configuration;
  const { engine, fallback, reason } = await start();
  const { architecture, dataset } = task;
  checkMemory(architecture, options.optimizer, platform.memoryBytes, {
    engine,
    shape: trainingShape(dataset.batches(options), options, model.dropout),
    series: dataset.series ?? null,
  });
  if (earlier) checkCheckpoint(architecture, options.optimizer, earlier.checkpoint);
  const initial = initialWeights(architecture, options.seed);
  // A run that goes on has its weights in its checkpoint.
  const begun =
    request.begins === undefined || earlier ? null : beginWith(platform.files, request.begins, task, initial);
  const weights = begun?.weights ?? initial;
  const isSmall = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0) <= mostProbed;
  // The probe unrolls one stack, and an encoder-decoder has two.
  const isProbed = isSmall && !architecture.encoder;
  const runStart: Omit<RunStart, 'parameters'> = {
    ...task.start,
    task: task.name,
    lossUnit: task.lossUnit,
    metric: task.metric && said(task.metric),
    baselines: dataset.baselines,
    layers: [...(architecture.encoder?.layers.length ? [model.encoder] : []), model.layers]
      .map(layersText)
      .join(' → '),
    engine: engine.name,
    ...(reason === null ? {} : { engineReason: reason }),
    fallback,
    remarks: remarksOn(request, configuration, task, begun?.remark ?? null, isSmall),
    seconds: options.seconds,
    epochs: options.epochs,
    ...(task.name === 'language model' && {
      window: { k1: options.k1, k2: options.k2 },
      direction: model.direction,
    }),
    equations: equationsOf(model, configuration.cells),
  };
  const recorder = new RunRecorder(
    { writer, request, configuration, task, engine, start: runStart },
    controls,
    listener,
    earlier,
  );
  const probe = isProbed
    ? new PassageProbe(task, engine, Math.min(options.k2, mostLags), () => controls.temperature)
    : null;
  await train({
    dataset,
    metric: task.metric,
    architecture,
    model,
    options,
    engine,
    weights,
    checkpoint: earlier?.checkpoint ?? null,
    ...(note === undefined ? {} : { note }),
    probe,
    controls,
    ...timeOf(platform),
    spent: task.spent,
    observer: recorder,
  })
    .catch((error: Error) => {
      // Another training that holds the folder by now has kept more of the run.
      if (error instanceof Problem && lease.isHeld) recorder.failed(error.message);
      throw error;
    })
    .finally(() => {
      probe?.dispose();
      recorder.dispose();
    });
  return recorder.result;
}

/**
 * Returns the sentences that are said where a run starts: those on its data, and on options that have no effect.
 * @param warmStart the sentence on the weights that it begins with; null where it begins with its own
 * @param isSmall whether the network has few enough weights to be probed
 */
function remarksOn(
  request: TrainRequest,
  { train: options, task: said }: RunConfiguration,
  task: PreparedTask,
  warmStart: string | null,
  isSmall: boolean,
): string[] {
  const remarks = [
    ...request.remarks,
    ...(warmStart === null ? [] : [warmStart]),
    ...task.start.remarks,
    ...(options.classWeights === 'balanced' && task.name !== 'acceptor' ? [noClassWeights] : []),
    ...(options.scheduledSampling > 0 && task.name !== 'encoder-decoder' ? [noScheduledSampling] : []),
    ...((said?.teach ?? null) !== null && !teachable.has(task.name) ? [noTeaching] : []),
    ...(isSmall ? [] : [notProbed]),
  ];
  return [...new Set(remarks)];
}

const timeOf = ({ breathe }: Platform) => ({ breathe, now: () => performance.now() });

/** Returns what is trained for. What the request leaves open, the `.rnn` file may say. */
function choiceOf({ task: asked }: TrainRequest, { task: said }: RunConfiguration): TaskChoice {
  if (asked?.kind === 'language model' || (!asked && !said)) return { kind: 'language model' };
  const kind = asked?.kind ?? said!.kind;
  const reads = asked?.reads ?? said?.reads ?? null;
  const writes = asked?.writes ?? said?.writes ?? null;
  const several = typeof writes === 'string' ? [writes] : writes;
  if (kind === 'forecaster') return { kind, reads, writes: several };
  if (several && several.length > 1) throw new Problem('One column is filled in: name one in `writes`.');
  const heldOut = asked && 'heldOut' in asked ? asked.heldOut : null;
  return { kind, reads, writes: several?.[0] ?? null, heldOut };
}

/** Returns what is said of a metric; how it is measured crosses no border. */
const said = ({ name, unit, lowerIsBetter }: Metric): Metric => ({ name, unit, lowerIsBetter });
