// The training runs of this window: at most one at a time, with its history for whoever shows it.
import { commands, EventEmitter } from 'vscode';
import { contexts } from '../contributions.ts';
import {
  appendPoints,
  emptyPoints,
  type RunPoints,
  type RunSnapshot,
  type RunStatus,
} from '../protocol/run.ts';
import type { TrainerToHost, TrainRequest } from '../protocol/trainer.ts';
import { startTrainer, type TrainerClient } from './trainerClient.ts';

/** What happened: `points` are new since the last event. */
export interface RunUpdate {
  readonly snapshot: RunSnapshot;
  readonly points: RunPoints;
  /** The model on disk is new. */
  readonly saved: boolean;
  /** Another run than before. */
  readonly restarted: boolean;
}

const noPoints: RunPoints = emptyPoints();

export class Runs {
  readonly #script: string;
  readonly #updates = new EventEmitter<RunUpdate>();
  #trainer: TrainerClient | null = null;
  #snapshot: RunSnapshot | null = null;
  #points = emptyPoints();

  readonly onDidUpdate = this.#updates.event;

  constructor(script: string) {
    this.#script = script;
  }

  get running(): boolean {
    return this.#trainer !== null;
  }

  /** Of the current run, or the last one. */
  get snapshot(): RunSnapshot | null {
    return this.#snapshot;
  }

  /** A run of an earlier session, to be shown until there is a new one. */
  restore(snapshot: RunSnapshot): void {
    if (this.#snapshot) return;
    this.#snapshot = snapshot;
    this.#updates.fire({ snapshot, points: noPoints, saved: false, restarted: true });
  }

  /** Starts a run; settles when it has ended. */
  async start(request: TrainRequest): Promise<RunStatus> {
    await this.stop();
    this.#points = emptyPoints();
    this.#snapshot = {
      title: request.title,
      status: { kind: 'starting' },
      start: null,
      progress: null,
      points: this.#points,
    };
    this.#fire(noPoints, { restarted: true });
    this.#trainer = startTrainer(this.#script, request, (message) => this.#hear(message));
    void commands.executeCommand('setContext', contexts.training, true);
    await this.#trainer.ended;
    this.#trainer = null;
    void commands.executeCommand('setContext', contexts.training, false);
    return this.#snapshot.status;
  }

  /** Ends the current run, which keeps what it has learned; settles when it has ended. */
  async stop(): Promise<void> {
    this.#trainer?.stop();
    await this.#trainer?.ended;
  }

  dispose(): void {
    void this.#trainer?.kill();
    this.#updates.dispose();
  }

  #hear(message: TrainerToHost): void {
    if (!this.#snapshot) return;
    switch (message.type) {
      case 'started':
        this.#snapshot = { ...this.#snapshot, start: message.start, status: { kind: 'running' } };
        this.#fire(noPoints, { restarted: true });
        return;
      case 'progress':
        appendPoints(this.#points, message.points);
        this.#snapshot = { ...this.#snapshot, progress: message.progress };
        this.#fire(message.points);
        return;
      case 'saved':
        this.#fire(noPoints, { saved: true });
        return;
      case 'done':
        this.#snapshot = { ...this.#snapshot, status: { kind: 'ended', result: message.result } };
        this.#fire(noPoints, { saved: true });
        return;
      case 'failed':
        this.#snapshot = { ...this.#snapshot, status: { kind: 'failed', message: message.message } };
        this.#fire(noPoints);
        return;
    }
  }

  #fire(points: RunPoints, { saved = false, restarted = false } = {}): void {
    this.#updates.fire({ snapshot: this.#snapshot!, points, saved, restarted });
  }
}
