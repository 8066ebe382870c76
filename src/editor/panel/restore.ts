// Restores an earlier run, whose history is on disk beside the model.
import { Disposable, type Memento } from 'vscode';
import type { Models } from '../models/models.ts';
import { readStoredRun } from '../models/storedRun.ts';
import type { Runs } from '../runs/runs.ts';

const key = 'shown';

/** Shows the run that was shown before a window reload, or else the newest. */
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
      const run = model && (await readStoredRun(model.directory));
      if (run && !runs.snapshot) runs.show(run, model.directory);
    }),
  );
}
