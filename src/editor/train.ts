// The commands that train on a text, and what every way to train has in common.
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import {
  type ExtensionContext,
  type LogOutputChannel,
  l10n,
  ProgressLocation,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { settingsSection } from '../contributions.ts';
import { options } from '../language/optionTable.ts';
import type { RunStatus } from '../protocol/run.ts';
import { readFolder } from './folder.ts';
import { duration, number } from './format.ts';
import type { Panel } from './panel.ts';
import type { Runs } from './runs.ts';
import { isSecret } from './secrets.ts';
import { currentText, type SourceText, selectedText, textAt } from './text.ts';

/** Where runs are started and shown. */
export interface Training {
  readonly context: ExtensionContext;
  readonly runs: Runs;
  readonly panel: Panel;
  readonly log: LogOutputChannel;
}

/** A cell of the user's own to train with. */
export interface OwnCell {
  /** Text of its file, saved or not. */
  readonly definition: string;
  readonly name: string;
}

export async function trainOnCurrentFile(training: Training): Promise<RunStatus | undefined> {
  const source = await currentText();
  if (source) return startTraining(training, source);
  void window.showWarningMessage(l10n.t('Open a text to train on: a source file, a log, notes.'));
  return undefined;
}

export async function trainOnFile(training: Training, file: Uri): Promise<RunStatus | undefined> {
  const source = await textAt(file);
  if (source) return startTraining(training, source);
  void window.showWarningMessage(l10n.t('{0} cannot be read.', workspace.asRelativePath(file)));
  return undefined;
}

export async function trainOnSelection(training: Training): Promise<RunStatus | undefined> {
  const source = window.activeTextEditor && selectedText(window.activeTextEditor);
  if (source) return startTraining(training, source);
  void window.showWarningMessage(l10n.t('Select a text to train on first.'));
  return undefined;
}

/** Asks which of its files, and for the folder where none is given. */
export async function trainOnFolder(training: Training, folder?: Uri): Promise<RunStatus | undefined> {
  const root = folder ?? (await chooseFolder());
  if (!root) return undefined;
  const pattern = await window.showInputBox({
    title: l10n.t('Train on {0}', workspace.asRelativePath(root)),
    prompt: l10n.t('Which files below the folder, as a glob; `**` is all of them, `**/*.{md,txt}` some'),
    value: '**',
    validateInput: (text) => (text.trim() === '' ? l10n.t('`**` names all files.') : undefined),
  });
  if (pattern === undefined) return undefined;
  const source = await readFolder(root, pattern.trim(), training.log);
  return source ? startTraining(training, source) : undefined;
}

async function chooseFolder(): Promise<Uri | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length > 1) return (await window.showWorkspaceFolderPick())?.uri;
  if (folders.length === 0) void window.showWarningMessage(l10n.t('Open a folder to train on first.'));
  return folders[0]?.uri;
}

/** Asks before it ends a run that is under way. */
export async function startTraining(
  { context, runs, panel }: Training,
  source: SourceText,
  cell: OwnCell | null = null,
): Promise<RunStatus | undefined> {
  if (isSecret(source.uri)) {
    void window.showWarningMessage(
      l10n.t(
        '{0} looks like a file with secrets: nothing is trained on it. The setting `unroll.secrets` says which files are.',
        source.title,
      ),
    );
    return undefined;
  }
  if (runs.running) {
    const answer = await window.showWarningMessage(
      l10n.t('A training on {0} is under way.', runs.snapshot!.title),
      { modal: true, detail: l10n.t('It can be stopped here; what it has learned so far is kept.') },
      l10n.t('Stop It and Train'),
    );
    if (!answer) return undefined;
  }
  panel.show();
  const title = cell ? l10n.t('{0} with {1}', source.title, cell.name) : source.title;
  return withProgress(runs, title, () =>
    runs.start({
      documents: source.documents,
      source: source.title,
      title,
      uri: source.uri.toString(),
      pattern: source.pattern,
      sourceCharacters: source.characters,
      remarks: source.remarks,
      languageId: source.languageId,
      directory: join(modelsDirectory(context), folderName(source)),
      settings: settings(source.uri),
      definition: cell?.definition ?? null,
      cell: cell?.name ?? null,
    }),
  );
}

export function modelsDirectory(context: ExtensionContext): string {
  return join((context.storageUri ?? context.globalStorageUri).fsPath, 'models');
}

/** Readable, and different for different texts. */
function folderName({ uri, pattern }: SourceText): string {
  const readable = basename(uri.path)
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 40);
  return `${readable}-${createHash('sha256')
    .update(`${uri}${pattern ?? ''}`)
    .digest('hex')
    .slice(0, 8)}`;
}

/** All that the user has set, by name without the prefix. */
function settings(scope: Uri): Record<string, unknown> {
  const configuration = workspace.getConfiguration(settingsSection, scope);
  const names = [
    ...options.map(({ section, name }) => `${section}.${name}`),
    'engine.kind',
    'engine.threads',
  ];
  return Object.fromEntries(names.map((name) => [name, configuration.get(name)]));
}

/** A notification while the run lasts; its Cancel stops the run, which keeps what it has learned. */
async function withProgress(runs: Runs, title: string, run: () => Promise<RunStatus>): Promise<RunStatus> {
  const status = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Training on {0}', title), cancellable: true },
    async (progress, token) => {
      let shown = 0;
      const listener = runs.onDidUpdate(({ snapshot }) => {
        if (!snapshot.progress) return;
        const { fraction, secondsLeft } = snapshot.progress;
        const loss = snapshot.points.validations.at(-1)?.loss ?? snapshot.points.steps.at(-1)?.loss;
        progress.report({
          increment: 100 * (fraction - shown),
          message: [
            ...(loss === undefined ? [] : [l10n.t('{0} bits per character', loss.toFixed(2))]),
            ...(secondsLeft === null ? [] : [l10n.t('{0} left', duration(secondsLeft))]),
          ].join(', '),
        });
        shown = fraction;
      });
      token.onCancellationRequested(() => runs.stop());
      try {
        return await run();
      } finally {
        listener.dispose();
      }
    },
  );
  if (status.kind === 'failed') void window.showErrorMessage(status.message);
  if (status.kind === 'ended') {
    const { validationLoss, trainLoss, characters } = status.result;
    void window.showInformationMessage(
      l10n.t(
        'Trained on {0}: {1} bits per character after {2} characters. Suggestions come as you type.',
        title,
        (validationLoss ?? trainLoss).toFixed(2),
        number(characters),
      ),
    );
  }
  return status;
}
