// Reads the files below a folder that match a glob, as a text to train on.
import {
  type CancellationToken,
  type LogOutputChannel,
  l10n,
  type NotebookDocument,
  type Progress,
  RelativePattern,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import { readNotebook } from '../../protocol/notebook.ts';
import { holdsPrivateKey } from '../../protocol/secrets.ts';
import { isSecret } from '../settings/secrets.ts';
import { number } from '../text/numberFormat.ts';
import { say, withProgress } from '../ui/messages.ts';
import { GitIgnore } from './gitIgnore.ts';
import { isNotebook, type SourceText, textsOf } from './trainingText.ts';

export interface Limits {
  /** The most files. A folder with more is likely a whole disk, and takes long to list. */
  readonly files: number;
  /** The most characters. This limits memory, and training reads no more. */
  readonly characters: number;
}

const usual: Limits = { files: 50_000, characters: 10_000_000 };

/** The most bytes of a file; larger ones are usually generated, and would dominate the others. */
const largest = 1_000_000;

/** The most bytes of a notebook's file. Only its cells are read, though pictures may be most of it. */
const largestNotebook = 20_000_000;

/** The number of files between two progress reports. */
export const reportEvery = 20;

type Reason = 'secret' | 'ignored' | 'large' | 'binary' | 'empty' | 'no notebook' | 'unreadable' | 'beyond';

const sayLeftOut: Readonly<Record<Reason, (count: string, limits: Limits) => string>> = {
  secret: (count) => l10n.t('{0} like secrets', count),
  ignored: (count) => l10n.t('{0} named by .gitignore', count),
  large: (count) => l10n.t('{0} larger than 1 MB', count),
  binary: (count) => l10n.t('{0} not text', count),
  empty: (count) => l10n.t('{0} empty', count),
  'no notebook': (count) => l10n.t('{0} damaged notebooks', count),
  unreadable: (count) => l10n.t('{0} unreadable', count),
  beyond: (count, { characters }) => l10n.t('{0} after the first {1} characters', count, number(characters)),
};

interface FilesRead {
  readonly files: number;
  /** The texts of the files; a notebook has one for each cell. */
  readonly documents: readonly string[];
  readonly characters: number;
  readonly leftOut: ReadonlyMap<Reason, readonly Uri[]>;
}

/**
 * Reads a folder with a progress that can be cancelled. Resolves to null if it was cancelled, or if there is
 * nothing to read, which the user is told.
 */
export async function readFolder(
  folder: Uri,
  pattern: string,
  log: LogOutputChannel,
): Promise<SourceText | null> {
  const read = await withProgress(l10n.t('Reading {0}', titleOf(folder, pattern)), (progress, token) =>
    unlessCancelled(gather(folder, pattern, log, usual, progress, token), token),
  );
  if (typeof read !== 'string') return read;
  void say.warning(read);
  return null;
}

/**
 * Resolves to null as soon as it is cancelled, so that nobody has to wait for a disk that does not answer.
 */
export function unlessCancelled<Value>(
  work: Promise<Value>,
  token: CancellationToken,
): Promise<Value | null> {
  const cancelled = new Promise<null>((resolve) => token.onCancellationRequested(() => resolve(null)));
  return Promise.race([work, cancelled]);
}

/** Returns the text to train on, or a sentence why there is none; null if it was cancelled. */
export async function gather(
  folder: Uri,
  pattern: string,
  log: Pick<LogOutputChannel, 'debug'>,
  limits: Limits,
  progress: Progress<{ message: string; increment: number }>,
  token: CancellationToken,
): Promise<SourceText | string | null> {
  const title = titleOf(folder, pattern);
  const found = await findFiles(folder, pattern, limits, token);
  if (found.length > limits.files)
    return l10n.t(
      '{0} matches more than {1} files: choose a subfolder or a narrower pattern.',
      title,
      number(limits.files),
    );
  const read = await readFiles(found, await gitIgnoreBelow(folder), limits, progress, token);
  if (read === null) return null;
  const { documents, characters, leftOut } = read;
  for (const [reason, files] of leftOut)
    for (const file of files) log.debug(`Training on ${title}: left out, ${reason}: ${file.fsPath}`);
  const remark = sayRead(read, limits);
  if (documents.length === 0) return l10n.t('{0} matches no text to train on. {1}', title, remark);
  return { documents, characters, title, uri: folder, pattern, languageId: '', remarks: [remark] };
}

function titleOf(folder: Uri, pattern: string): string {
  const root = workspace.getWorkspaceFolder(folder);
  const own = root?.uri.path === folder.path ? root.name : workspace.asRelativePath(folder);
  return `${own}/${pattern}`;
}

/**
 * Returns the files in the order of their paths, so that the result does not depend on the order of the
 * search.
 */
async function findFiles(
  folder: Uri,
  pattern: string,
  limits: Limits,
  token: CancellationToken,
): Promise<Uri[]> {
  const hidden = workspace.getConfiguration('search', folder).get<Record<string, unknown>>('exclude', {});
  const globs = Object.keys(hidden).filter((glob) => hidden[glob] === true);
  const found = await workspace.findFiles(
    new RelativePattern(folder, pattern),
    // VS Code always leaves out what `files.exclude` names.
    globs.length > 0 ? `{${globs.join(',')}}` : undefined,
    limits.files + 1,
    token,
  );
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Returns null if it was cancelled. */
async function readFiles(
  files: readonly Uri[],
  ignores: (file: Uri) => Promise<boolean>,
  limits: Limits,
  progress: Progress<{ message: string; increment: number }>,
  token: CancellationToken,
): Promise<FilesRead | null> {
  const open = openTexts();
  const documents: string[] = [];
  const leftOut = new Map<Reason, Uri[]>();
  let characters = 0;
  let read = 0;
  for (const [index, file] of files.entries()) {
    if (token.isCancellationRequested) return null;
    if (index % reportEvery === 0)
      progress.report({
        message: l10n.t('{0} of {1} files', number(index), number(files.length)),
        increment: index === 0 ? 0 : (100 * reportEvery) / files.length,
      });
    const texts: readonly string[] | Reason = (await isSecret(file))
      ? 'secret'
      : (await ignores(file))
        ? 'ignored'
        : characters >= limits.characters
          ? 'beyond'
          : await readFile(file, open.get(file.toString()));
    if (typeof texts === 'string') {
      const others = leftOut.get(texts);
      if (others) others.push(file);
      else leftOut.set(texts, [file]);
      continue;
    }
    for (const text of texts) {
      documents.push(text);
      characters += text.length;
    }
    read++;
  }
  return token.isCancellationRequested ? null : { files: read, documents, characters, leftOut };
}

/** Returns the open documents and notebooks, saved or not, by URI. */
function openTexts(): Map<string, TextDocument | NotebookDocument> {
  const { textDocuments, notebookDocuments } = workspace;
  return new Map(
    [...textDocuments, ...notebookDocuments].map((document) => [document.uri.toString(), document]),
  );
}

/** Returns the file's text, or the texts of its cells if it is a notebook. */
async function readFile(
  file: Uri,
  open: TextDocument | NotebookDocument | undefined,
): Promise<readonly string[] | Reason> {
  if (open && 'cellCount' in open) return learnable(textsOf(open));
  const read = open?.getText() ?? (await readText(file));
  if (typeof read !== 'string') return read.reason;
  if (!isNotebook(file) || read.trim() === '') return learnable([read]);
  const cells = readNotebook(read);
  return cells === null ? 'no notebook' : learnable(cells);
}

function learnable(texts: readonly string[]): readonly string[] | Reason {
  if (texts.some(holdsPrivateKey)) return 'secret';
  return texts.some((text) => text.trim() !== '') ? texts : 'empty';
}

async function readText(file: Uri): Promise<string | { reason: Reason }> {
  const bytes = await readBytes(file, isNotebook(file) ? largestNotebook : largest);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const text = await decode(file, bytes);
  return text === null || text.includes('\0') ? { reason: 'binary' } : text;
}

async function readBytes(file: Uri, most: number): Promise<Uint8Array | { reason: Reason }> {
  try {
    const { size } = await workspace.fs.stat(file);
    return size > most ? { reason: 'large' } : await workspace.fs.readFile(file);
  } catch {
    return { reason: 'unreadable' };
  }
}

/** Decodes a file by the user's settings and its byte order mark; null if it is not a text. */
async function decode(uri: Uri, bytes: Uint8Array): Promise<string | null> {
  try {
    return await workspace.decode(bytes, { uri });
  } catch {
    return null;
  }
}

/**
 * Returns whether the repository's `.gitignore` files leave out a file. The setting `search.useIgnoreFiles`
 * turns this off.
 */
async function gitIgnoreBelow(folder: Uri): Promise<(file: Uri) => Promise<boolean>> {
  if (!workspace.getConfiguration('search', folder).get('useIgnoreFiles', true)) return async () => false;
  const root = await repositoryOf(folder);
  const gitIgnore = new GitIgnore(async (path) => {
    const uri = Uri.joinPath(root, path);
    const bytes = await readBytes(uri, largest);
    return bytes instanceof Uint8Array ? decode(uri, bytes) : null;
  });
  const start = root.path.replace(/\/*$/, '/').length;
  return (file) => gitIgnore.ignores(file.path.slice(start));
}

/**
 * Returns the nearest folder upwards that contains `.git`, else the workspace's folder, else the folder
 * itself.
 */
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

/** Tells how many files were read, and why others were left out. */
function sayRead({ files, leftOut }: FilesRead, limits: Limits): string {
  const read = l10n.t('Files read: {0}.', number(files));
  const why = [...leftOut].map(([reason, { length }]) => sayLeftOut[reason](number(length), limits));
  return why.length > 0 ? `${read} ${l10n.t('Left out: {0}.', why.join(', '))}` : read;
}
