// The view of the activity bar: what has been trained in this workspace, and what can be done with it.
import { cp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  commands,
  Disposable,
  l10n,
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
import { exportForWeb } from './exporterClient.ts';
import { number } from './format.ts';
import type { Model, Models } from './models.ts';
import type { Panel } from './panel.ts';
import { readRun } from './restore.ts';
import type { Runs } from './runs.ts';

export function registerModelsView(
  models: Models,
  runs: Runs,
  panel: Panel,
  /** The worker's. */
  exporter: string,
): Disposable {
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
    commands.registerCommand(names.exportModel, (model: Model) => exportModel(model, exporter)),
    commands.registerCommand(names.deleteModel, (model: Model) => deleteModel(model, models, runs)),
  );
}

function getTreeItem(model: Model): TreeItem {
  const { provenance, validationLoss, architecture, step } = model.manifest;
  const item = new TreeItem(provenance.pattern === null ? basename(provenance.source) : provenance.source);
  const layers = architecture.layers.map(({ cell, hidden }) => `${cell} ${hidden}`).join(', ');
  const loss = validationLoss === null ? null : l10n.t('{0} bpc', validationLoss.toFixed(2));
  item.id = model.directory;
  item.description = [layers, ...(loss ? [loss] : [])].join(' · ');
  item.tooltip = new MarkdownString().appendText(
    [
      provenance.source,
      l10n.t(
        '{0}, trained on {1} characters to step {2}',
        layers,
        number(provenance.characters),
        number(step),
      ),
      new Date(provenance.date).toLocaleString(),
    ].join('\n\n'),
  );
  item.iconPath = new ThemeIcon('graph-line');
  item.contextValue = provenance.uri === null ? 'model' : 'model.source';
  item.command = { command: names.showRun, title: l10n.t('Show Run'), arguments: [model] };
  return item;
}

/** A run that is under way keeps the panel. */
async function showRun(model: Model, runs: Runs, panel: Panel): Promise<void> {
  if (runs.running && runs.directory !== model.directory) {
    void window.showInformationMessage(
      l10n.t(
        'The training on {0} is under way. When it has ended, earlier runs can be shown.',
        runs.snapshot!.title,
      ),
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
    void window.showWarningMessage(
      l10n.t('The history of this run cannot be read. Its model works all the same.'),
    );
  return run;
}

async function openSource({ manifest }: Model): Promise<void> {
  const { source, pattern } = manifest.provenance;
  const uri = Uri.parse(manifest.provenance.uri!);
  try {
    if (uri.scheme !== 'untitled') await workspace.fs.stat(uri);
    await commands.executeCommand(pattern === null ? 'vscode.open' : 'revealInExplorer', uri);
  } catch {
    void window.showWarningMessage(l10n.t('{0} is not there any more.', source));
  }
}

async function exportModel({ directory }: Model, exporter: string): Promise<void> {
  const own = {
    label: l10n.t('Unroll Model'),
    detail: l10n.t('Weights as safetensors, which any framework reads'),
  };
  const web = { label: l10n.t('TensorFlow.js'), detail: l10n.t('For web pages, with one that writes text') };
  const format = await window.showQuickPick([own, web], { title: l10n.t('Export Model as') });
  if (!format) return;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const [target] =
    (await window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: l10n.t('Export Here'),
      ...(folder ? { defaultUri: folder } : {}),
    })) ?? [];
  if (!target) return;
  const to = join(target.fsPath, basename(directory) + (format === web ? '-web' : ''));
  try {
    if (format === web) await exportForWeb(exporter, { directory, to });
    else await cp(directory, to, { recursive: true, errorOnExist: true, force: false });
    void window.showInformationMessage(l10n.t('The model is in {0}.', to));
  } catch (error) {
    void window.showErrorMessage(l10n.t('The model could not be exported: {0}', (error as Error).message));
  }
}

async function deleteModel({ directory, manifest }: Model, models: Models, runs: Runs): Promise<void> {
  if (runs.running && runs.directory === directory) {
    void window.showInformationMessage(
      l10n.t('This model is being trained. Stop the training to delete it.'),
    );
    return;
  }
  const answer = await window.showWarningMessage(
    l10n.t('Delete the model of {0}?', manifest.provenance.source),
    { modal: true, detail: l10n.t('It is gone for good, with the history of its run.') },
    l10n.t('Delete'),
  );
  if (!answer) return;
  await rm(directory, { recursive: true, force: true });
  await models.refresh();
}
