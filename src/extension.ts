import { commands, type ExtensionContext, languages, Uri, window } from 'vscode';
import { commands as names, panelViewType } from './contributions.ts';
import { Choices } from './editor/choices.ts';
import { CompletionProvider } from './editor/completion.ts';
import { Diary } from './editor/diary.ts';
import { InspectorClient } from './editor/inspectorClient.ts';
import { registerInText } from './editor/inText.ts';
import { LastText } from './editor/language/lastText.ts';
import { Models } from './editor/models.ts';
import { registerModelsView } from './editor/modelsView.ts';
import { Overlay } from './editor/overlay.ts';
import { Panel } from './editor/panel.ts';
import { PredictorClient } from './editor/predictorClient.ts';
import { keepShown } from './editor/restore.ts';
import { registerRnn } from './editor/rnn.ts';
import { logRuns } from './editor/runLog.ts';
import { Runs } from './editor/runs.ts';
import { setting } from './editor/settings.ts';
import { createStatusBarItem } from './editor/statusBar.ts';
import { Suggestions } from './editor/suggestions.ts';
import {
  continueTraining,
  modelsDirectory,
  trainOnCurrentFile,
  trainOnFile,
  trainOnFolder,
  trainOnSelection,
} from './editor/train.ts';
import { registerWalkthrough } from './editor/walkthrough.ts';

export function activate(context: ExtensionContext): void {
  const began = performance.now();
  const script = (name: string) => Uri.joinPath(context.extensionUri, 'out', `${name}.cjs`).fsPath;
  const log = window.createOutputChannel('Unroll', { log: true });
  const runs = new Runs(script('trainer'));
  const diary = new Diary(log);
  const predictor = new PredictorClient(script('predictor'), diary);
  const inspector = new InspectorClient(script('inspector'));
  const choices = new Choices(context.workspaceState);
  const models = new Models(modelsDirectory(context), choices, diary);
  const suggestions = new Suggestions();
  const overlay = new Overlay(context.workspaceState);
  const panel = new Panel(context, runs, overlay);
  const training = { context, runs, panel, log };
  const lastText = new LastText();

  context.subscriptions.push(
    log,
    runs,
    predictor,
    choices,
    inspector,
    models,
    overlay,
    panel,
    suggestions,
    createStatusBarItem(runs, suggestions),
    registerModelsView({ models, choices, overlay, training, exporter: script('exporter') }),
    lastText,
    registerRnn({ models, training, overlay, choices, lastText, laboratory: script('laboratory') }),
    registerWalkthrough(context.extension.id, context.extensionUri),
    registerInText({ context, models, runs, inspector, diary }),
    logRuns(runs, log, diary),
    runs.onDidUpdate(async ({ saved, snapshot }) => {
      if (saved) await models.refresh();
      if (saved && snapshot.status.kind === 'ended')
        await models.keep(
          setting('runs.kept'),
          (directory) => directory === runs.directory || overlay.has(directory),
        );
    }),
    keepShown(models, runs, context.workspaceState),
    commands.registerCommand(names.train, () => trainOnCurrentFile(training, lastText)),
    commands.registerCommand(names.trainOnSelection, () => trainOnSelection(training)),
    commands.registerCommand(names.trainOnFile, (file: Uri) => trainOnFile(training, file)),
    commands.registerCommand(names.trainOnFolder, (folder?: Uri) => trainOnFolder(training, folder)),
    commands.registerCommand(names.stop, () => runs.stop()),
    ...(['pause', 'resume', 'rewind'] as const).map((type) =>
      commands.registerCommand(names[type], () => runs.send({ type })),
    ),
    commands.registerCommand(names.extend, () => continueTraining(training)),
    commands.registerCommand(names.showPanel, () => panel.show()),
    window.registerWebviewPanelSerializer(panelViewType, {
      deserializeWebviewPanel: async (webviewPanel) => panel.adopt(webviewPanel),
    }),
    languages.registerInlineCompletionItemProvider(
      { pattern: '**' },
      new CompletionProvider(models, predictor, suggestions, diary),
    ),
  );
  void models.refresh();
  void overlay.restore();
  diary.activation = performance.now() - began;
  log.info(
    `Unroll ${context.extension.packageJSON.version} is active after ${diary.activation.toFixed(1)} ms`,
  );
}
