// What a run leaves while it lasts: on disk the best model so far, the checkpoint and the history; and what the network
// writes. Who listens hears of it.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type {
  Architecture,
  Engine,
  Predictor,
  TrainableNetwork,
  Weight,
  Weights,
} from '../backend/engine.ts';
import { learnMixture } from '../completion/company.ts';
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
import type { TrainRequest } from '../protocol/trainer.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { Controls } from '../training/controls.ts';
import type { Corpus } from '../training/corpus.ts';
import type { Plan } from '../training/plan.ts';
import { learnTail } from '../training/tail.ts';
import type { RunObserver, Trained } from '../training/trainer.ts';
import { version } from '../version.ts';
import { type Earlier, writeCheckpoint, writeHistory, writeModel } from './modelFolder.ts';
import { writeSample } from './sample.ts';
import { writeTokenizer } from './tokens.ts';

export interface RunListener {
  /** Also when it begins again: everything before is forgotten. */
  started(start: RunStart): void;
  paused(): void;
  resumed(): void;
  progress(progress: RunProgress, points: RunPoints): void;
  /** The best state so far is on disk. */
  saved(directory: string): void;
  ended(result: RunResult): void;
}

/** The run that is kept. */
export interface KeptRun {
  readonly request: TrainRequest;
  readonly plan: Plan;
  readonly corpus: Corpus;
  readonly engine: Engine;
  readonly architecture: Architecture;
  readonly start: Omit<RunStart, 'parameters'>;
}

/** Milliseconds between two checkpoints on disk: a run that is cut short loses no more than that. */
const checkpointInterval = 3000;

/** A long history takes its time to be written: that may be this share of the whole. */
const checkpointShare = 0.02;

export class Keeper implements RunObserver {
  readonly #run: KeptRun;
  readonly #controls: Controls;
  readonly #listener: RunListener;
  readonly #date: string;
  /** Where it goes on; rewound, it begins at the beginning. */
  #earlier: Earlier | null;
  #start: RunStart | null = null;
  #points = emptyPoints();
  #latest: RunProgress | null = null;
  #best: Checkpoint['best'] | null = null;
  #mixture: Weight | null;
  #finished = false;
  #checkpoint: (() => Checkpoint) | null = null;
  #saved = { step: -1, at: performance.now(), cost: 0 };
  #sampledStep = -1;
  #predictor: Predictor | null = null;

  constructor(run: KeptRun, controls: Controls, listener: RunListener, earlier: Earlier | null) {
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
    this.#best = earlier?.checkpoint.best ?? null;
    this.#finished = earlier?.finished ?? false;
    this.#saved.step = this.#best?.step ?? -1;
    this.#sampledStep = -1;
    this.#latest = null;
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
    this.#best = { weights, step, loss };
  }

  async ended({ weights, result }: Trained, network: TrainableNetwork): Promise<void> {
    const { corpus, plan } = this.#run;
    if (plan.model.direction === 'forward')
      // Where the network predicts no numbers, the weights of the mixture are the first ones.
      this.#mixture = await learnMixture(this.#predictorOf(weights), corpus, () => setImmediate()).catch(
        (error: unknown) => {
          this.#remark(result.bestStep, error);
          return null;
        },
      );
    this.#best = {
      // Who stops a run wants it to end.
      weights: result.end === 'stopped' ? weights : learnTail(corpus, plan.train, network, weights),
      step: result.bestStep,
      loss: result.validationLoss ?? Infinity,
    };
    // The tail and the mixture make another model of it.
    this.#saved.step = -1;
    this.#finished = true;
    this.#save({ kind: 'ended', result });
    this.#listener.ended(result);
  }

  /** Where something of the run is on disk, it says there why it has ended. */
  failed(message: string): void {
    if (this.#saved.step >= 0) this.#writeHistory({ kind: 'failed', message });
  }

  dispose(): void {
    this.#predictor?.dispose();
  }

  /** One for the whole run: each has a memory as large as the network. */
  #predictorOf(weights: Weights): Predictor {
    const { engine, architecture } = this.#run;
    if (this.#predictor) this.#predictor.load(weights);
    else this.#predictor = engine.predict(architecture, weights);
    return this.#predictor;
  }

  /** Cut short afterwards, the run is one that was stopped: the history on disk says how far it came. */
  #save(status: RunStatus): void {
    const best = this.#best;
    if (!best) return;
    const began = performance.now();
    const { directory } = this.#run.request;
    if (best.step !== this.#saved.step) this.#saveModel(best);
    this.#write(best);
    if (this.#checkpoint) writeCheckpoint(directory, this.#checkpoint());
    this.#writeHistory(status);
    const at = performance.now();
    this.#saved = { step: best.step, at, cost: at - began };
    this.#listener.saved(directory);
  }

  #writeHistory(status: RunStatus): void {
    const { directory, title } = this.#run.request;
    writeHistory(directory, {
      title,
      date: this.#date,
      status,
      start: this.#start,
      progress: this.#latest,
      points: this.#points,
    });
  }

  #saveModel({ weights, loss, step }: Checkpoint['best']): void {
    const { request, plan, corpus, engine } = this.#run;
    const { embedding, layers, tied, direction } = plan.model;
    writeModel(
      request.directory,
      {
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
        validationLoss: Number.isFinite(loss) ? loss : null,
        step,
      },
      weights,
      { text: corpus.text, mixture: this.#mixture },
    );
  }

  /** What the network writes in this state, once. */
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

  /** A problem that does not end the run becomes a note of it; everything else is thrown on. */
  #remark(step: number, error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    this.#add({ ...emptyPoints(), notes: [{ step, text: error.message }] });
  }

  #add(points: RunPoints): void {
    appendPoints(this.#points, points);
    if (this.#latest) this.#listener.progress(this.#latest, points);
  }
}
