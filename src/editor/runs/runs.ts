// The training runs of this window: at most one at a time, with its history for all views that show it.
import { commands, EventEmitter, l10n } from 'vscode';
import { contexts } from '../../contributions.ts';
import {
  appendPoints,
  defaultTemperature,
  emptyPoints,
  type RunCommand,
  type RunPoints,
  type RunPointsBuffer,
  type RunSnapshot,
  type RunStatus,
  type SamplePoint,
} from '../../protocol/run.ts';
import type { ContinueRequest, TrainerRequest, TrainRequest } from '../../protocol/trainer.ts';
import type { RunEvent, StartTrainer, TrainerClient } from '../workers/trainerClient.ts';

/** An update of the run; `points` are those since the last update. */
export interface RunUpdate {
  readonly snapshot: RunSnapshot;
  readonly points: RunPoints;
  /** Whether a new model has been written to disk. */
  readonly saved: boolean;
  /** Whether this is another run than before, or one that begins again. */
  readonly restarted: boolean;
}

const noPoints: RunPoints = emptyPoints();

export class Runs {
  readonly #startTrainer: StartTrainer;
  readonly #updates = new EventEmitter<RunUpdate>();
  readonly #discards = new EventEmitter<void>();
  readonly #starts = new EventEmitter<TrainRequest>();
  #trainer: TrainerClient | null = null;
  #snapshot: RunSnapshot | null = null;
  #directory: string | null = null;
  #uri: string | null = null;
  #points = emptyPoints();
  #temperature = defaultTemperature;
  #ended = Promise.withResolvers<RunStatus>();

  readonly onDidUpdate = this.#updates.event;
  /** Fires when a run on a text begins, with what was asked for. */
  readonly onDidStart = this.#starts.event;
  /** Fires when no run is shown any more. */
  readonly onDidDiscard = this.#discards.event;

  constructor(startTrainer: StartTrainer) {
    this.#startTrainer = startTrainer;
  }

  /** Whether a run is under way, including a paused one. */
  get running(): boolean {
    const kind = this.#snapshot?.status.kind;
    return this.live && (kind === 'starting' || kind === 'running' || kind === 'paused');
  }

  /** The temperature of the samples of this run and later ones. */
  get temperature(): number {
    return this.#temperature;
  }

  set temperature(value: number) {
    this.#temperature = value;
    this.#trainer?.temperature(value);
  }

  /** Whether there is a worker that accepts commands. */
  get live(): boolean {
    return this.#trainer !== null;
  }

  /** The snapshot of the current run, or of the last one; null if there was none. */
  get snapshot(): RunSnapshot | null {
    return this.#snapshot;
  }

  /** The folder of the model of the run that is shown; null before there is one. */
  get directory(): string | null {
    return this.#directory;
  }

  /** The URI of the text of a run that was started in this window; null for any other. */
  get uri(): string | null {
    return this.#uri;
  }

  /** Shows an earlier run. The last one cannot be continued after that. */
  show(snapshot: RunSnapshot, directory: string): void {
    void this.#trainer?.kill();
    this.#trainer = null;
    this.#directory = directory;
    this.#uri = null;
    this.#points = { ...emptyPoints(), ...(snapshot.points as RunPointsBuffer) };
    this.#snapshot = { ...snapshot, points: this.#points };
    this.#tellContexts();
    this.#fire(noPoints, { restarted: true });
  }

  /** Adds a sample that the model of the run that is shown has written on request. */
  add(sample: SamplePoint): void {
    if (!this.#snapshot) return;
    const points = { ...emptyPoints(), samples: [sample] };
    appendPoints(this.#points, points);
    this.#fire(points);
  }

  /** Starts a run. Settles when it has ended for the first time; it may be extended later. */
  start(request: TrainRequest): Promise<RunStatus> {
    return this.#begin({ type: 'train', request }, request.title, new Date().toISOString());
  }

  /** Continues a run on disk from its checkpoint; settles as `start` does. */
  continue(request: ContinueRequest, { title, date }: RunSnapshot): Promise<RunStatus> {
    return this.#begin({ type: 'continue', request }, title, date);
  }

  async #begin(request: TrainerRequest, title: string, date: string): Promise<RunStatus> {
    // Another caller that waited for the same end may have started a run in the meantime.
    while (this.running) await this.stop();
    void this.#trainer?.kill();
    this.#points = emptyPoints();
    this.#ended = Promise.withResolvers();
    this.#directory = request.request.directory;
    this.#uri = request.type === 'train' ? request.request.uri : null;
    this.#snapshot = {
      title,
      date,
      status: { kind: 'starting' },
      start: null,
      progress: null,
      points: this.#points,
    };
    this.#fire(noPoints, { restarted: true });
    const trainer = this.#startTrainer(request, (event) => {
      if (this.#trainer === trainer) this.#hear(event);
    });
    this.#trainer = trainer;
    trainer.temperature(this.#temperature);
    this.#tellContexts();
    if (request.type === 'train') this.#starts.fire(request.request);
    void trainer.ended.then(() => {
      if (this.#trainer !== trainer) return;
      this.#trainer = null;
      this.#tellContexts();
      this.#fire(noPoints);
    });
    return this.#ended.promise;
  }

  /** Sends a command to the current run, or to the last one while its worker exists. */
  send(command: RunCommand): void {
    this.#trainer?.send(command);
  }

  /** Ends the current run, which keeps what it has learned; settles when it has ended. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.send({ type: 'stop' });
    await this.#ended.promise;
  }

  /** Ends the current run at once and shows none, because what it has learned will be deleted. */
  async discard(): Promise<void> {
    const trainer = this.#trainer;
    this.#trainer = null;
    this.#directory = null;
    this.#snapshot = null;
    this.#points = emptyPoints();
    this.#tellContexts();
    this.#discards.fire();
    // The worker writes no more files once it is killed.
    await trainer?.kill();
    this.#ended.resolve({ kind: 'failed', message: l10n.t('The run was deleted.') });
  }

  dispose(): void {
    const trainer = this.#trainer;
    this.#trainer = null;
    void trainer?.kill();
    this.#updates.dispose();
    this.#discards.dispose();
    this.#starts.dispose();
  }

  #hear(event: RunEvent): void {
    if (!this.#snapshot) return;
    switch (event.type) {
      case 'started':
        this.#points = emptyPoints();
        this.#become({ kind: 'running' }, { start: event.start, progress: null, points: this.#points });
        this.#fire(noPoints, { restarted: true });
        return;
      case 'paused':
        this.#become({ kind: 'paused' });
        this.#fire(noPoints);
        return;
      case 'resumed':
        this.#become({ kind: 'running' });
        this.#fire(noPoints);
        return;
      case 'progress':
        appendPoints(this.#points, event.points);
        this.#snapshot = { ...this.#snapshot, progress: event.progress };
        this.#fire(event.points);
        return;
      case 'saved':
        this.#fire(noPoints, { saved: true });
        return;
      case 'done':
        this.#become({ kind: 'ended', result: event.result });
        this.#fire(noPoints, { saved: true });
        this.#ended.resolve(this.#snapshot.status);
        return;
      case 'failed':
        this.#become({ kind: 'failed', message: event.message });
        this.#fire(noPoints);
        this.#ended.resolve(this.#snapshot.status);
        return;
    }
  }

  #become(status: RunStatus, more: Partial<RunSnapshot> = {}): void {
    if (this.#snapshot?.status.kind === 'ended') this.#ended = Promise.withResolvers<RunStatus>();
    this.#snapshot = { ...this.#snapshot!, ...more, status };
    this.#tellContexts();
  }

  #tellContexts(): void {
    const kind = this.#snapshot?.status.kind;
    const tell = (name: string, value: boolean) => void commands.executeCommand('setContext', name, value);
    tell(contexts.training, this.running);
    tell(contexts.paused, this.running && kind === 'paused');
    tell(
      contexts.extendable,
      kind !== 'starting' && kind !== 'elsewhere' && this.#snapshot?.progress != null,
    );
    tell(contexts.rewindable, this.live && kind !== 'starting');
  }

  #fire(points: RunPoints, { saved = false, restarted = false } = {}): void {
    this.#updates.fire({ snapshot: this.#snapshot!, points, saved, restarted });
  }
}
