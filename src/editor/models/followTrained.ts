// Follows the models that are trained in another window or on the command line. VS Code does not say when that ends, so the
// models are read again from time to time until then.
import { Disposable } from 'vscode';
import { renewalInterval } from '../../store/lease.ts';
import type { Runs } from '../runs/runs.ts';
import type { Models } from './models.ts';

export function followTrained(models: Models, runs: Runs): Disposable {
  let timer: NodeJS.Timeout | undefined;
  return Disposable.from(
    // The models were read while the run of this window held its folder.
    runs.onDidUpdate(({ snapshot: { status } }) => {
      if (status.kind === 'failed' && models.isTrained(runs.directory!)) void models.refresh();
    }),
    models.onDidChange(() => {
      clearTimeout(timer);
      const isElsewhere = models.all.some(
        ({ directory }) => models.isTrained(directory) && !(runs.running && runs.directory === directory),
      );
      if (isElsewhere) timer = setTimeout(() => void models.refresh(), renewalInterval);
    }),
    new Disposable(() => clearTimeout(timer)),
  );
}
