// Records a run while it lasts: the best model so far, the checkpoint and the history on disk, and samples
// that the network writes. It notifies a listener.
import type {
  Architecture,
  Engine,
  Predictor,
  TrainableNetwork,
  Weight,
  Weights,
} from '../backend/engine.ts';
import { learnMixture } from '../completion/ensemble/trainEnsemble.ts';
import type { Corpus } from '../data/text/corpus.ts';
import { Problem } from '../protocol/problem.ts';
import {
  appendPoints,
  emptyPoints,
  type Measured,
  pointsUntil,
  type RunPoints,
  type RunProgress,
  type RunResult,
  type RunStart,
  type RunStatus,
} from '../protocol/run.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { type FileError, isFileError } from '../store/files.ts';
import type { Earlier } from '../store/modelFolder.ts';
import type { Generation, ModelWriter } from '../store/modelWriter.ts';
import { writeTokenizer } from '../store/tokens.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { RunConfiguration } from '../training/configuration.ts';
import type { Controls } from '../training/controls.ts';
import { learnHeldOut } from '../training/learnHeldOut.ts';
import type { RunObserver, Trained } from '../training/runSetting.ts';
import { version } from '../version.ts';
import type { Breathe } from './platform.ts';
import { writeSample } from './sample.ts';

export interface RunListener {
  /** Called when the run begins, and when it is rewound, which discards everything before. */
  started(start: RunStart): void;
  paused(): void;
  resumed(): void;
  progress(progress: RunProgress, points: RunPoints): void;
  /** Called when the best state so far is on disk. */
  saved(directory: string): void;
  ended(result: RunResult): void;
}

/** The run that is recorded. */
export interface RecordedRun {
  /** The writer of the run's folder, which has been prepared. */
  readonly writer: ModelWriter;
  readonly request: TrainRequest;
  readonly plan: RunConfiguration;
  readonly corpus: Corpus;
  readonly engine: Engine;
  readonly architecture: Architecture;
  readonly start: Omit<RunStart, 'parameters'>;
  readonly breathe: Breathe;
}

/** The state whose weights are the model, with its validation loss. */
type Kept = Checkpoint['best'] & {
  /** Whether the weights were trained on the held-out part after that loss was measured. */
  readonly learnedHeldOut: boolean;
};

/** The milliseconds between two checkpoints on disk; a run that is cut short loses no more than that. */
const checkpointInterval = 3000;

/** The share of the time that saving may take: a long history takes its time to be written. */
const checkpointShare = 0.02;

export class RunRecorder implements RunObserver {
  readonly #run: RecordedRun;
  readonly #controls: Controls;
  readonly #listener: RunListener;
  readonly #date: string;
  /**
   * The state from which the run goes on; null once it has begun, so that a rewound run begins at the
   * beginning.
   */
  #earlier: Earlier | null;
  #start: RunStart | null = null;
  #points = emptyPoints();
  #latest: RunProgress | null = null;
  #best: Kept | null = null;
  #mixture: Weight | null;
  #finished = false;
  #result: RunResult | null = null;
  #checkpoint: (() => Checkpoint) | null = null;
  /**
   * The step of the model on disk, the time of the last attempt to save, and the milliseconds that it took.
   */
  #saved = { step: -1, at: performance.now(), cost: 0 };
  /** The error of the last attempt to save; null where it succeeded. */
  #unsaved: FileError | null = null;
  #sampledStep = -1;
  #predictor: Predictor | null = null;

  constructor(run: RecordedRun, controls: Controls, listener: RunListener, earlier: Earlier | null) {
    this.#run = run;
    this.#controls = controls;
    this.#listener = listener;
    this.#earlier = earlier;
    this.#date = earlier?.history.date ?? new Date().toISOString();
    this.#mixture = earlier?.mixture ?? null;
  }

  started(parameters: number): void {
    const earlier = this.#earlier;
    this.#earlier = null;
    this.#points = emptyPoints();
    this.#best = earlier && { ...earlier.checkpoint.best, learnedHeldOut: false };
    this.#finished = earlier?.finished ?? false;
    this.#saved.step = this.#best?.step ?? -1;
    this.#sampledStep = -1;
    this.#latest = null;
    // A checkpoint from before a rewinding belongs to a network that is gone.
    this.#checkpoint = null;
    this.#start = { ...this.#run.start, parameters };
    this.#listener.started(this.#start);
    if (!earlier?.history.progress) return;
    const { progress, points } = earlier.history;
    appendPoints(this.#points, pointsUntil(points, earlier.checkpoint.step));
    this.#listener.progress(progress, this.#points);
  }

  paused(): void {
    this.#listener.paused();
    this.#save({ kind: 'paused' });
  }

  resumed(): void {
    this.#listener.resumed();
  }

  progress(progress: RunProgress, points: RunPoints, checkpoint: () => Checkpoint): void {
    this.#latest = progress;
    this.#checkpoint = checkpoint;
    appendPoints(this.#points, points);
    this.#listener.progress(progress, points);
    const { at, cost } = this.#saved;
    if (performance.now() - at > Math.max(checkpointInterval, cost / checkpointShare))
      this.#save({ kind: 'running' });
  }

  improved(weights: Weights, { step, loss }: { step: number; loss: number }): void {
    this.#best = { weights, step, loss, learnedHeldOut: false };
  }

  async ended(ended: Trained, network: TrainableNetwork): Promise<void> {
    const { weights, result: trained } = ended;
    const { corpus, plan, breathe } = this.#run;
    if (plan.model.direction === 'forward')
      // If the network's predictions are not numbers, the mixture keeps its initial weights.
      this.#mixture = await learnMixture(this.#predictorOf(weights), corpus, breathe).catch(
        (error: unknown) => {
          this.#remark(trained.bestStep, error);
          return null;
        },
      );
    // A user who stops a run wants it to end.
    const { weights: learned, remark } =
      trained.end === 'stopped'
        ? { weights: null, remark: null }
        : learnHeldOut(corpus, plan.train, network, ended);
    if (remark !== null) this.#note(remark);
    const learnedHeldOut = learned !== null;
    const result = { ...trained, ...this.#measuredAt(trained.bestStep), learnedHeldOut };
    this.#result = result;
    this.#best = {
      weights: learned ?? weights,
      step: result.bestStep,
      loss: result.validationLoss ?? Infinity,
      learnedHeldOut,
    };
    this.#finished = true;
    this.#save({ kind: 'ended', result });
    if (this.#unsaved)
      throw new Problem(
        `The training has ended, but its model could not be kept: ${reasonOf(this.#unsaved)}. ${this.#whatIsKept()}`,
      );
    this.#listener.ended(result);
  }

  /** Records why the run has ended, if something of it is on disk. */
  failed(message: string): void {
    if (this.#saved.step < 0 || this.#unsaved || !this.#best) return;
    try {
      this.#run.writer.write(this.#generation(this.#best, { kind: 'failed', message }, null));
    } catch (error) {
      // The message is shown to the user in any case.
      if (!isFileError(error)) throw error;
    }
  }

  /** The result of the last end. @throws Error before there is one */
  get result(): RunResult {
    if (!this.#result) throw new Error('The run has not ended.');
    return this.#result;
  }

  dispose(): void {
    this.#predictor?.dispose();
  }

  /**
   * Returns the one predictor of the run, with these weights: each predictor has a memory as large as the
   * network.
   */
  #predictorOf(weights: Weights): Predictor {
    const { engine, architecture } = this.#run;
    if (this.#predictor) this.#predictor.load(weights);
    else this.#predictor = engine.predict(architecture, weights);
    return this.#predictor;
  }

  /**
   * Saves the run. If it is cut short afterwards, it counts as stopped: the history on disk says how far it
   * came. What cannot be written stays in memory, and the next attempt includes it.
   */
  #save(status: RunStatus): void {
    const best = this.#best;
    if (!best) return;
    const began = performance.now();
    const { writer, request } = this.#run;
    this.#write(best);
    try {
      writer.write(this.#generation(best, status, this.#checkpoint?.() ?? null));
      this.#saved.step = best.step;
      if (this.#unsaved) this.#note('The model can be kept again.');
      this.#unsaved = null;
      this.#listener.saved(request.directory);
    } catch (error) {
      if (!isFileError(error)) throw error;
      if (!this.#unsaved)
        this.#note(
          `The model could not be kept: ${reasonOf(error)}. The training goes on, and tries again. ${this.#whatIsKept()}`,
        );
      this.#unsaved = error;
    }
    const at = performance.now();
    this.#saved.at = at;
    this.#saved.cost = at - began;
  }

  #whatIsKept(): string {
    const { request, writer } = this.#run;
    if (this.#saved.step >= 0)
      return `What is in ${request.directory} is the state of step ${this.#saved.step.toLocaleString('en')}.`;
    return writer.hasModel
      ? `The model that was in ${request.directory} before is as it was.`
      : 'Nothing of this run has been kept.';
  }

  #note(text: string): void {
    this.#add({ ...emptyPoints(), notes: [{ step: this.#latest?.step ?? 0, text }] });
  }

  #add(points: RunPoints): void {
    appendPoints(this.#points, points);
    if (this.#latest) this.#listener.progress(this.#latest, points);
  }

  /** Returns the values of metrics that the state after a step had; none where it was judged by its loss. */
  #measuredAt(step: number): Measured {
    const { metric, furtherMetrics } = this.#points.validations.findLast((each) => each.step === step) ?? {};
    return {
      ...(metric === undefined ? {} : { metric }),
      ...(furtherMetrics === undefined ? {} : { furtherMetrics }),
    };
  }

  /** Returns what the manifest says of the run's figures, with the metric's value after a step. */
  #judgement(step: number): Pick<Generation['contents'], 'lossUnit' | 'metric'> {
    const { lossUnit, metric } = this.#run.start;
    const { metric: value = Number.NaN } = this.#measuredAt(step);
    return { lossUnit, metric: metric && { ...metric, value: Number.isFinite(value) ? value : null } };
  }

  #generation(best: Kept, status: RunStatus, checkpoint: Checkpoint | null): Generation {
    const { request, plan, corpus, engine } = this.#run;
    const { embedding, layers, tied, direction } = plan.model;
    return {
      contents: {
        ...writeTokenizer(corpus.tokenizer),
        architecture: { embedding, layers: [...layers], tied },
        direction,
        cells: { ...plan.cells },
        options: { ...plan.model, ...plan.train },
        wishes: { settings: request.settings, definition: request.definition, cell: request.cell },
        finished: this.#finished,
        compared: request.compared ?? false,
        provenance: {
          source: request.source,
          uri: request.uri,
          languageId: request.languageId,
          pattern: request.pattern,
          characters: corpus.text.length,
          date: new Date().toISOString(),
          engine: engine.name,
          unroll: version,
        },
        parameters: this.#start!.parameters,
        validationLoss: Number.isFinite(best.loss) ? best.loss : null,
        ...this.#judgement(best.step),
        learnedHeldOut: best.learnedHeldOut,
        step: best.step,
      },
      weights: best.weights,
      mixture: this.#mixture,
      text: corpus.text,
      checkpoint,
      history: {
        title: request.title,
        date: this.#date,
        status,
        start: this.#start,
        progress: this.#latest,
        points: this.#points,
      },
    };
  }

  /** Records what the network writes in this state, once per state. */
  #write({ weights, step }: Checkpoint['best']): void {
    if (step === this.#sampledStep) return;
    this.#sampledStep = step;
    const { corpus, plan } = this.#run;
    try {
      const written = writeSample(this.#predictorOf(weights), corpus.tokenizer, plan.model.direction, {
        step,
        temperature: this.#controls.temperature,
        seed: step,
      });
      this.#add({ ...emptyPoints(), samples: [written] });
    } catch (error) {
      this.#remark(step, error);
    }
  }

  /** Turns a problem that does not end the run into a note; any other error is thrown again. */
  #remark(step: number, error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    this.#add({ ...emptyPoints(), notes: [{ step, text: error.message }] });
  }
}
