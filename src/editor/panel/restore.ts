// Restores an earlier run, whose history is on disk beside the model.
import { Disposable, type Memento } from 'vscode';
import type { Processes } from '../../store/files.ts';
import type { Models } from '../models/models.ts';
import { readStoredRun } from '../models/storedRun.ts';
import type { Runs } from '../runs/runs.ts';

const key = 'shown';

/**
 * Shows the run that was shown before a window reload, or else the newest; and a run that another window has trained once
 * more when that has ended.
 */
export function keepShown(models: Models, runs: Runs, memento: Memento, processes: Processes): Disposable {
  return Disposable.from(
    runs.onDidUpdate(({ restarted }) => {
      if (restarted) void memento.update(key, runs.directory);
    }),
    runs.onDidDiscard(() => memento.update(key, undefined)),
    models.onDidChange(async () => {
      const { directory: before, snapshot } = runs;
      if (snapshot && (snapshot.status.kind !== 'elsewhere' || models.isTrained(before!))) return;
      const shown = snapshot ? before : memento.get<string>(key);
      const model =
        models.all.find(({ directory }) => directory === shown) ?? (snapshot ? null : models.all[0]);
      const run = model && (await readStoredRun(model.directory, processes));
      if (run && runs.snapshot === snapshot) runs.show(run, model.directory);
    }),
  );
}
