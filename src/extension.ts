import { commands, type ExtensionContext, languages, Uri, window } from 'vscode';
import { commands as names, panelViewType } from './contributions.ts';
import { CompletionProvider } from './editor/completion.ts';
import { Diary } from './editor/diary.ts';
import { InspectorClient } from './editor/inspectorClient.ts';
import { registerInText } from './editor/inText.ts';
import { registerLaboratory } from './editor/laboratory/index.ts';
import { Documents } from './editor/language/documents.ts';
import { registerLanguage } from './editor/language/index.ts';
import { LastText } from './editor/language/lastText.ts';
import { surroundings } from './editor/language/surroundings.ts';
import { Models } from './editor/models.ts';
import { registerModelsView } from './editor/modelsView.ts';
import { Panel } from './editor/panel.ts';
import { PredictorClient } from './editor/predictorClient.ts';
import { restoreLastRun } from './editor/restore.ts';
import { logRuns } from './editor/runLog.ts';
import { Runs } from './editor/runs.ts';
import { createStatusBarItem } from './editor/statusBar.ts';
import { Suggestions } from './editor/suggestions.ts';
import {
  modelsDirectory,
  trainOnCurrentFile,
  trainOnFile,
  trainOnFolder,
  trainOnSelection,
} from './editor/train.ts';

export function activate(context: ExtensionContext): void {
  const began = performance.now();
  const script = (name: string) => Uri.joinPath(context.extensionUri, 'out', `${name}.cjs`).fsPath;
  const log = window.createOutputChannel('Unroll', { log: true });
  const runs = new Runs(script('trainer'));
  const diary = new Diary(log);
  const predictor = new PredictorClient(script('predictor'), diary);
  const inspector = new InspectorClient(script('inspector'));
  const models = new Models(modelsDirectory(context), diary);
  const suggestions = new Suggestions();
  const panel = new Panel(context.extensionUri, runs);
  const training = { context, runs, panel, log };
  const documents = new Documents(surroundings(models));
  const lastText = new LastText();

  context.subscriptions.push(
    log,
    runs,
    predictor,
    inspector,
    models,
    panel,
    suggestions,
    createStatusBarItem(runs, suggestions),
    registerModelsView(models, runs, panel, script('exporter')),
    lastText,
    registerLanguage(documents, lastText),
    registerLaboratory(script('laboratory'), documents, training, lastText),
    registerInText({ context, models, runs, inspector, diary }),
    logRuns(runs, log, diary),
    runs.onDidUpdate(({ saved }) => saved && models.refresh()),
    models.onDidChange(() => restoreLastRun(models, runs)),
    commands.registerCommand(names.train, () => trainOnCurrentFile(training)),
    commands.registerCommand(names.trainOnSelection, () => trainOnSelection(training)),
    commands.registerCommand(names.trainOnFile, (file: Uri) => trainOnFile(training, file)),
    commands.registerCommand(names.trainOnFolder, (folder?: Uri) => trainOnFolder(training, folder)),
    commands.registerCommand(names.stop, () => runs.stop()),
    ...(['pause', 'resume', 'rewind', 'extend'] as const).map((type) =>
      commands.registerCommand(names[type], () => runs.send({ type })),
    ),
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
  diary.activation = performance.now() - began;
  log.info(
    `Unroll ${context.extension.packageJSON.version} is active after ${diary.activation.toFixed(1)} ms`,
  );
}
