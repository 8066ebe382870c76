// Sentences of tokens, each with a tag or none, as they are read from any format of tagged text.
import type { Misfit } from '../table/table.ts';

/** The span of a token's tag in the lines of the normalised text. */
export interface TagSpan {
  /** The number of the line, from 1. */
  readonly line: number;
  /** The offset in the line at which the tag stands or is to stand. */
  readonly from: number;
  readonly to: number;
  /** The text to write before a missing tag, such as the separator of two columns. */
  readonly before: string;
}

export interface TaggedToken {
  readonly form: string;
  /** The offset in its line at which the form begins. */
  readonly from: number;
  /** The tag; null where it is missing. */
  readonly tag: string | null;
  readonly span: TagSpan;
}

/** The tokens of a sentence, of which there is at least one. */
export type Sentence = readonly TaggedToken[];

export interface TaggedText {
  readonly sentences: readonly Sentence[];
  /** The lines that do not fit. A sentence with such a line is left out as a whole. */
  readonly misfits: readonly Misfit[];
  /** The number of sentences that are left out. */
  readonly skipped: number;
}

/** Returns the text of a sentence, with a space between two tokens. */
export const textOf = (sentence: Sentence): string => sentence.map(({ form }) => form).join(' ');

/** Leaves out the sentences that have a token, null, that does not fit. */
export function wholeSentences(
  read: readonly (readonly (TaggedToken | null)[])[],
): Pick<TaggedText, 'sentences' | 'skipped'> {
  const sentences = read.filter((tokens) => !tokens.includes(null)) as Sentence[];
  return { sentences, skipped: read.length - sentences.length };
}
