import { type ExtensionContext, Uri, window } from 'vscode';
import { panelViewType } from './contributions.ts';
import { CountedTexts } from './editor/inlineCompletion/countedTexts.ts';
import { CompletionProvider } from './editor/inlineCompletion/inlineCompletionProvider.ts';
import { openAhead } from './editor/inlineCompletion/openAhead.ts';
import { registerCompletion } from './editor/inlineCompletion/registerCompletion.ts';
import { createStatusBarItem } from './editor/inlineCompletion/statusBar.ts';
import { Suggestions } from './editor/inlineCompletion/suggestionState.ts';
import { registerInText } from './editor/inText/register.ts';
import { LastText } from './editor/language/lastText.ts';
import { Choices } from './editor/models/choices.ts';
import { followTrained } from './editor/models/followTrained.ts';
import { FrontModel } from './editor/models/frontModel.ts';
import { keepModels, Models } from './editor/models/models.ts';
import { registerModelsView } from './editor/models/modelsView.ts';
import { followMovedTexts } from './editor/models/movedTexts.ts';
import { registerStorage } from './editor/models/storage.ts';
import { Overlay } from './editor/panel/overlay.ts';
import { Panel } from './editor/panel/panel.ts';
import { keepShown } from './editor/panel/restore.ts';
import { Diary } from './editor/report/diary.ts';
import { registerRnn } from './editor/rnn/register.ts';
import { logRuns } from './editor/runs/runLog.ts';
import { Runs } from './editor/runs/runs.ts';
import { modelsDirectory, registerTraining } from './editor/runs/train.ts';
import { registerTable } from './editor/table/register.ts';
import { registerWalkthrough } from './editor/walkthrough/walkthrough.ts';
import { InspectorClient } from './editor/workers/inspectorClient.ts';
import { PredictorClient } from './editor/workers/predictorClient.ts';
import { startTrainerOn } from './editor/workers/trainerHost.ts';
import { WideRecord } from './editor/workers/wideRecord.ts';
import { nodeProcesses } from './platform/node/processes.ts';
import { machineName, mayRevectorize, wideOptions } from './platform/node/revectorizer.ts';
import {
  predictorLimits,
  startProcess,
  startThread,
  trainerLimits,
  trainerOptions,
} from './platform/node/startWorker.ts';

export function activate(context: ExtensionContext): void {
  const began = performance.now();
  const script = (name: string) => Uri.joinPath(context.extensionUri, 'out', `${name}.cjs`).fsPath;
  const worker = (name: string) => () => startThread(script(name));
  const log = window.createOutputChannel('Unroll', { log: true });
  const { version } = context.extension.packageJSON;
  const runs = new Runs(
    startTrainerOn({
      process: (options) => startProcess(script('trainer'), [...trainerOptions, ...options]),
      thread: () => startThread(script('trainer'), trainerLimits),
      wide: mayRevectorize
        ? {
            options: wideOptions,
            record: new WideRecord(context.globalState, `${machineName()}, Unroll ${version}`),
          }
        : null,
      warn: (message) => log.warn(message),
    }),
  );
  const diary = new Diary(log);
  const predictor = new PredictorClient(() => startThread(script('predictor'), predictorLimits), diary);
  const inspector = new InspectorClient(worker('inspector'));
  const choices = new Choices(context.workspaceState);
  const models = new Models(modelsDirectory(context), choices, diary, nodeProcesses);
  const suggestions = new Suggestions();
  const countedTexts = new CountedTexts(runs, predictor);
  const completion = new CompletionProvider(models, predictor, suggestions, diary, countedTexts);
  const overlay = new Overlay(context.workspaceState, nodeProcesses);
  const front = new FrontModel(models, choices);
  const panel = new Panel(context, runs, overlay, front, worker('sampler'));
  const table = registerTable({ context, models, inspector, suggestions, diary });
  const processes = nodeProcesses;
  const training = { context, runs, panel, log, choices, processes, chooseTask: table.chooseTask };
  const lastText = new LastText();

  context.subscriptions.push(
    log,
    runs,
    predictor,
    choices,
    inspector,
    models,
    overlay,
    front,
    panel,
    suggestions,
    table,
    createStatusBarItem(runs, suggestions, front),
    registerModelsView({ models, choices, front, overlay, training, exporter: worker('exporter') }),
    lastText,
    registerRnn({ models, training, overlay, choices, lastText, laboratory: worker('laboratory') }),
    registerStorage({ models, choices, overlay, training, workers: [predictor, inspector] }),
    registerWalkthrough(context.extension.id, context.extensionUri),
    registerInText({ context, models, runs, inspector, diary, lastText }),
    logRuns(runs, log, diary),
    keepModels(models, runs, overlay),
    followMovedTexts({ models, choices, runs, table, memento: context.workspaceState, diary }),
    keepShown(models, runs, context.workspaceState, nodeProcesses),
    followTrained(models, runs),
    registerTraining(training, lastText),
    window.registerWebviewPanelSerializer(panelViewType, {
      deserializeWebviewPanel: async (webviewPanel) => panel.adopt(webviewPanel),
    }),
    countedTexts,
    completion,
    openAhead({ models, front, predictor, suggestions }),
    registerCompletion(table.over(completion), context.extension.id, [
      models.onDidChange,
      choices.onDidChange,
      countedTexts.onDidChange,
      predictor.onDidRead,
      suggestions.onDidResume,
    ]),
  );
  void models.refresh();
  void overlay.restore();
  diary.activation = performance.now() - began;
  log.info(`Unroll ${version} is active after ${diary.activation.toFixed(1)} ms`);
}
