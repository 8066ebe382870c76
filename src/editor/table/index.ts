// Registers what the editor does with documents of rows: a table whose empty cells a model fills in, or which it continues. It is
// a bundle of its own, which is loaded when the first such document needs it. It asks what a model can do, and not what
// it was trained for, so that it serves every task that fills in rows.
import {
  type Hover,
  type HoverProvider,
  type InlineCompletionItem,
  type InlineCompletionItemProvider,
  type TextDocument,
  window,
} from 'vscode';
import type { SourceText } from '../runs/trainingText.ts';
import { type ChosenTask, chooseTask } from './chooseTask.ts';
import { suggestRows } from './continuation.ts';
import { ExpectedNumbers } from './expectedNumbers.ts';
import { fillColumn } from './fillColumn.ts';
import { Labels } from './labels.ts';
import { NewLabels } from './newLabels.ts';
import type { TableParts } from './parts.ts';
import { rewriteSelection } from './rewriteSelection.ts';
import { hoverRewriting } from './rewritingHover.ts';
import { showRows } from './showRows.ts';
import { suggestInCell } from './suggestions.ts';
import { WrongRows } from './wrongRows.ts';

type Asked = Parameters<InlineCompletionItemProvider['provideInlineCompletionItems']>;

export interface TableFeatures {
  chooseTask(source: SourceText, definition: string | null): Promise<ChosenTask>;
  suggest(...asked: Asked): Promise<InlineCompletionItem[]>;
  fillColumn(): Promise<void>;
  rewriteSelection(): Promise<void>;
  /** Says what a model that rewrites would write into the row; null where there is none. */
  hover(...asked: Parameters<HoverProvider['provideHover']>): Promise<Hover | null>;
  /** @param hide whether to hide what is shown, whichever text is active; the status bar item passes true */
  showLabels(hide?: boolean): Promise<void>;
  /** Leads to the rows on these lines, from 1, of the file that a model was trained on. */
  showRows(directory: string, lines: readonly number[]): Promise<void>;
  /** Shows the wrong rows of a document that was trained on as rows. */
  watch(document: TextDocument): void;
  dispose(): void;
}

export function createTable(parts: TableParts): TableFeatures {
  const labels = new Labels(parts);
  const newLabels = new NewLabels(parts.models);
  const wrongRows = new WrongRows(parts);
  const expectedNumbers = new ExpectedNumbers(parts);
  return {
    async chooseTask(source, definition) {
      const chosen = await chooseTask(parts, source, definition);
      for (const { document } of window.visibleTextEditors) wrongRows.look(document);
      return chosen;
    },
    async suggest(...asked) {
      const inCell = await suggestInCell(parts, ...asked);
      return inCell.length > 0 ? inCell : suggestRows(parts, ...asked);
    },
    fillColumn: () => fillColumn(parts),
    hover: (...asked) => hoverRewriting(parts, ...asked),
    rewriteSelection: () => rewriteSelection(parts),
    showLabels: (hide) => labels.toggle(hide),
    showRows: (directory, lines) => showRows(parts, directory, lines),
    watch: (document) => wrongRows.look(document),
    dispose() {
      labels.dispose();
      newLabels.dispose();
      wrongRows.dispose();
      expectedNumbers.dispose();
    },
  };
}
