// Keeps what is known of a text when its file or a folder above it is renamed, and when an untitled text becomes a file.
import { Disposable, l10n, type Memento, type TextDocument, type Uri, workspace } from 'vscode';
import type { Diary } from '../report/diary.ts';
import type { Runs } from '../runs/runs.ts';
import type { Table } from '../table/register.ts';
import { onDidCloseDocument } from '../ui/closedDocuments.ts';
import { say } from '../ui/messages.ts';
import type { Choices } from './choices.ts';
import type { Models } from './models.ts';

interface Parts {
  readonly models: Models;
  readonly choices: Choices;
  readonly runs: Runs;
  readonly table: Pick<Table, 'follow'>;
  /** The state of the workspace, which holds the remembered tasks. */
  readonly memento: Memento;
  readonly diary: Diary;
}

export function followMovedTexts({ models, choices, runs, table, memento, diary }: Parts): Disposable {
  const follow = async (from: Uri, to: Uri) => {
    try {
      const known = models.all.map(({ directory, manifest }) => ({
        directory,
        uri: manifest.provenance.uri,
      }));
      // The model of a run that has just begun is not on disk yet.
      const begun = runs.directory === null ? [] : [{ directory: runs.directory, uri: runs.uri }];
      const { moveText } = await import('./moveText.ts');
      await moveText(choices, memento, [...begun, ...known], from, to);
      // The editor of the moved text may have become active before.
      table.follow();
      await models.refresh();
    } catch (error) {
      const { message } = error as Error;
      diary.problem('model', `${from} has become ${to}, and its models could not follow: ${message}`);
      void say.warning(
        l10n.t(
          'The models of {0} could not be kept for {1}: {2}. Choose one for it in the list of models, or train on it again.',
          workspace.asRelativePath(from),
          workspace.asRelativePath(to),
          message,
        ),
      );
    }
  };
  let lastMove = Promise.resolve();
  const move = (from: Uri, to: Uri) => {
    lastMove = lastMove.then(() => follow(from, to));
  };
  let lastSaved: TextDocument | null = null;
  return Disposable.from(
    workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) move(oldUri, newUri);
    }),
    workspace.onDidSaveTextDocument((document) => {
      lastSaved = document;
    }),
    // VS Code has no event for an untitled text that becomes a file: it writes the file, saves it, and closes the text.
    onDidCloseDocument((document) => {
      const saved = lastSaved;
      lastSaved = null;
      if (document.isUntitled && saved && isSameText(document, saved)) move(document.uri, saved.uri);
    }),
  );
}

/** Whether two texts differ at most in the white space that VS Code may change when it saves. */
function isSameText(a: TextDocument, b: TextDocument): boolean {
  const trimmed = (document: TextDocument) => {
    const lines = document.getText().split('\n');
    return lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  };
  return trimmed(a) === trimmed(b);
}
