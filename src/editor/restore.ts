// Runs of earlier: their history is on disk, beside the model.
import { Disposable, l10n, type Memento } from 'vscode';
import type { RunSnapshot } from '../protocol/run.ts';
import { readHistory } from './modelFiles.ts';
import type { Models } from './models.ts';
import type { Runs } from './runs.ts';

const key = 'shown';

/** Shows, after a window reload, the run that was shown before it, or else the newest. */
export function keepShown(models: Models, runs: Runs, memento: Memento): Disposable {
  return Disposable.from(
    runs.onDidUpdate(({ restarted }) => {
      if (restarted) void memento.update(key, runs.directory);
    }),
    runs.onDidDiscard(() => memento.update(key, undefined)),
    models.onDidChange(async () => {
      if (runs.snapshot) return;
      const shown = memento.get<string>(key);
      const model = models.all.find(({ directory }) => directory === shown) ?? models.all[0];
      const run = model && (await readRun(model.directory));
      if (run && !runs.snapshot) runs.show(run, model.directory);
    }),
  );
}

/** null where there is no history that can be read: a model is one without it too. */
export async function readRun(directory: string): Promise<RunSnapshot | null> {
  const run = await readHistory(directory);
  return run && ended(run);
}

/** What is under way on disk was cut short. */
function ended(run: RunSnapshot): RunSnapshot {
  if (run.status.kind === 'ended' || run.status.kind === 'failed') return run;
  const message = l10n.t(
    'This run was cut short when its window closed. What it had learned until then is kept, and it can be continued.',
  );
  return { ...run, status: { kind: 'failed', message } };
}
