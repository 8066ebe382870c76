// Records a run while it lasts: its points, samples that the network generates, and the best state so far. It
// has them saved, and notifies a listener.
import type { Predictor, TrainableNetwork, Weight, Weights } from '../backend/engine.ts';
import type { LearningCurve } from '../protocol/learningCurve.ts';
import { Problem } from '../protocol/problem.ts';
import {
  appendPoints,
  emptyPoints,
  pointsUntil,
  type RunPoints,
  type RunProgress,
  type RunResult,
  type RunStart,
  type RunStatus,
} from '../protocol/run.ts';
import type { Earlier } from '../store/modelFolder.ts';
import type { Generation } from '../store/modelWriter.ts';
import type { Finished } from '../tasks/task.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { Controls } from '../training/controls.ts';
import type { RunObserver, Trained } from '../training/runSetting.ts';
import { ModelSaver } from './modelSaver.ts';
import { type Kept, manifestContents, type RecordedRun } from './recordedRun.ts';

export interface RunListener {
  /** Is called when the run begins, and when it is rewound, which discards everything before. */
  started(start: RunStart): void;
  paused(): void;
  resumed(): void;
  progress(progress: RunProgress, points: RunPoints): void;
  /** Is called when the best state so far is on disk. */
  saved(directory: string): void;
  ended(result: RunResult): void;
}

export class RunRecorder implements RunObserver {
  readonly #run: RecordedRun;
  readonly #controls: Controls;
  readonly #listener: RunListener;
  readonly #saver: ModelSaver;
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
  #sampledStep = -1;
  #predictor: Predictor | null = null;

  constructor(run: RecordedRun, controls: Controls, listener: RunListener, earlier: Earlier | null) {
    this.#run = run;
    this.#controls = controls;
    this.#listener = listener;
    this.#saver = new ModelSaver(run.writer, run.request.directory);
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
    this.#saver.begin(this.#best?.step ?? -1);
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
    if (this.#saver.isDue) this.#save({ kind: 'running' });
  }

  improved(best: Checkpoint['best']): void {
    this.#best = { ...best, learnedHeldOut: false };
  }

  async ended(trained: Trained, network: TrainableNetwork): Promise<void> {
    const { best } = trained;
    const { task } = this.#run;
    const predictor = () => this.#predictorOf(best.weights);
    const finished = await task.finish({ trained, network, predictor });
    const { learned, calibrated, mixture, measured, confusion, forecast, predicted, remarks } = finished;
    for (const text of remarks) this.#note(trained.result.steps, text);
    this.#mixture = mixture;
    const learnedHeldOut = learned !== null;
    const found = {
      ...(confusion && { confusion }),
      ...(forecast && { forecast }),
      ...(predicted && { predicted }),
    };
    let result = { ...trained.result, ...measured, learnedHeldOut, ...found };
    this.#result = result;
    this.#best = { ...best, ...measured, weights: calibrated ?? learned ?? best.weights, learnedHeldOut };
    this.#finished = true;
    this.#save({ kind: 'ended', result });
    const { problem } = this.#saver;
    if (problem !== null) throw new Problem(problem);
    const learningCurve = await this.#learningCurve(trained, finished);
    if (learningCurve) {
      result = { ...result, learningCurve };
      this.#result = result;
      this.#save({ kind: 'ended', result });
    }
    this.#listener.ended(result);
  }

  /** Measures the learning curve of a run by itself; those that are compared have to keep to one budget. */
  async #learningCurve(trained: Trained, finished: Finished): Promise<LearningCurve | null> {
    const { task, request } = this.#run;
    if (!task.learningCurve || request.compared) return null;
    return task.learningCurve({
      ...{ trained, finished },
      isAwaited: () => this.#controls.isWaiting,
      begins: () =>
        this.#note(
          trained.result.steps,
          'The model is ready. To say whether more rows would help, networks are now trained on parts of the rows; Stop leaves that out.',
        ),
    });
  }

  /** Records why the run has ended, if something of it is on disk. */
  failed(message: string): void {
    const best = this.#best;
    // The message is shown to the user in any case.
    if (this.#saver.isSaved && best)
      this.#saver.tryToSave(() => this.#generation(best, { kind: 'failed', message }, null));
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
    const { engine, task } = this.#run;
    if (this.#predictor) this.#predictor.load(weights);
    else this.#predictor = engine.predict(task.architecture, weights);
    return this.#predictor;
  }

  /**
   * Saves the run. If it is cut short afterwards, it counts as stopped: the history on disk says how far it
   * came.
   */
  #save(status: RunStatus): void {
    const best = this.#best;
    if (!best) return;
    const { saved, note } = this.#saver.save(best.step, () => {
      this.#sample(best);
      return this.#generation(best, status, this.#checkpoint?.() ?? null);
    });
    if (note !== null) this.#note(this.#latest?.step ?? 0, note);
    if (saved) this.#listener.saved(this.#run.request.directory);
  }

  #generation(best: Kept, status: RunStatus, checkpoint: Checkpoint | null): Generation {
    const { request, task } = this.#run;
    const start = this.#start!;
    return {
      contents: manifestContents(this.#run, best, { parameters: start.parameters, finished: this.#finished }),
      weights: best.weights,
      mixture: this.#mixture,
      text: task.text,
      checkpoint,
      history: {
        title: request.title,
        date: this.#date,
        status,
        start,
        progress: this.#latest,
        points: this.#points,
      },
    };
  }

  /** Records what the network generates in this state, once per state. */
  #sample({ weights, step }: Checkpoint['best']): void {
    if (step === this.#sampledStep) return;
    this.#sampledStep = step;
    try {
      const sample = this.#run.task.sample(weights, () => this.#predictorOf(weights), {
        step,
        temperature: this.#controls.temperature,
        seed: step,
      });
      if (sample) this.#add({ ...emptyPoints(), samples: [sample] });
    } catch (error) {
      // A problem does not end the run.
      if (!(error instanceof Problem)) throw error;
      this.#note(step, error.message);
    }
  }

  #note(step: number, text: string): void {
    this.#add({ ...emptyPoints(), notes: [{ step, text }] });
  }

  #add(points: RunPoints): void {
    appendPoints(this.#points, points);
    if (this.#latest) this.#listener.progress(this.#latest, points);
  }
}
