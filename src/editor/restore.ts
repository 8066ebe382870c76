// After a window reload: the history of the last run, for the panel.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSnapshot } from '../protocol/run.ts';
import type { Models } from './models.ts';
import type { Runs } from './runs.ts';

/** A model without a history that can be read is a model all the same. */
export async function restoreLastRun(models: Models, runs: Runs): Promise<void> {
  const [newest] = models.all;
  if (!newest || runs.snapshot) return;
  const history = await readFile(join(newest.directory, 'history.json'), 'utf8').catch(() => null);
  if (history !== null) runs.restore(ended(JSON.parse(history) as RunSnapshot));
}

/** What is under way on disk was cut short. */
function ended(run: RunSnapshot): RunSnapshot {
  if (run.status.kind === 'ended' || run.status.kind === 'failed') return run;
  const message = 'This run was cut short when its window closed. What it had learned until then is kept.';
  return { ...run, status: { kind: 'failed', message } };
}
