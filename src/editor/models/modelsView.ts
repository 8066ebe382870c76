// The view in the activity bar lists the models of this workspace and the commands on them.

import { basename } from 'node:path';
import {
  commands,
  Disposable,
  EventEmitter,
  env,
  l10n,
  type MarkdownString,
  ThemeIcon,
  type TreeItem,
  type TreeView,
  Uri,
  window,
  workspace,
} from 'vscode';
import { modelsView, commands as names } from '../../contributions.ts';
import { layersText } from '../../language/options/layers.ts';
import type { StartWorker } from '../../protocol/port.ts';
import type { RunSnapshot, RunStatus } from '../../protocol/run.ts';
import { capabilitiesOf } from '../../store/capabilities.ts';
import type { Processes } from '../../store/files.ts';
import { heldOutOutcome } from '../../store/manifest.ts';
import { trainedFor } from '../../store/trainedFor.ts';
import type { Overlay } from '../panel/overlay.ts';
import {
  continueTraining,
  engineSettings,
  modelsDirectory,
  startTraining,
  type Training,
} from '../runs/train.ts';
import { inFull, inShort } from '../text/metricText.ts';
import { number } from '../text/numberFormat.ts';
import { treeItem } from '../ui/items.ts';
import { join, markdown } from '../ui/markdown.ts';
import { say } from '../ui/messages.ts';
import { inputLine } from '../ui/quickInput.ts';
import type { Choices, Use } from './choices.ts';
import type { FrontModel } from './frontModel.ts';
import { readIsTrained } from './modelFiles.ts';
import type { Model, Models } from './models.ts';
import { readStoredRun } from './storedRun.ts';

export interface ModelsViewParts {
  readonly models: Models;
  readonly choices: Choices;
  readonly front: FrontModel;
  readonly overlay: Overlay;
  readonly training: Training;
  /** Starts the exporter. */
  readonly exporter: StartWorker;
}

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
      getTreeItem: (model) => getTreeItem(model, parts),
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
    register(names.showRun, (model) => showRun(model, training)),
    register(names.compareRun, (_, all) => compareRuns(all, parts)),
    register(names.trainAgain, (model) => trainAgain(model, training)),
    register(names.continueRun, ({ directory }) => continueTraining(training, directory)),
    register(names.useModel, (model) => useModel(model, choices)),
    register(names.stopUsingModel, ({ directory }) => choices.stopUsing(directory)),
    register(names.renameModel, (model) => renameModel(model, choices)),
    register(names.openSource, openSource),
    register(names.exportModel, (model) => exportModel(model, parts.exporter)),
    commands.registerCommand(names.importModel, () => importModel(parts)),
    register(names.deleteModel, (_, all) => deleteModels(all, parts)),
  );
}

function getTreeItem(
  model: Model,
  { models, choices, front, overlay, training: { runs } }: ModelsViewParts,
): TreeItem {
  const { directory, manifest } = model;
  const { provenance, finished } = manifest;
  const capabilities = capabilitiesOf(manifest);
  const outcome = heldOutOutcome(manifest);
  const uses = choices.usesOf(directory);
  const live = runs.running && runs.directory === directory;
  const isElsewhere = !live && models.isTrained(directory);
  const completes = front.model?.directory === directory;
  // A narrow view cuts the end off.
  const description = [
    ...(outcome === null ? [] : [inShort(outcome)]),
    ...(completes ? [l10n.t('completes this file')] : []),
    layersOf(model),
    when(provenance.date),
    ...(isElsewhere ? [l10n.t('is being trained elsewhere')] : []),
    ...(finished || live || isElsewhere ? [] : [l10n.t('cut short')]),
    ...(provenance.imported ? [l10n.t('imported from {0}', basename(provenance.imported.folder))] : []),
    ...(uses.length > 0 ? [l10n.t('for {0}', uses.map(describeUse).join(', '))] : []),
    ...(overlay.has(directory) ? [l10n.t('compared')] : []),
  ].join(' · ');
  const item = treeItem(nameOf(model, choices), description);
  item.id = directory;
  item.tooltip = tooltip(model, choices);
  item.iconPath = new ThemeIcon(
    live || isElsewhere
      ? 'pulse'
      : completes
        ? 'star-full'
        : uses.length > 0
          ? 'check'
          : finished
            ? 'graph-line'
            : 'debug-pause',
  );
  item.contextValue = [
    'model',
    ...(provenance.uri === null ? [] : ['source']),
    // The part of a text that was trained on may have moved since.
    ...(provenance.uri?.includes('#') ? [] : ['whole']),
    ...(capabilities.has('suggest') ? ['suggest'] : []),
    ...(uses.length > 0 ? ['used'] : []),
    ...(capabilities.has('train again') && !live ? ['again'] : []),
  ].join(' ');
  item.command = { command: names.showRun, title: l10n.t('Show Run'), arguments: [model] };
  return item;
}

function nameOf({ directory, manifest }: Model, choices: Choices): string {
  const { source, pattern } = manifest.provenance;
  return choices.name(directory) ?? (pattern === null ? basename(source) : source);
}

function layersOf({ manifest }: Model): string {
  return layersText(manifest.architecture.layers);
}

/** Formats a date; the date of today is left out. */
function when(date: string): string {
  const then = new Date(date);
  const today = then.toDateString() === new Date().toDateString();
  return then.toLocaleString(env.language, { ...(today ? {} : { dateStyle: 'short' }), timeStyle: 'short' });
}

function describeUse({ kind, what }: Use): string {
  return kind === 'file' ? workspace.asRelativePath(Uri.parse(what)) : what;
}

/** Formats what the model has come to on the held-out part, and whether its weights have learned that since. */
function validation({ manifest }: Model): string | null {
  const { learnedHeldOut, finished, provenance } = manifest;
  const outcome = heldOutOutcome(manifest);
  if (outcome === null) return null;
  const measured = inFull(outcome, 3);
  if (learnedHeldOut && provenance.imported)
    return l10n.t('{0}, measured after that text was learned too', measured);
  if (learnedHeldOut) return l10n.t('{0}, measured before that text was learned too', measured);
  // Older versions did not store whether a finished model had learned the held-out part.
  return learnedHeldOut === undefined && finished
    ? l10n.t('{0}, measured before that text may have been learned too', measured)
    : measured;
}

function tooltip(model: Model, choices: Choices): MarkdownString {
  const { provenance, parameters, step, tokens } = model.manifest;
  const rows: [name: string, value: string | null][] = [
    [l10n.t('Layers'), layersOf(model)],
    [l10n.t('Held-out text'), validation(model)],
    [l10n.t('Parameters'), parameters === undefined ? null : number(parameters)],
    [l10n.t('Tokens'), tokens?.kind ?? null],
    [
      l10n.t('Trained on'),
      l10n.t('{0} characters, to step {1}', number(provenance.characters), number(step)),
    ],
    [l10n.t('Date'), new Date(provenance.date).toLocaleString(env.language)],
    [l10n.t('Engine'), provenance.engine],
    [
      l10n.t('Imported from'),
      provenance.imported && `${provenance.imported.folder} (${provenance.imported.program})`,
    ],
  ];
  const lines = rows.flatMap(([name, value]) => (value === null ? [] : [markdown`| ${name} | ${value} |\n`]));
  const table = join(lines);
  return markdown`**${nameOf(model, choices)}** ${provenance.source}\n\n| | |\n|---|---|\n${table}`.string();
}

/** Shows a run in the panel, unless another one is under way. */
async function showRun(model: Model, { runs, panel, processes }: Training): Promise<void> {
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
async function compareRuns(
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

/**
 * Trains the same network with the same options on the text as it is now. That of a table begins with the weights of its
 * model, so that rows which were labelled since are soon learned.
 */
async function trainAgain(model: Model, training: Training): Promise<void> {
  const { provenance, wishes } = model.manifest;
  const { textAgain } = await import('../runs/trainAgain.ts');
  const source = await textAgain(model, training.log);
  if (source === 'gone') sayGone(provenance.source);
  if (source === null || source === 'gone') return;
  const { definition, cell, settings } = wishes!;
  const own = definition !== null && cell !== null ? { definition, name: cell } : null;
  const said = Object.fromEntries(Object.entries(settings).filter(([name]) => !name.startsWith('engine.')));
  const task = trainedFor(model.manifest);
  const begins = task.kind === 'language model' ? null : model.directory;
  await startTraining(training, source, own, said, { task, begins });
}

function sayGone(source: string): void {
  void say.warning(l10n.t('{0} no longer exists.', source));
}

async function useModel({ directory, manifest }: Model, choices: Choices): Promise<void> {
  const { chooseUse } = await import('./chooseUse.ts');
  const use = await chooseUse(manifest.provenance);
  if (use) await choices.use(directory, use);
}

async function renameModel(model: Model, choices: Choices): Promise<void> {
  const name = await inputLine({
    title: l10n.t('Rename Model'),
    prompt: l10n.t('Leave it empty to name the model after its text again'),
    value: nameOf(model, choices),
  });
  if (name !== undefined) await choices.rename(model.directory, name.trim());
}

async function openSource({ manifest }: Model): Promise<void> {
  const { source, pattern } = manifest.provenance;
  const uri = Uri.parse(manifest.provenance.uri!);
  try {
    if (uri.scheme !== 'untitled') await workspace.fs.stat(uri);
    await commands.executeCommand(pattern === null ? 'vscode.open' : 'revealInExplorer', uri);
  } catch {
    sayGone(source);
  }
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

async function deleteModels(
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
