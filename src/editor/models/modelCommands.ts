// The commands of the view on a model that is there: what they need is loaded when one is called.
import { commands, l10n, Uri, workspace } from 'vscode';
import type { RunSnapshot } from '../../protocol/run.ts';
import type { Processes } from '../../store/files.ts';
import { trainedFor } from '../../store/trainedFor.ts';
import type { startTraining, Training } from '../runs/train.ts';
import { say } from '../ui/messages.ts';
import { inputLine } from '../ui/quickInput.ts';
import type { Choices } from './choices.ts';
import { readIsTrained } from './modelFiles.ts';
import { nameOf } from './modelName.ts';
import type { Model } from './models.ts';
import type { ModelsViewParts } from './modelsViewParts.ts';
import { readStoredRun } from './storedRun.ts';

/** Shows a run in the panel, unless another one is under way. */
export async function showRun(model: Model, { runs, panel, processes }: Training): Promise<void> {
  if (runs.running && runs.directory !== model.directory) {
    void say.information(
      l10n.t(
        'The training on {0} is under way. When it has ended, earlier runs can be shown.',
        runs.snapshot!.title,
      ),
    );
    return;
  }
  const run = runs.directory === model.directory ? null : await read(model, processes);
  if (runs.directory !== model.directory) {
    // Another training may have begun while the history was read.
    if (runs.running) {
      void say.information(
        l10n.t(
          'The training on {0} is under way. When it has ended, earlier runs can be shown.',
          runs.snapshot!.title,
        ),
      );
      return;
    }
    if (!run) return;
    runs.show(run, model.directory);
  }
  panel.show();
}

/** Adds a run to the overlay or removes it. Of several runs, the first is shown and all are added. */
export async function compareRuns(
  all: readonly Model[],
  { overlay, training }: Pick<ModelsViewParts, 'overlay' | 'training'>,
): Promise<void> {
  const [first, ...others] = all;
  if (others.length === 0 && overlay.has(first.directory)) overlay.take(first.directory);
  else {
    if (others.length > 0 && !training.runs.running) await showRun(first, training);
    for (const model of all) {
      const run = await read(model, training.processes);
      if (run) overlay.lay(model.directory, run);
    }
  }
  training.panel.show();
}

async function read({ directory }: Model, processes: Processes): Promise<RunSnapshot | null> {
  const run = await readStoredRun(directory, processes);
  if (!run) void say.warning(l10n.t('The history of this run cannot be read. Its model works all the same.'));
  return run;
}

export async function renameModel(model: Model, choices: Choices): Promise<void> {
  const name = await inputLine({
    title: l10n.t('Rename Model'),
    prompt: l10n.t('Leave it empty to name the model after its text again'),
    value: nameOf(model, choices),
  });
  if (name !== undefined) await choices.rename(model.directory, name.trim());
}

export async function openSource({ manifest }: Model): Promise<void> {
  const { source, pattern } = manifest.provenance;
  const uri = Uri.parse(manifest.provenance.uri!);
  try {
    if (uri.scheme !== 'untitled') await workspace.fs.stat(uri);
    await commands.executeCommand(pattern === null ? 'vscode.open' : 'revealInExplorer', uri);
  } catch {
    sayGone(source);
  }
}

export async function deleteModels(
  all: readonly Model[],
  { models, choices, overlay, training: { runs, processes } }: ModelsViewParts,
): Promise<void> {
  if (runs.running && all.some(({ directory }) => directory === runs.directory)) {
    void say.information(l10n.t('This model is being trained. Stop the training to delete it.'));
    return;
  }
  const trained = await Promise.all(all.map(({ directory }) => readIsTrained(directory, processes)));
  const elsewhere = all[trained.indexOf(true)];
  if (elsewhere) {
    void say.information(
      l10n.t(
        'The model of {0} is being trained in another window or on the command line. Stop that training to delete it.',
        nameOf(elsewhere, choices),
      ),
    );
    return;
  }
  const answer = await say.ask(
    all.length === 1
      ? l10n.t('Delete the model of {0}?', nameOf(all[0], choices))
      : l10n.t('Delete {0} models?', all.length),
    l10n.t('It will be gone for good, with the history of its run and the text that it was trained on.'),
    l10n.t('Delete'),
  );
  if (!answer) return;
  for (const { directory } of all) overlay.take(directory);
  try {
    await models.delete(all);
  } catch (error) {
    void say.error(l10n.t('Not everything could be deleted: {0}', (error as Error).message));
  }
}

function sayGone(source: string): void {
  void say.warning(l10n.t('{0} no longer exists.', source));
}

/**
 * Trains the same network with the same options on the text as it is now. That of a table begins with the weights of its
 * model, so that rows which were labelled since are soon learned.
 * @param start starts the run
 */
export async function trainAgain(
  model: Model,
  training: Training,
  start: typeof startTraining,
): Promise<void> {
  const { provenance, wishes } = model.manifest;
  const { textAgain } = await import('../runs/trainAgain.ts');
  const source = await textAgain(model, training.log);
  if (source === 'gone') sayGone(provenance.source);
  if (source === null || source === 'gone') return;
  const { definition, options = {}, cell, settings } = wishes!;
  const own = definition !== null && cell !== null ? { definition, name: cell } : null;
  const said = Object.fromEntries(Object.entries(settings).filter(([name]) => !name.startsWith('engine.')));
  const task = trainedFor(model.manifest);
  const begins = task.kind === 'language model' ? null : model.directory;
  await start(training, source, own, said, { task, begins, options });
}

export async function useModel({ directory, manifest }: Model, choices: Choices): Promise<void> {
  const { chooseUse } = await import('./chooseUse.ts');
  const use = await chooseUse(manifest.provenance);
  if (use) await choices.use(directory, use);
}
