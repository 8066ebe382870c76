// Reads the sentences of a passage that is in the format that a model was trained on.
import { readTagged, widthOf } from '../../data/columns/readTagged.ts';
import type { Sentence } from '../../data/columns/taggedText.ts';
import { Problem } from '../../protocol/problem.ts';
import type { StoredTagging } from '../../protocol/task.ts';

/** The share of the lines of a passage that must fit, for it to be taken for a tagged text. */
const fittingShare = 0.75;

/** Returns the sentences of a passage; of a text that has none, why nothing can be written there. */
export function sentencesOf(
  text: string,
  { format, reads, writes, width }: StoredTagging,
): { readonly sentences: readonly Sentence[]; readonly problem: string | null } {
  try {
    const { sentences, misfits } = readTagged(text, format, { reads, writes, width });
    const tokens = sentences.flat();
    // Prose has more columns than a column file, and no tag behind a slash.
    const isAlike = width === null ? tokens.some(({ tag }) => tag !== null) : widthOf(text) <= width;
    const fits = tokens.length >= fittingShare * (tokens.length + misfits.length);
    if (isAlike && fits && tokens.length > 0) return { sentences, problem: null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { sentences: [], problem: error.message };
  }
  return {
    sentences: [],
    problem:
      'This has not the tokens and tags that the model was trained on: open a file of the same columns.',
  };
}
