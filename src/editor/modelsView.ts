// The view of the activity bar: what has been trained in this workspace, and what can be done with it.
import { cp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  commands,
  Disposable,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  Uri,
  window,
  workspace,
} from 'vscode';
import { modelsView, commands as names } from '../contributions.ts';
import type { RunSnapshot } from '../protocol/run.ts';
import { number } from './format.ts';
import type { Model, Models } from './models.ts';
import type { Panel } from './panel.ts';
import { readRun } from './restore.ts';
import type { Runs } from './runs.ts';

export function registerModelsView(models: Models, runs: Runs, panel: Panel): Disposable {
  const provider: TreeDataProvider<Model> = {
    onDidChangeTreeData: models.onDidChange,
    getChildren: (model) => (model ? [] : [...models.all]),
    getTreeItem,
  };
  return Disposable.from(
    window.registerTreeDataProvider(modelsView, provider),
    commands.registerCommand(names.showRun, (model: Model) => showRun(model, runs, panel)),
    commands.registerCommand(names.compareRun, (model: Model) => compareRun(model, panel)),
    commands.registerCommand(names.openSource, openSource),
    commands.registerCommand(names.exportModel, exportModel),
    commands.registerCommand(names.deleteModel, (model: Model) => deleteModel(model, models, runs)),
  );
}

function getTreeItem(model: Model): TreeItem {
  const { provenance, validationLoss, architecture, step } = model.manifest;
  const item = new TreeItem(basename(provenance.source));
  const layers = architecture.layers.map(({ cell, hidden }) => `${cell} ${hidden}`).join(', ');
  const loss = validationLoss === null ? null : `${validationLoss.toFixed(2)} bpc`;
  item.id = model.directory;
  item.description = [layers, ...(loss ? [loss] : [])].join(' · ');
  item.tooltip = new MarkdownString().appendText(
    [
      provenance.source,
      `${layers}, trained on ${number(provenance.characters)} characters to step ${number(step)}`,
      new Date(provenance.date).toLocaleString(),
    ].join('\n\n'),
  );
  item.iconPath = new ThemeIcon('graph-line');
  item.contextValue = provenance.uri === null ? 'model' : 'model.source';
  item.command = { command: names.showRun, title: 'Show Run', arguments: [model] };
  return item;
}

/** A run that is under way keeps the panel. */
async function showRun(model: Model, runs: Runs, panel: Panel): Promise<void> {
  if (runs.running && runs.directory !== model.directory) {
    void window.showInformationMessage(
      `The training on ${runs.snapshot?.title} is under way. When it has ended, earlier runs can be shown.`,
    );
    return;
  }
  if (runs.directory !== model.directory) {
    const run = await read(model);
    if (!run) return;
    runs.show(run, model.directory);
  }
  panel.show();
}

async function compareRun(model: Model, panel: Panel): Promise<void> {
  const run = await read(model);
  if (run) panel.toggleEarlier(model.directory, { title: run.title, validations: run.points.validations });
}

async function read({ directory }: Model): Promise<RunSnapshot | null> {
  const run = await readRun(directory);
  if (!run)
    void window.showWarningMessage('The history of this run cannot be read. Its model works all the same.');
  return run;
}

async function openSource({ manifest }: Model): Promise<void> {
  const { uri, source } = manifest.provenance;
  try {
    await window.showTextDocument(Uri.parse(uri!));
  } catch {
    void window.showWarningMessage(`${source} is not there any more.`);
  }
}

async function exportModel({ directory }: Model): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const [target] =
    (await window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: 'Export Here',
      ...(folder ? { defaultUri: folder } : {}),
    })) ?? [];
  if (!target) return;
  const to = join(target.fsPath, basename(directory));
  try {
    await cp(directory, to, { recursive: true, errorOnExist: true, force: false });
    void window.showInformationMessage(`The model is in ${to}.`);
  } catch (error) {
    void window.showErrorMessage(`The model could not be exported: ${(error as Error).message}`);
  }
}

async function deleteModel({ directory, manifest }: Model, models: Models, runs: Runs): Promise<void> {
  if (runs.running && runs.directory === directory) {
    void window.showInformationMessage('This model is being trained. Stop the training to delete it.');
    return;
  }
  const answer = await window.showWarningMessage(
    `Delete the model of ${manifest.provenance.source}?`,
    { modal: true, detail: 'It is gone for good, with the history of its run.' },
    'Delete',
  );
  if (!answer) return;
  await rm(directory, { recursive: true, force: true });
  await models.refresh();
}
