// The training worker does one run. A run ends with the event `done`, or its request fails. After `done` the
// worker keeps its state and waits for a command to continue (it then says `resumed`) or for `close`.
import { messageTypes } from './message.ts';
import type { RunCommand, RunPoints, RunProgress, RunResult, RunStart } from './run.ts';
import type { TaskChoice } from './task.ts';

/** A file in UTF-8 that the worker reads from disk. */
export interface FileDocument {
  /** The absolute path. */
  readonly path: string;
  /** Whether it is trained on although it holds private keys; by default, it is not. */
  readonly withKeys?: boolean;
}

/** A text to train on: itself, or the file that it is in, so that a long one need not be in the host's memory. */
export type TrainingDocument = string | FileDocument;

export interface TrainRequest {
  /** The texts, such as files or a notebook's cells, which are separated from one another. */
  readonly documents: readonly TrainingDocument[];
  /** The name by which a user knows the text: a path or a title. */
  readonly source: string;
  /** The name by which a user knows the run: the text, and the cell if it is one of their own. */
  readonly title: string;
  /** The URI of the text; null if it has none. */
  readonly uri: string | null;
  /**
   * A glob if the text is files below the folder `uri`, which the model belongs to; null if the text is `uri`
   * itself.
   */
  readonly pattern: string | null;
  /** Sentences that say what of the source is not in the documents, and why. */
  readonly remarks: readonly string[];
  /** The folder in which the model is kept. */
  readonly directory: string;
  readonly languageId: string;
  /** The user's settings by name without the prefix (`train.k1`), unchecked; the worker checks them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * The text of the `.rnn` file to train with, whose options override the settings; null for the settings
   * alone.
   */
  readonly definition: string | null;
  /** Values of the command line, by the names of settings, which override the `.rnn` file; unchecked, too. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The name of the cell to train; null for the one that the file names, else its last one. */
  readonly cell: string | null;
  /** The task; by default that of the `.rnn` file, else a language model. */
  readonly task?: TaskChoice;
  /** The folder of the earlier model of a table with whose weights the run begins; by default, it begins anew. */
  readonly begins?: string;
  /** Whether the run is one of several that differ only in their cells. */
  readonly compared?: boolean;
}

/** A request to continue a run on disk. */
export interface ContinueRequest {
  readonly directory: string;
  /** The settings of the engine; all others stay as they were. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The documents of a long text, of which only the end is kept with the model. */
  readonly documents?: readonly TrainingDocument[];
}

/** The way in which the host has started the worker, and why it has started it again. */
export interface Circumstances {
  /**
   * The reason for doing without wide vectors; null where the worker's process was started for them. Where it
   * is absent, they are used only if the settings ask for them.
   */
  readonly withoutWide?: string | null;
  /** A note of the run, which says what happened before. */
  readonly note?: string;
}

/** A request to the training worker: a new run, or a run on disk to continue. */
export type TrainerRequest = Circumstances &
  (
    | { readonly type: 'train'; readonly request: TrainRequest }
    | { readonly type: 'continue'; readonly request: ContinueRequest }
  );

export type TrainerNotice =
  | { readonly type: 'control'; readonly command: RunCommand }
  /** Sets the temperature of the samples from now on. */
  | { readonly type: 'temperature'; readonly value: number }
  /** Says that no more commands will come. */
  | { readonly type: 'close' };

export type TrainerEvent =
  /**
   * The run begins. The event comes again when the run starts over, and everything before is then void.
   */
  | { readonly type: 'started'; readonly start: RunStart }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'progress'; readonly progress: RunProgress; readonly points: RunPoints }
  /** Says that the best state so far is on disk. */
  | { readonly type: 'saved'; readonly directory: string }
  | { readonly type: 'done'; readonly result: RunResult; readonly directory: string };

/** The request is answered when the run has ended and no more commands will come. */
export interface TrainerService {
  readonly request: TrainerRequest;
  readonly answer: null;
  readonly part: never;
  readonly notice: TrainerNotice;
  readonly event: TrainerEvent;
}

export const trainerNotices = messageTypes<TrainerNotice>()('control', 'temperature', 'close');

export const trainerEvents = messageTypes<TrainerEvent>()(
  'started',
  'paused',
  'resumed',
  'progress',
  'saved',
  'done',
);
