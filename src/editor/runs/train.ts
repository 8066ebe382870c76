// The commands that train on a text, and what all of them share.
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import {
  type ConfigurationScope,
  commands,
  Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  l10n,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { commands as names, optionNames, settingsSection } from '../../contributions.ts';
import { latestOutcome } from '../../protocol/outcome.ts';
import type { RunStart, RunStatus } from '../../protocol/run.ts';
import type { TaskChoice } from '../../protocol/task.ts';
import type { TrainRequest } from '../../protocol/trainer.ts';
import type { Processes } from '../../store/files.ts';
import type { LastText } from '../language/lastText.ts';
import type { Choices } from '../models/choices.ts';
import { readIsTrained } from '../models/modelFiles.ts';
import { readStoredRun } from '../models/storedRun.ts';
import type { Panel } from '../panel/panel.ts';
import { secretIn } from '../settings/secrets.ts';
import { inFull } from '../text/metricText.ts';
import { duration } from '../text/numberFormat.ts';
import { say, throttled, withProgress } from '../ui/messages.ts';
import { momentOf } from './moment.ts';
import { secretInRun } from './runSecrets.ts';
import type { Runs } from './runs.ts';
import { currentText, type SourceText, selectedText, textAt, textOf } from './trainingText.ts';

/** The objects that start and show runs. */
export interface Training {
  readonly context: ExtensionContext;
  readonly runs: Runs;
  readonly panel: Panel;
  readonly log: LogOutputChannel;
  readonly choices: Choices;
  readonly processes: Processes;
  /**
   * Asks for the task of a run on a text, where that is not plain. Resolves to null where nothing needs
   * to be said, and to undefined if the user has cancelled.
   */
  chooseTask(source: SourceText, definition: string | null): Promise<TaskChoice | null | undefined>;
}

/** A cell of the user's own to train with. */
export interface OwnCell {
  /** The text of its file, saved or not. */
  readonly definition: string;
  readonly name: string;
}

export function registerTraining(training: Training, last: LastText): Disposable {
  const { runs, panel } = training;
  return Disposable.from(
    commands.registerCommand(names.train, () => trainOnCurrentFile(training, last)),
    commands.registerCommand(names.trainOnSelection, () => trainOnSelection(training)),
    commands.registerCommand(names.trainOnFile, (file: Uri) => trainOnFile(training, file)),
    commands.registerCommand(names.trainOnFolder, (folder?: Uri) => trainOnFolder(training, folder)),
    commands.registerCommand(names.stop, () => runs.stop()),
    ...(['pause', 'resume', 'rewind'] as const).map((type) =>
      commands.registerCommand(names[type], () => runs.send({ type })),
    ),
    commands.registerCommand(names.extend, () => continueTraining(training)),
    commands.registerCommand(names.showPanel, () => panel.show()),
  );
}

/** @param last the text that was active last, which is used if none is visible, as in the walkthrough */
async function trainOnCurrentFile(training: Training, last: LastText): Promise<RunStatus | undefined> {
  const source = (await currentText()) ?? (last.document && textOf(last.document));
  if (source) return startTraining(training, source);
  void say.warning(l10n.t('Open a text to train on: a source file, a log, notes.'));
  return undefined;
}

async function trainOnFile(training: Training, file: Uri): Promise<RunStatus | undefined> {
  const source = await textAt(file);
  if (source) return startTraining(training, source);
  void say.warning(l10n.t('{0} cannot be read.', workspace.asRelativePath(file)));
  return undefined;
}

async function trainOnSelection(training: Training): Promise<RunStatus | undefined> {
  const source = window.activeTextEditor && selectedText(window.activeTextEditor);
  if (source) return startTraining(training, source);
  void say.warning(l10n.t('Select a text to train on first.'));
  return undefined;
}

/** @param folder the folder that was clicked; the user is asked for one if it is missing */
async function trainOnFolder(training: Training, folder?: Uri): Promise<RunStatus | undefined> {
  const { chooseFolder } = await import('./chooseFolder.ts');
  const source = await chooseFolder(folder, training.log);
  return source ? startTraining(training, source) : undefined;
}

/** An earlier run that is trained again. */
export interface Again {
  /** The task that it is trained for. */
  readonly task: TaskChoice;
  /** The folder of the model with whose weights the run begins; null begins anew. */
  readonly begins: string | null;
  /** The values of the command line that it was trained with, by the names of settings; they override the cell's file. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Starts a run; asks before it ends one that is under way.
 * @param again the earlier run; null asks for the task where that is not plain
 */
export async function startTraining(
  training: Training,
  source: SourceText,
  cell: OwnCell | null = null,
  said: Record<string, unknown> = {},
  again: Again | null = null,
): Promise<RunStatus | undefined> {
  if (!(await mayTrain(training, source))) return undefined;
  const task = again?.task ?? (await training.chooseTask(source, cell?.definition ?? null));
  if (task === undefined) return undefined;
  const begins = again?.begins ?? null;
  const request = {
    ...requestFor(training, source, cell, said),
    ...(task && { task }),
    ...(begins !== null && { begins }),
    ...(again && { options: again.options }),
  };
  // Runs of an earlier comparison would hide the new one.
  training.panel.clear();
  training.panel.show();
  return followRun(training.runs, request.title, source, () => training.runs.start(request));
}

/** Continues the run that is shown, or one on disk from its checkpoint. */
export async function continueTraining(
  { runs, panel, log, choices, processes }: Training,
  directory: string | null = runs.directory,
): Promise<RunStatus | undefined> {
  if (runs.live && directory === runs.directory) {
    panel.show();
    runs.send({ type: 'extend' });
    return undefined;
  }
  if (!directory) return undefined;
  if (await readIsTrained(directory, processes)) {
    void say.information(
      l10n.t(
        'This run is being trained in another window or on the command line. Stop it there to continue it here, or train again, which makes a model of its own.',
      ),
    );
    return undefined;
  }
  if (!(await mayStop(runs))) return undefined;
  const run = await readStoredRun(directory, processes);
  if (!run) {
    void say.warning(
      l10n.t('The history of this run cannot be read, so it cannot go on. Train on the text again.'),
    );
    return undefined;
  }
  const secret = await secretInRun(directory, choices);
  if (secret !== null) {
    void say.warning(secret);
    return undefined;
  }
  const { longTextAgain, textOfRun } = await import('./trainAgain.ts');
  const documents = await longTextAgain(directory, choices, log);
  if (documents === 'cancelled') return undefined;
  const text = await textOfRun(directory, choices);
  panel.show();
  const request = { directory, settings: engineSettings(), ...(documents && { documents }) };
  return followRun(runs, run.title, text, () => runs.continue(request, run));
}

/** Whether nothing forbids training on the text; asks before it ends a run that is under way. */
export const mayTrain = async ({ runs }: Training, source: SourceText): Promise<boolean> =>
  (await mayRead(source)) && (await mayStop(runs));

/** Whether the text holds no secret; it says what it holds. Nothing may read a text before. */
export async function mayRead(source: SourceText): Promise<boolean> {
  const secret = await secretIn(source, source.documents);
  if (secret !== null) void say.warning(secret);
  return secret === null;
}

export async function mayStop(runs: Runs): Promise<boolean> {
  if (!runs.running) return true;
  const answer = await say.ask(
    l10n.t('A training on {0} is under way.', runs.snapshot!.title),
    l10n.t('It can be stopped here; what it has learned so far is kept.'),
    l10n.t('Stop It and Train'),
  );
  return answer !== undefined;
}

/** @param said settings that override the user's */
export function requestFor(
  { context }: Training,
  source: SourceText,
  cell: OwnCell | null,
  said: Record<string, unknown> = {},
): TrainRequest {
  return {
    documents: source.documents,
    source: source.title,
    title: cell ? l10n.t('{0} with {1}', source.title, cell.name) : source.title,
    uri: source.uri.toString(),
    pattern: source.pattern,
    remarks: source.remarks,
    languageId: source.languageId,
    directory: join(modelsDirectory(context), `${folderName(source)}-${timestamp()}`),
    settings: { ...settings(source.uri), ...said },
    definition: cell?.definition ?? null,
    cell: cell?.name ?? null,
  };
}

export function modelsDirectory(context: ExtensionContext): string {
  return join((context.storageUri ?? context.globalStorageUri).fsPath, 'models');
}

/** Returns a folder name that is readable and differs between texts. */
function folderName({ uri, pattern }: SourceText): string {
  const readable = basename(uri.path)
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 40);
  return `${readable}-${createHash('sha256')
    .update(`${uri}${pattern ?? ''}`)
    .digest('hex')
    .slice(0, 8)}`;
}

/** Returns the time of the run, so that each has a folder of its own. */
const timestamp = () => new Date().toISOString().replace(/\D/g, '');

/** Returns the settings that the user has made, by name without the prefix. A task knows what to do without. */
export function settings(scope: Uri): Record<string, unknown> {
  const configuration = workspace.getConfiguration(settingsSection, scope);
  const names = Object.entries(optionNames).flatMap(([section, own]) =>
    own.map((name) => `${section}.${name}`),
  );
  const isMade = (name: string) => {
    const known = configuration.inspect(name);
    // A setting that is null is said to have no value at all, but it differs from its default.
    const values = [known?.globalValue, known?.workspaceValue, known?.workspaceFolderValue];
    return configuration.get(name) !== known?.defaultValue || values.some((value) => value !== undefined);
  };
  return {
    ...Object.fromEntries(names.filter(isMade).map((name) => [name, configuration.get(name)])),
    ...engineSettings(),
  };
}

export function engineSettings(): Record<string, unknown> {
  const configuration = workspace.getConfiguration(settingsSection);
  return Object.fromEntries(['engine.kind', 'engine.threads'].map((name) => [name, configuration.get(name)]));
}

/** Shows a notification during the run; its Cancel button stops the run, which keeps what it has learned. */
async function followRun(
  runs: Runs,
  title: string,
  text: ConfigurationScope | null,
  run: () => Promise<RunStatus>,
): Promise<RunStatus> {
  let start: RunStart | null = null;
  const status = await withProgress(l10n.t('Training on {0}', title), async (progress, token) => {
    const report = throttled(progress);
    let reported = '';
    const listener = runs.onDidUpdate(({ snapshot }) => {
      start = snapshot.start;
      const moment = momentOf(snapshot);
      if (snapshot.status.kind !== 'running' || !snapshot.progress || moment === reported) return;
      reported = moment;
      const { fraction, secondsLeft } = snapshot.progress;
      const latest = latestOutcome(snapshot);
      report(
        fraction,
        [
          ...(latest ? [inFull(latest)] : []),
          ...(secondsLeft === null ? [] : [l10n.t('{0} left', duration(secondsLeft))]),
        ].join(', '),
      );
    });
    token.onCancellationRequested(() => runs.stop());
    try {
      return await run();
    } finally {
      listener.dispose();
    }
  });
  // A user who has deleted the run needs no message.
  if (runs.snapshot === null) return status;
  const { sayResult } = await import('./runResult.ts');
  sayResult(status, start, title, text);
  return status;
}
