import { type ExtensionContext, Uri, window } from 'vscode';
import { panelViewType } from './contributions.ts';
import { CompletionProvider } from './editor/inlineCompletion/inlineCompletionProvider.ts';
import { registerCompletion } from './editor/inlineCompletion/registerCompletion.ts';
import { createStatusBarItem } from './editor/inlineCompletion/statusBar.ts';
import { Suggestions } from './editor/inlineCompletion/suggestionState.ts';
import { registerInText } from './editor/inText/register.ts';
import { LastText } from './editor/language/lastText.ts';
import { Choices } from './editor/models/choices.ts';
import { keepModels, Models } from './editor/models/models.ts';
import { registerModelsView } from './editor/models/modelsView.ts';
import { registerStorage } from './editor/models/storage.ts';
import { Overlay } from './editor/panel/overlay.ts';
import { Panel } from './editor/panel/panel.ts';
import { keepShown } from './editor/panel/restore.ts';
import { Diary } from './editor/report/diary.ts';
import { registerRnn } from './editor/rnn/register.ts';
import { logRuns } from './editor/runs/runLog.ts';
import { Runs } from './editor/runs/runs.ts';
import { modelsDirectory, registerTraining } from './editor/runs/train.ts';
import { registerWalkthrough } from './editor/walkthrough/walkthrough.ts';
import { InspectorClient } from './editor/workers/inspectorClient.ts';
import { PredictorClient } from './editor/workers/predictorClient.ts';
import { startThread, trainerLimits } from './platform/node/startWorker.ts';

export function activate(context: ExtensionContext): void {
  const began = performance.now();
  const script = (name: string) => Uri.joinPath(context.extensionUri, 'out', `${name}.cjs`).fsPath;
  const worker = (name: string) => () => startThread(script(name));
  const log = window.createOutputChannel('Unroll', { log: true });
  const runs = new Runs(() => startThread(script('trainer'), trainerLimits));
  const diary = new Diary(log);
  const predictor = new PredictorClient(worker('predictor'), diary);
  const inspector = new InspectorClient(worker('inspector'));
  const choices = new Choices(context.workspaceState);
  const models = new Models(modelsDirectory(context), choices, diary);
  const suggestions = new Suggestions();
  const completion = new CompletionProvider(models, predictor, suggestions, diary);
  const overlay = new Overlay(context.workspaceState);
  const panel = new Panel(context, runs, overlay, worker('sampler'));
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
    registerModelsView({ models, choices, overlay, training, exporter: worker('exporter') }),
    lastText,
    registerRnn({ models, training, overlay, choices, lastText, laboratory: worker('laboratory') }),
    registerStorage({ models, choices, overlay, training, workers: [predictor, inspector] }),
    registerWalkthrough(context.extension.id, context.extensionUri),
    registerInText({ context, models, runs, inspector, diary }),
    logRuns(runs, log, diary),
    keepModels(models, runs, overlay),
    keepShown(models, runs, context.workspaceState),
    registerTraining(training, lastText),
    window.registerWebviewPanelSerializer(panelViewType, {
      deserializeWebviewPanel: async (webviewPanel) => panel.adopt(webviewPanel),
    }),
    completion,
    registerCompletion(completion, context.extension.id, [
      models.onDidChange,
      choices.onDidChange,
      suggestions.onDidResume,
    ]),
  );
  void models.refresh();
  void overlay.restore();
  diary.activation = performance.now() - began;
  log.info(
    `Unroll ${context.extension.packageJSON.version} is active after ${diary.activation.toFixed(1)} ms`,
  );
}
