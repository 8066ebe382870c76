import type { Misfit } from '../../data/table/table.ts';

/** A file that a model is applied to. */
export interface Document {
  /** The name of the file, for messages. */
  readonly file: string;
  readonly source: string;
}

/** A file with what a model has filled in. */
export interface Applied {
  readonly text: string;
  /** Says what was filled in, and what was not. */
  readonly sentence: string;
}

/** The number of lines that do not fit that are named. */
const named = 5;

/** Returns sentences on the first lines that do not fit. */
export const firstMisfits = (misfits: readonly Misfit[]): string[] =>
  misfits.slice(0, named).map(({ line, message }) => `Line ${line}: ${message}`);

export const counted = (count: number, one: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : `${one}s`}`;
