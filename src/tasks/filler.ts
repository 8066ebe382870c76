// What a task brings whose models fill in the rows of a document.
import type { Pause } from '../completion/stateCache/documentStates.ts';
import type { FilledRows, RowsPassage } from '../protocol/rows.ts';

export interface Filler {
  /**
   * Fills in the rows of a passage.
   * @param of whether the rows that have a value already are read, too
   * @throws Problem when nothing can be read
   */
  fill(passage: RowsPassage, of: 'missing' | 'all', pause: Pause): Promise<FilledRows>;
  dispose(): void;
}
