// The interface of a task whose models fill in the rows of a document.
import type { Pause } from '../completion/stateCache/documentStates.ts';
import type { Passage, TagSpans } from '../protocol/inspector.ts';
import type { FilledRows, RowEvidence, RowRewritings, RowsPassage } from '../protocol/rows.ts';
import type { Classified } from './classify.ts';

export interface Filler {
  /**
   * Fills in the rows of a passage.
   * @param of whether the rows that have a value already are read, too
   * @throws Problem when nothing can be read
   */
  fill(passage: RowsPassage, of: 'missing' | 'all', pause: Pause): Promise<FilledRows>;
  /** Finds what spoke for the value of the first of the rows that are asked for; null where there is none. */
  evidence?(passage: RowsPassage): RowEvidence | null;
  /** Names the tags of the tokens of any text; missing where the model names classes of rows. */
  tags?(passage: Omit<Passage, 'key'>): TagSpans;
  /** Finds what may be written into the first of the rows that are asked for; null where it has no cell. */
  rewritings?(passage: RowsPassage): RowRewritings | null;
  dispose(): void;
}

/** The least probability of a value that is named, and the largest number of values. */
const least = 0.001;
const most = 8;

/** Returns whether a value is the beginning of one of these, and none of them itself. */
export const isBegun = (given: string, values: readonly string[]): boolean =>
  !values.includes(given) && values.some((each) => each.startsWith(given));

/**
 * Returns what is suggested of all values, the likeliest first. Where one is begun, those that go on from there,
 * however unlikely they are.
 * @param given what stands in the cell; empty where nothing does
 */
export function namedOf(ranked: readonly Classified[], given: string): readonly Classified[] {
  const values = ranked.map(({ label }) => label);
  const named =
    given !== '' && isBegun(given, values)
      ? ranked.filter(({ label }) => label.startsWith(given))
      : ranked.filter(({ probability }, rank) => rank === 0 || probability >= least);
  return named.slice(0, most);
}
