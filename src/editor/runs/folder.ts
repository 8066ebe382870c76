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
import type { FileDocument, TrainingDocument } from '../../protocol/trainer.ts';
import { isSecret } from '../settings/secrets.ts';
import { number } from '../text/numberFormat.ts';
import { say, withProgress } from '../ui/messages.ts';
import { GitIgnore } from './gitIgnore.ts';
import { isNotebook, type SourceText, textsOf } from './trainingText.ts';

export interface Limits {
  /** The most files. A folder with more is likely a whole disk, and takes long to list. */
  readonly files: number;
  /** The most characters in memory. Beyond them, files are left to the worker, which reads them in blocks. */
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
  beyond: (count, { characters }) =>
    l10n.t('{0} that are not in UTF-8 on disk, after {1} characters of such', count, number(characters)),
};

interface FilesRead {
  readonly files: number;
  /** The texts of the files; a notebook has one for each cell. */
  readonly documents: readonly TrainingDocument[];
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
  const { documents, leftOut } = read;
  for (const [reason, files] of leftOut)
    for (const file of files) log.debug(`Training on ${title}: left out, ${reason}: ${file.fsPath}`);
  const remark = sayRead(read, limits);
  if (documents.length === 0) return l10n.t('{0} matches no text to train on. {1}', title, remark);
  return { documents, title, uri: folder, pattern, languageId: '', remarks: [remark] };
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
  const gathered = new Gathered(limits.characters);
  const leftOut = new Map<Reason, Uri[]>();
  let read = 0;
  for (const [index, file] of files.entries()) {
    if (token.isCancellationRequested) return null;
    if (index % reportEvery === 0)
      progress.report({
        message: l10n.t('{0} of {1} files', number(index), number(files.length)),
        increment: index === 0 ? 0 : (100 * reportEvery) / files.length,
      });
    const found: Found | Reason = (await isSecret(file))
      ? 'secret'
      : (await ignores(file))
        ? 'ignored'
        : await readFile(file, open.get(file.toString()));
    const reason = typeof found === 'string' ? found : gathered.add(found) ? null : 'beyond';
    if (reason === null) {
      read++;
      continue;
    }
    const others = leftOut.get(reason);
    if (others) others.push(file);
    else leftOut.set(reason, [file]);
  }
  return token.isCancellationRequested ? null : { files: read, documents: gathered.documents, leftOut };
}

/** The texts of a file, and whether the worker can read them itself. */
interface Found {
  readonly texts: readonly string[];
  /** The file, if the worker would read the same text in it; otherwise null. */
  readonly file: FileDocument | null;
}

/** The documents that were read, in memory as long as they are not too long together. */
class Gathered {
  readonly #most: number;
  /** Each document, and the file that may stand for it. */
  #documents: { readonly document: TrainingDocument; readonly file: FileDocument | null }[] = [];
  /** The characters in memory. */
  #characters = 0;
  #isLong = false;

  constructor(most: number) {
    this.#most = most;
  }

  get documents(): TrainingDocument[] {
    return this.#documents.map(({ document }) => document);
  }

  /** @returns false if there is no room left for what cannot be read from disk */
  add({ texts, file }: Found): boolean {
    const characters = texts.reduce((sum, { length }) => sum + length, 0);
    if (!this.#isLong && this.#characters + characters > this.#most) this.#leaveToDisk();
    if (this.#isLong && file) {
      this.#documents.push({ document: file, file });
      return true;
    }
    if (this.#characters >= this.#most) return false;
    this.#documents.push(...texts.map((document) => ({ document, file })));
    this.#characters += characters;
    return true;
  }

  #leaveToDisk(): void {
    this.#isLong = true;
    this.#documents = this.#documents.map(({ document, file }) => ({ document: file ?? document, file }));
    this.#characters = this.#documents.reduce(
      (sum, { document }) => sum + (typeof document === 'string' ? document.length : 0),
      0,
    );
  }
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
): Promise<Found | Reason> {
  if (open && 'cellCount' in open) return learnable(textsOf(open));
  const read = open ? { text: open.getText(), onDisk: null } : await readText(file);
  if (typeof read === 'string') return read;
  const { text, onDisk } = read;
  if (!isNotebook(file) || text.trim() === '') return learnable([text], onDisk);
  const cells = readNotebook(text);
  return cells === null ? 'no notebook' : learnable(cells);
}

function learnable(texts: readonly string[], file: FileDocument | null = null): Found | Reason {
  if (texts.some(holdsPrivateKey)) return 'secret';
  return texts.some((text) => text.trim() !== '') ? { texts, file } : 'empty';
}

async function readText(file: Uri): Promise<{ text: string; onDisk: FileDocument | null } | Reason> {
  const bytes = await readBytes(file, isNotebook(file) ? largestNotebook : largest);
  if (!(bytes instanceof Uint8Array)) return bytes.reason;
  const text = await decode(file, bytes);
  if (text === null || text.includes('\0')) return 'binary';
  return { text, onDisk: file.scheme === 'file' && isUtf8(bytes, text) ? { path: file.fsPath } : null };
}

/** Whether the bytes are the text in UTF-8, in which the worker reads files. */
function isUtf8(bytes: Uint8Array, text: string): boolean {
  return new TextDecoder().decode(bytes) === text;
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
