import { commands, type ExtensionContext, languages, Uri, window } from 'vscode';
import { commands as names, panelViewType } from './contributions.ts';
import { Choices } from './editor/choices.ts';
import { compareCells } from './editor/compareCells.ts';
import { CompletionProvider } from './editor/completion.ts';
import { registerLaboratory } from './editor/laboratory/index.ts';
import { Documents } from './editor/language/documents.ts';
import { registerLanguage } from './editor/language/index.ts';
import { LastText } from './editor/language/lastText.ts';
import { surroundings } from './editor/language/surroundings.ts';
import { Models } from './editor/models.ts';
import { registerModelsView } from './editor/modelsView.ts';
import { Overlay } from './editor/overlay.ts';
import { Panel } from './editor/panel.ts';
import { PredictorClient } from './editor/predictorClient.ts';
import { restoreLastRun } from './editor/restore.ts';
import { Runs } from './editor/runs.ts';
import { setting } from './editor/settings.ts';
import { createStatusBarItem } from './editor/statusBar.ts';
import { Suggestions } from './editor/suggestions.ts';
import { continueTraining, modelsDirectory, trainOnCurrentFile } from './editor/train.ts';

export function activate(context: ExtensionContext): void {
  const script = (name: string) => Uri.joinPath(context.extensionUri, 'out', `${name}.cjs`).fsPath;
  const log = window.createOutputChannel('Unroll', { log: true });
  const runs = new Runs(script('trainer'));
  const predictor = new PredictorClient(script('predictor'));
  const choices = new Choices(context.workspaceState);
  const models = new Models(modelsDirectory(context), choices, log);
  const suggestions = new Suggestions();
  const overlay = new Overlay(context.workspaceState);
  const panel = new Panel(context, runs, overlay);
  const training = { context, runs, panel };
  const documents = new Documents(surroundings(models));
  const lastText = new LastText();

  context.subscriptions.push(
    log,
    runs,
    predictor,
    choices,
    models,
    overlay,
    panel,
    suggestions,
    createStatusBarItem(runs, suggestions),
    registerModelsView({ models, choices, overlay, training }),
    lastText,
    registerLanguage(documents, lastText),
    registerLaboratory(script('laboratory'), documents, training, lastText),
    runs.onDidUpdate(async ({ saved, snapshot }) => {
      if (saved) await models.refresh();
      if (saved && snapshot.status.kind === 'ended')
        await models.keep(
          setting('runs.kept'),
          (directory) => directory === runs.directory || overlay.has(directory),
        );
    }),
    models.onDidChange(() => restoreLastRun(models, runs)),
    commands.registerCommand(names.train, () => trainOnCurrentFile(training)),
    commands.registerCommand(names.stop, () => runs.stop()),
    ...(['pause', 'resume', 'rewind'] as const).map((type) =>
      commands.registerCommand(names[type], () => runs.send({ type })),
    ),
    commands.registerCommand(names.extend, () => continueTraining(training)),
    commands.registerCommand(names.compareCells, () =>
      compareCells({ training, overlay, choices, lastText }),
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
  void overlay.restore();
}
