// Finds, measures and deletes the stored models of every workspace. It is a bundle of its own, which the command
// loads.
import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ExtensionContext, l10n } from 'vscode';
import type { Overlay } from '../panel/overlay.ts';
import type { Training } from '../runs/train.ts';
import { number } from '../text/numberFormat.ts';
import { say } from '../ui/messages.ts';
import type { Choices } from './choices.ts';
import type { Models } from './models.ts';
import { entries, sizeOf } from './sizeOf.ts';

/** The folder of the runs within a workspace's storage or the global storage. */
const modelsFolder = 'models';

export interface StorageParts {
  readonly models: Models;
  readonly choices: Choices;
  readonly overlay: Overlay;
  readonly training: Training;
  /** The workers that hold texts in memory; ending them frees it. */
  readonly workers: readonly { end(): Promise<void> }[];
}

/** Asks, then ends the run that is under way and deletes every run of every workspace. */
export async function deleteAll({
  models,
  choices,
  overlay,
  training,
  workers,
}: StorageParts): Promise<void> {
  const folders = await modelsFolders(training.context);
  const kept = await Promise.all(folders.map(measure));
  const count = kept.reduce((sum, { runs }) => sum + runs, 0);
  const bytes = kept.reduce((sum, each) => sum + each.bytes, 0);
  const { running } = training.runs;
  if (count === 0 && !running) {
    void say.information(l10n.t('There is no model and no text to delete.'));
    return;
  }
  const workspaces = kept.filter(({ runs }) => runs > 0).length;
  const answer = await say.ask(
    l10n.t(
      'Delete all models and texts? There are {0}, of {1} MB together.',
      number(count),
      megabytes(bytes),
    ),
    [
      ...(running
        ? [l10n.t('The training in progress will be stopped, and nothing of it will be kept.')]
        : []),
      l10n.t(
        'They will be gone for good, with the texts that they were trained on and the histories of their runs. Workspaces affected: {0}. A training in another window will still save its model: stop it there first.',
        number(workspaces),
      ),
    ].join(' '),
    l10n.t('Delete Everything'),
  );
  if (answer === undefined) return;
  await training.runs.discard();
  await Promise.all(workers.map((worker) => worker.end()));
  const failed = (await Promise.all(folders.map(remove))).flat();
  overlay.clear();
  await choices.clear();
  await models.refresh();
  void (failed.length === 0
    ? say.information(l10n.t('All models and texts are deleted: {0} MB.', megabytes(bytes)))
    : say.error(l10n.t('{0} could not be deleted. Close other windows and try again.', failed.join(', '))));
}

/**
 * Returns the models' folders of this workspace, of windows without one, and of all other workspaces in the
 * same storage.
 */
async function modelsFolders({ storageUri, globalStorageUri }: ExtensionContext): Promise<string[]> {
  const own = [...(storageUri ? [storageUri.fsPath] : []), globalStorageUri.fsPath];
  const extension = basename(globalStorageUri.fsPath);
  const beside = [
    // The paths are …/workspaceStorage/ID/EXTENSION and …/globalStorage/EXTENSION in the same folder.
    ...(storageUri ? [dirname(dirname(storageUri.fsPath))] : []),
    join(dirname(dirname(globalStorageUri.fsPath)), 'workspaceStorage'),
  ];
  const others = await Promise.all(
    beside.map(async (root) => (await folders(root)).map((id) => join(root, id, extension))),
  );
  const all = [...new Set([...own, ...others.flat()])].map((folder) => join(folder, modelsFolder));
  const there = await Promise.all(all.map((folder) => stat(folder).catch(() => null)));
  return all.filter((_, index) => there[index]?.isDirectory());
}

const folders = async (root: string): Promise<string[]> =>
  (await entries(root)).filter((entry) => entry.isDirectory()).map(({ name }) => name);

async function measure(folder: string): Promise<{ runs: number; bytes: number }> {
  return { runs: (await folders(folder)).length, bytes: await sizeOf(folder) };
}

/** @returns the folder if something of it is left, otherwise nothing */
async function remove(folder: string): Promise<string[]> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 }).then(
    () => [],
    () => [folder],
  );
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value >= 10 ? number(value) : value.toFixed(1);
}
