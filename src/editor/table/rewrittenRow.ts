// Chooses what is written for a row where a selection is rewritten. It does not import VS Code, so that it can be tested without
// it.
import type { FilledRow, Stretch } from '../../protocol/rows.ts';

export interface Rewritten extends Stretch {
  readonly text: string;
  readonly probability: number;
  /** The characters of the row that the training never saw. */
  readonly unseen: readonly string[];
}

/**
 * Returns what is written for a row: into its cell where it has one, and otherwise over its text.
 * @param text the place of the text
 */
export function rewrittenRow({ candidates: [best], cell, unseen = [] }: FilledRow, text: Stretch): Rewritten {
  const { from, to } = cell ?? text;
  return {
    from: { line: from.line, character: from.character },
    to: { line: to.line, character: to.character },
    text: best.text,
    probability: best.probability ?? 0,
    unseen,
  };
}
