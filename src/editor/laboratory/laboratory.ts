// The parts that the commands about a cell share: the cell, its worker, and the view of the findings.
import { workspace } from 'vscode';
import type { Examination, Finding } from '../../protocol/laboratory.ts';
import type { StartWorker } from '../../protocol/port.ts';
import type { Documents } from '../language/documents.ts';
import type { LastText } from '../language/lastText.ts';
import type { Models } from '../models/models.ts';
import { say, withProgress } from '../ui/messages.ts';
import { examine } from '../workers/oneRequest.ts';
import type { ChosenCell } from './chosenCell.ts';
import type { Findings } from './findings.ts';
import type { Pictures } from './pictures.ts';

export interface Laboratory {
  readonly documents: Documents;
  readonly findings: Findings;
  readonly pictures: Pictures;
  readonly models: Models;
  /** The text that was active last, whose beginning is proposed. */
  readonly lastText: Pick<LastText, 'document'>;
  /** Starts the worker. */
  readonly start: StartWorker;
}

/**
 * Examines the cell with a progress that can be cancelled. Resolves to null if it was cancelled or failed;
 * the user is told of a failure.
 */
export async function examineCell(
  { start }: Laboratory,
  { document, cell }: ChosenCell,
  examination: Examination,
  title: string,
): Promise<Finding | null> {
  const request = {
    definition: document.getText(),
    source: workspace.asRelativePath(document.uri),
    cell: cell.name,
    examination,
  };
  try {
    return await withProgress(title, (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return examine(start, request, abort.signal);
    });
  } catch (error) {
    void say.error((error as Error).message);
    return null;
  }
}
