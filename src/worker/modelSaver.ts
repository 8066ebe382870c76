// Saves a run from time to time, so that little is lost when it is cut short. What cannot be written stays in
// memory until the next attempt.
import { reasonOf } from '../store/fileProblem.ts';
import { type FileError, isFileError } from '../store/files.ts';
import type { Generation, ModelWriter } from '../store/modelWriter.ts';

/** The milliseconds between two checkpoints on disk; a run that is cut short loses no more than that. */
const checkpointInterval = 3000;

/** The share of the time that saving may take: a long history takes its time to be written. */
const checkpointShare = 0.02;

/** Saves the generations of one run, and knows what of it is on disk. */
export class ModelSaver {
  readonly #writer: ModelWriter;
  readonly #directory: string;
  /** The step of the model on disk; -1 where nothing of this run is on disk. */
  #step = -1;
  /** The time of the last attempt to save, and the milliseconds that it took. */
  #at = performance.now();
  #cost = 0;
  /** The error of the last attempt to save; null where it succeeded. */
  #error: FileError | null = null;

  /** @param writer the writer of the run's folder, which has been prepared */
  constructor(writer: ModelWriter, directory: string) {
    this.#writer = writer;
    this.#directory = directory;
  }

  /** Begins again with a run of which this step is on disk, or -1. */
  begin(step: number): void {
    this.#step = step;
  }

  /** Whether it is time for a checkpoint. */
  get isDue(): boolean {
    return performance.now() - this.#at > Math.max(checkpointInterval, this.#cost / checkpointShare);
  }

  /** Whether the state of this run that is on disk is the last one that was to be saved. */
  get isSaved(): boolean {
    return this.#step >= 0 && !this.#error;
  }

  /**
   * Saves a state.
   * @param generation makes what is written, within the time that saving takes
   * @returns whether that succeeded, and a sentence if the last attempt ended otherwise
   */
  save(step: number, generation: () => Generation): { saved: boolean; note: string | null } {
    const began = performance.now();
    const before = this.#error;
    this.#error = this.#try(generation);
    if (!this.#error) this.#step = step;
    this.#at = performance.now();
    this.#cost = this.#at - began;
    if (!this.#error) return { saved: true, note: before ? 'The model can be kept again.' : null };
    if (before) return { saved: false, note: null };
    return {
      saved: false,
      note: `The model could not be kept: ${reasonOf(this.#error)}. The training goes on, and tries again. ${this.#whatIsKept}`,
    };
  }

  /** Saves a state if that can be done, without a word where it cannot. */
  tryToSave(generation: () => Generation): void {
    this.#try(generation);
  }

  /** A sentence for a run that has ended without being saved; null where it is saved. */
  get problem(): string | null {
    return this.#error
      ? `The training has ended, but its model could not be kept: ${reasonOf(this.#error)}. ${this.#whatIsKept}`
      : null;
  }

  #try(generation: () => Generation): FileError | null {
    try {
      this.#writer.write(generation());
      return null;
    } catch (error) {
      if (!isFileError(error)) throw error;
      return error;
    }
  }

  get #whatIsKept(): string {
    if (this.#step >= 0)
      return `What is in ${this.#directory} is the state of step ${this.#step.toLocaleString('en')}.`;
    return this.#writer.hasModel
      ? `The model that was in ${this.#directory} before is as it was.`
      : 'Nothing of this run has been kept.';
  }
}
