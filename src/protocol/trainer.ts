// Host ↔ training worker. A run ends in one of `done` and `failed`. After `done` the worker waits, with all that it
// knows, for a command to go on (`resumed` tells that it does) or for `close`.
import type { RunCommand, RunPoints, RunProgress, RunResult, RunStart } from './run.ts';

export interface TrainRequest {
  /** The text; where there are several (files, a notebook's cells), they are parted from one another. */
  readonly documents: readonly string[];
  /** What a user knows the text by: a path or a title. */
  readonly source: string;
  /** What a user knows the run by: the text, and the cell where it is one of their own. */
  readonly title: string;
  /** null for a text from nowhere in particular. */
  readonly uri: string | null;
  /** A glob: the text is files below the folder `uri`, and the model is theirs. null: it is `uri` itself. */
  readonly pattern: string | null;
  /** Of the whole source; the documents may be its last part. */
  readonly sourceCharacters: number;
  /** What of the source is not in the documents, and why; sentences. */
  readonly remarks: readonly string[];
  /** Where the model is kept. */
  readonly directory: string;
  readonly languageId: string;
  /** The user's settings by name without the prefix (`train.k1`), as they stand: the worker checks them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Text of the `.rnn` file to train with; what it says goes before the settings. null: settings alone. */
  readonly definition: string | null;
  /** Which of its cells is meant; null: what the file says, else its last one. */
  readonly cell: string | null;
  /** One of several runs that differ in their cells alone. */
  readonly compared?: boolean;
}

/** A run on disk that is to go on. */
export interface ContinueRequest {
  readonly directory: string;
  /** Those of the engine: all others stay as they were. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export type HostToTrainer =
  | { readonly type: 'train'; readonly request: TrainRequest }
  | { readonly type: 'continue'; readonly request: ContinueRequest }
  | { readonly type: 'control'; readonly command: RunCommand }
  /** Of the samples from now on. */
  | { readonly type: 'temperature'; readonly value: number }
  /** No command will come any more. */
  | { readonly type: 'close' };

export type TrainerToHost =
  /** Also when it begins again: everything before is forgotten. */
  | { readonly type: 'started'; readonly start: RunStart }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'progress'; readonly progress: RunProgress; readonly points: RunPoints }
  /** The best state so far is on disk. */
  | { readonly type: 'saved'; readonly directory: string }
  | { readonly type: 'done'; readonly result: RunResult; readonly directory: string }
  | { readonly type: 'failed'; readonly message: string };
