import { commands, type ExtensionContext, languages, Uri, window } from 'vscode';
import { commands as names, panelViewType } from './contributions.ts';
import { CompletionProvider } from './editor/completion.ts';
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
  const script = (name: string) => Uri.joinPath(context.extensionUri, 'out', `${name}.cjs`).fsPath;
  const log = window.createOutputChannel('Unroll', { log: true });
  const runs = new Runs(script('trainer'));
  const predictor = new PredictorClient(script('predictor'));
  const models = new Models(modelsDirectory(context), log);
  const suggestions = new Suggestions();
  const panel = new Panel(context.extensionUri, runs);
  const training = { context, runs, panel, log };
  const documents = new Documents(surroundings(models));
  const lastText = new LastText();

  context.subscriptions.push(
    log,
    runs,
    predictor,
    models,
    panel,
    suggestions,
    createStatusBarItem(runs, suggestions),
    registerModelsView(models, runs, panel, script('exporter')),
    lastText,
    registerLanguage(documents, lastText),
    registerLaboratory(script('laboratory'), documents, training, lastText),
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
      new CompletionProvider(models, predictor, suggestions, log),
    ),
  );
  void models.refresh();
}
