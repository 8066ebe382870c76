// The view in the activity bar lists the models of this workspace and the commands on them.

import { commands, Disposable, EventEmitter, type TreeView, window } from 'vscode';
import { modelsView, commands as names } from '../../contributions.ts';
import type { StartWorker } from '../../protocol/port.ts';
import type { RunStatus } from '../../protocol/run.ts';
import { capabilitiesOf } from '../../store/capabilities.ts';
import { continueTraining, engineSettings, modelsDirectory, startTraining } from '../runs/train.ts';
import { modelItem } from './modelItem.ts';
import type { Model } from './models.ts';
import type { ModelsViewParts } from './modelsViewParts.ts';

const modelCommands = () => import('./modelCommands.ts');

export function registerModelsView(parts: ModelsViewParts): Disposable {
  const { models, choices, overlay, training } = parts;
  const changes = new EventEmitter<undefined>();
  const fire = () => changes.fire(undefined);
  let kind: RunStatus['kind'] | null = null;
  const view: TreeView<Model> = window.createTreeView<Model>(modelsView, {
    canSelectMany: true,
    treeDataProvider: {
      onDidChangeTreeData: changes.event,
      getChildren: (model) => (model ? [] : [...models.all]),
      getTreeItem: (model) => modelItem(model, parts),
    },
  });
  /** @param command gets the model that was clicked, and all models that are meant: at least one */
  const register = (name: string, command: (model: Model, all: readonly Model[]) => unknown) =>
    commands.registerCommand(name, (model?: Model, all?: readonly Model[]) => {
      // A key binding passes no model, so the selection is meant.
      const meant = all ?? (model ? [model] : view.selection);
      return meant.length > 0 ? command(model ?? meant[0], meant) : undefined;
    });
  return Disposable.from(
    view,
    changes,
    parts.front.onDidChange(fire),
    overlay.onDidChange(fire),
    training.runs.onDidUpdate(({ snapshot: { status }, restarted }) => {
      if (restarted || status.kind !== kind) fire();
      kind = status.kind;
    }),
    register(names.showRun, async (model) => (await modelCommands()).showRun(model, training)),
    register(names.compareRun, async (_, all) => (await modelCommands()).compareRuns(all, parts)),
    register(names.trainAgain, async (model) =>
      (await modelCommands()).trainAgain(model, training, startTraining),
    ),
    register(names.continueRun, ({ directory }) => continueTraining(training, directory)),
    register(names.useModel, async (model) => (await modelCommands()).useModel(model, choices)),
    register(names.stopUsingModel, ({ directory }) => choices.stopUsing(directory)),
    register(names.renameModel, async (model) => (await modelCommands()).renameModel(model, choices)),
    register(names.openSource, async (model) => (await modelCommands()).openSource(model)),
    register(names.exportModel, (model) => exportModel(model, parts.exporter)),
    commands.registerCommand(names.importModel, () => importModel(parts)),
    register(names.deleteModel, async (_, all) => (await modelCommands()).deleteModels(all, parts)),
  );
}

async function exportModel({ directory, manifest }: Model, exporter: StartWorker): Promise<void> {
  const exchange = await import('./exchange.ts');
  await exchange.exportModel(directory, capabilitiesOf(manifest), exporter);
}

async function importModel({ models, exporter, training }: ModelsViewParts): Promise<void> {
  const exchange = await import('./exchange.ts');
  const root = modelsDirectory(training.context);
  if (await exchange.importModel(root, exporter, engineSettings())) await models.refresh();
}
