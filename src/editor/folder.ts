// A folder's files, those that a glob names → the text to train on.
import {
  type CancellationToken,
  type LogOutputChannel,
  l10n,
  type Progress,
  ProgressLocation,
  RelativePattern,
  Uri,
  window,
  workspace,
} from 'vscode';
import { number } from './format.ts';
import { GitIgnore } from './gitIgnore.ts';
import { isSecret } from './secrets.ts';
import type { SourceText } from './text.ts';

/** Bounds memory, and is as much as a training reads; in characters. */
const longest = 10_000_000;

/** Of one file, in bytes: what is larger was generated, and would drown the others. */
const largest = 1_000_000;

/** More is somebody's whole disk, and takes long to list. */
const mostFiles = 50_000;

/** Files between two reports. */
const reportEvery = 20;

type Reason = 'secret' | 'ignored' | 'large' | 'binary' | 'empty' | 'unreadable' | 'beyond';

const sayLeftOut: Readonly<Record<Reason, (count: string) => string>> = {
  secret: (count) => l10n.t('{0} like secrets', count),
  ignored: (count) => l10n.t('{0} named by .gitignore', count),
  large: (count) => l10n.t('{0} larger than 1 MB', count),
  binary: (count) => l10n.t('{0} not text', count),
  empty: (count) => l10n.t('{0} empty', count),
  unreadable: (count) => l10n.t('{0} unreadable', count),
  beyond: (count) => l10n.t('{0} after the first {1} characters', count, number(longest)),
};

interface FilesRead {
  readonly documents: readonly string[];
  readonly characters: number;
  readonly leftOut: ReadonlyMap<Reason, readonly Uri[]>;
}

/** With a progress that can be cancelled. null where it was, or where there is nothing to read, which is said. */
export async function readFolder(
  folder: Uri,
  pattern: string,
  log: LogOutputChannel,
): Promise<SourceText | null> {
  const title = titleOf(folder, pattern);
  const read = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Reading {0}', title), cancellable: true },
    async (progress, token) => {
      const files = await findFiles(folder, pattern, token);
      if (files.length > mostFiles) return 'too many';
      return readFiles(files, await gitIgnoreBelow(folder), progress, token);
    },
  );
  if (read === null) return null;
  if (read === 'too many') {
    void window.showWarningMessage(
      l10n.t(
        '{0} names more than {1} files: train on a folder below, or by a narrower pattern.',
        title,
        number(mostFiles),
      ),
    );
    return null;
  }
  const { documents, characters, leftOut } = read;
  for (const [reason, files] of leftOut)
    for (const file of files) log.debug(`Training on ${title}: left out, ${reason}: ${file.fsPath}`);
  const remark = sayRead(read);
  if (documents.length === 0) {
    void window.showWarningMessage(l10n.t('{0} names no text to train on. {1}', title, remark));
    return null;
  }
  return { documents, characters, title, uri: folder, pattern, languageId: '', remarks: [remark] };
}

function titleOf(folder: Uri, pattern: string): string {
  const root = workspace.getWorkspaceFolder(folder);
  const own = root?.uri.path === folder.path ? root.name : workspace.asRelativePath(folder);
  return `${own}/${pattern}`;
}

/** In the order of their paths, whatever order they are found in. */
async function findFiles(folder: Uri, pattern: string, token: CancellationToken): Promise<Uri[]> {
  const hidden = workspace.getConfiguration('search', folder).get<Record<string, unknown>>('exclude', {});
  const globs = Object.keys(hidden).filter((glob) => hidden[glob] === true);
  const found = await workspace.findFiles(
    new RelativePattern(folder, pattern),
    // What `files.exclude` names is left out in any case.
    globs.length > 0 ? `{${globs.join(',')}}` : undefined,
    mostFiles + 1,
    token,
  );
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** null when it was cancelled. */
async function readFiles(
  files: readonly Uri[],
  ignores: (file: Uri) => Promise<boolean>,
  progress: Progress<{ message: string; increment: number }>,
  token: CancellationToken,
): Promise<FilesRead | null> {
  const open = new Map(workspace.textDocuments.map((document) => [document.uri.toString(), document]));
  const documents: string[] = [];
  const leftOut = new Map<Reason, Uri[]>();
  let characters = 0;
  for (const [index, file] of files.entries()) {
    if (token.isCancellationRequested) return null;
    if (index % reportEvery === 0)
      progress.report({
        message: l10n.t('{0} of {1} files', number(index), number(files.length)),
        increment: index === 0 ? 0 : (100 * reportEvery) / files.length,
      });
    const read = isSecret(file)
      ? 'secret'
      : (await ignores(file))
        ? 'ignored'
        : characters >= longest
          ? 'beyond'
          : await readFile(file, open.get(file.toString())?.getText());
    if (typeof read === 'string') {
      const others = leftOut.get(read);
      if (others) others.push(file);
      else leftOut.set(read, [file]);
      continue;
    }
    documents.push(read.text);
    characters += read.text.length;
  }
  return token.isCancellationRequested ? null : { documents, characters, leftOut };
}

/** @param buffer what the editor has of it, saved or not */
async function readFile(file: Uri, buffer: string | undefined): Promise<{ text: string } | Reason> {
  const bytes = buffer === undefined ? await readBytes(file) : null;
  if (typeof bytes === 'string') return bytes;
  const text = bytes ? await decode(file, bytes) : buffer!;
  if (text === null || text.includes('\0')) return 'binary';
  return text.trim() === '' ? 'empty' : { text };
}

async function readBytes(file: Uri): Promise<Uint8Array | Reason> {
  try {
    const { size } = await workspace.fs.stat(file);
    return size > largest ? 'large' : await workspace.fs.readFile(file);
  } catch {
    return 'unreadable';
  }
}

/** By the user's settings and the file's own marks; null for a file that is no text. */
async function decode(uri: Uri, bytes: Uint8Array): Promise<string | null> {
  try {
    return await workspace.decode(bytes, { uri });
  } catch {
    return null;
  }
}

/** What the repository's `.gitignore` files leave out, unless the user does not want it so for searches either. */
async function gitIgnoreBelow(folder: Uri): Promise<(file: Uri) => Promise<boolean>> {
  if (!workspace.getConfiguration('search', folder).get('useIgnoreFiles', true)) return async () => false;
  const root = await repositoryOf(folder);
  const gitIgnore = new GitIgnore(async (path) => {
    const uri = Uri.joinPath(root, path);
    const bytes = await readBytes(uri);
    return typeof bytes === 'string' ? null : decode(uri, bytes);
  });
  const start = root.path.replace(/\/*$/, '/').length;
  return (file) => gitIgnore.ignores(file.path.slice(start));
}

/** The nearest folder above that Git knows, else the workspace's, else the folder itself. */
async function repositoryOf(folder: Uri): Promise<Uri> {
  for (let root = folder; ; root = Uri.joinPath(root, '..')) {
    const isRepository = await workspace.fs.stat(Uri.joinPath(root, '.git')).then(
      () => true,
      () => false,
    );
    if (isRepository) return root;
    if (root.path === Uri.joinPath(root, '..').path)
      return workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  }
}

/** How many files there were, and why not all. */
function sayRead({ documents, leftOut }: FilesRead): string {
  const read = l10n.t('Files read: {0}.', number(documents.length));
  const why = [...leftOut].map(([reason, files]) => sayLeftOut[reason](number(files.length)));
  return why.length > 0 ? `${read} ${l10n.t('Left out: {0}.', why.join(', '))}` : read;
}
