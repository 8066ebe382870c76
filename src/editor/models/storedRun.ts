// Reads an earlier run from its history on disk.
import { l10n } from 'vscode';
import type { RunSnapshot } from '../../protocol/run.ts';
import { readHistory } from './modelFiles.ts';

/** Returns null if there is no history that can be read; a model works without one. */
export async function readStoredRun(directory: string): Promise<RunSnapshot | null> {
  const run = await readHistory(directory);
  return run && ended(run);
}

/** Marks a run that is stored as under way as cut short. */
function ended(run: RunSnapshot): RunSnapshot {
  if (run.status.kind === 'ended' || run.status.kind === 'failed') return run;
  const message = l10n.t(
    'This run was cut short when its window closed. What it had learned until then is kept, and it can be continued.',
  );
  return { ...run, status: { kind: 'failed', message } };
}
