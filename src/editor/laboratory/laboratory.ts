// What the commands about a cell need: the cell, the worker that examines it, and where its findings are shown.
import { workspace } from 'vscode';
import type { Examination, Finding } from '../../protocol/laboratory.ts';
import type { Documents } from '../language/documents.ts';
import { say, withProgress } from '../ui/messages.ts';
import { examine } from '../workers/laboratoryClient.ts';
import type { ChosenCell } from './chosenCell.ts';
import type { Findings } from './findings.ts';

export interface Laboratory {
  readonly documents: Documents;
  readonly findings: Findings;
  /** The worker's. */
  readonly script: string;
}

/** With a progress that can be cancelled. null where it was, or where it failed, which is said. */
export async function examineCell(
  { script }: Laboratory,
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
      return examine(script, request, abort.signal);
    });
  } catch (error) {
    void say.error((error as Error).message);
    return null;
  }
}
