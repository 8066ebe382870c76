// Reads an earlier run from its history on disk.
import { l10n } from 'vscode';
import type { RunSnapshot } from '../../protocol/run.ts';
import type { Processes } from '../../store/files.ts';
import { readHistory, readIsTrained } from './modelFiles.ts';

/** Returns null if there is no history that can be read; a model works without one. */
export async function readStoredRun(directory: string, processes: Processes): Promise<RunSnapshot | null> {
  // The lease is read first: a run that ends in between has its end in its history.
  const isTrained = await readIsTrained(directory, processes);
  const run = await readHistory(directory);
  return run && ended(run, isTrained);
}

/** Marks a run that is stored as under way as cut short, or as one that another window trains. */
function ended(run: RunSnapshot, isTrained: boolean): RunSnapshot {
  if (run.status.kind === 'ended' || run.status.kind === 'failed') return run;
  const message = l10n.t(
    'This run was cut short when its window closed. What it had learned until then is kept, and it can be continued.',
  );
  return { ...run, status: isTrained ? { kind: 'elsewhere' } : { kind: 'failed', message } };
}
