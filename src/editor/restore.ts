// Runs of earlier: their history is on disk, beside the model.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { l10n } from 'vscode';
import { emptyPoints, type RunSnapshot } from '../protocol/run.ts';
import type { Models } from './models.ts';
import type { Runs } from './runs.ts';

/** After a window reload, for the panel. */
export async function restoreLastRun(models: Models, runs: Runs): Promise<void> {
  const [newest] = models.all;
  if (!newest || runs.snapshot) return;
  const run = await readRun(newest.directory);
  if (run && !runs.snapshot) runs.show(run, newest.directory);
}

/** null where there is no history that can be read: a model is one without it too. */
export async function readRun(directory: string): Promise<RunSnapshot | null> {
  try {
    const run = JSON.parse(await readFile(join(directory, 'history.json'), 'utf8')) as RunSnapshot;
    return ended({ ...run, date: run.date ?? '', points: { ...emptyPoints(), ...run.points } });
  } catch {
    return null;
  }
}

/** What is under way on disk was cut short. */
function ended(run: RunSnapshot): RunSnapshot {
  if (run.status.kind === 'ended' || run.status.kind === 'failed') return run;
  const message = l10n.t(
    'This run was cut short when its window closed. What it had learned until then is kept, and it can be continued.',
  );
  return { ...run, status: { kind: 'failed', message } };
}
