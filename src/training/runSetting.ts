// The setting of a training run, and the observer that it reports to.
import type { Architecture, Engine, TrainableNetwork, Weights } from '../backend/engine.ts';
import type { Dataset, ProbedRow } from '../data/dataset.ts';
import type { ModelOptions, TrainOptions } from '../language/options/options.ts';
import type { ProbePoint, RunPoints, RunProgress, RunResult } from '../protocol/run.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Controls } from './controls.ts';
import type { MeasuredMetric } from './measure.ts';

/** The observer is told of all that happens in a run. */
export interface RunObserver {
  /** Called with the number of trained parameters when the run begins, and again when it is rewound. */
  started(parameters: number): void;
  paused(): void;
  /** Called after a pause, and after an end that was not the last. */
  resumed(): void;
  /**
   * Called after every update. `points` are what has been measured since the last call; `checkpoint` copies
   * the current state of the run, whenever it is called.
   */
  progress(progress: RunProgress, points: RunPoints, checkpoint: () => Checkpoint): void;
  /** Called when a state is better than the best one so far. */
  improved(best: Checkpoint['best']): void;
  /**
   * Called when the run has ended; a command may still let it go on. No command is obeyed before the promise
   * has settled.
   */
  ended(trained: Trained, network: TrainableNetwork): Promise<void>;
}

/** Everything that a run needs. */
export interface RunSetting {
  readonly dataset: Dataset;
  /** The metric that the run is judged by; null where that is the validation loss. */
  readonly metric: MeasuredMetric | null;
  readonly architecture: Architecture;
  readonly model: Pick<ModelOptions, 'dropout'>;
  readonly options: TrainOptions;
  readonly engine: Engine;
  /** The initial weights, from which a run without a checkpoint begins. */
  readonly weights: Weights;
  /** A note of the run, which says what happened before it began. */
  readonly note?: string;
  /**
   * The state in which an earlier run on the same data ended or was cut short; null begins at the beginning.
   */
  readonly checkpoint: Checkpoint | null;
  /** The probe of the network; null where there is none. */
  readonly probe: {
    /** The most tokens of a row. */
    readonly steps: number;
    /** Measures a network on a row. */
    look(weights: Weights, row: ProbedRow): Omit<ProbePoint, 'step' | 'seconds'>;
    /** Called when the run has ended: it may go on later, but what is done at its end takes memory too. */
    rest(): void;
  } | null;
  readonly observer: RunObserver;
  readonly controls: Controls;
  /** Lets messages be received between two updates. */
  readonly breathe: () => Promise<void>;
  /** Returns the time in milliseconds, by the clock of the budget. */
  readonly now: () => number;
  /** The milliseconds of the budget that are spent before the first update. */
  readonly spent?: number;
}

/** A run that has ended. */
export interface Trained {
  readonly result: RunResult;
  /** The best state. */
  readonly best: Checkpoint['best'];
  /** The learning rate at the end, before warm-up and decay: what the user set, and what setbacks have left of it. */
  readonly learningRate: number;
  /** The clipping threshold at the end, for the gradients' global norm; Infinity does not clip. */
  readonly clip: number;
}
