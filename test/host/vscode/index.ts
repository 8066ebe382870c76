// Replaces the module `vscode` in tests that run the extension without an editor: it has as much of the API
// as the extension uses, over the disk, with a window that remembers what it is given to show. See
// `window.ts`.
import { globSync, readFileSync, statSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import picomatch from 'picomatch';
import type { URI } from 'vscode-uri';
import { readNotebook } from '../../../src/protocol/notebook.ts';
import { NotebookDocument, TextDocument, Uri } from './documents.ts';
import { Disposable } from './values.ts';
import { events, host, providers } from './window.ts';

export { NotebookDocument, TextDocument, Uri } from './documents.ts';
export * from './values.ts';
export { window } from './window.ts';

export const version = '1.139.1';

export const env = {
  language: 'en',
  uiKind: 2,
  remoteName: undefined,
  clipboard: { writeText: async () => {} },
};

export const l10n = {
  bundle: undefined,
  t: (message: string, ...values: readonly unknown[]) =>
    message.replace(/\{(\d+)\}/g, (place, index) => String(values[index] ?? place)),
};

export const commands = {
  registerCommand(name: string, run: (...values: unknown[]) => unknown) {
    host.commands.set(name, run);
    return new Disposable(() => host.commands.delete(name));
  },
  executeCommand: async (name: string, ...values: unknown[]) => host.commands.get(name)?.(...values),
};

type Selector = string | { pattern?: string | { base: URI; pattern: string }; language?: string };

export const languages = {
  ...providers,
  match(selector: Selector, document: TextDocument): number {
    const { pattern, language } = typeof selector === 'string' ? { language: selector } : selector;
    if (language !== undefined && language !== document.languageId) return 0;
    if (pattern === undefined) return 10;
    const glob = typeof pattern === 'string' ? pattern : join(pattern.base.fsPath, pattern.pattern);
    return picomatch.isMatch(document.uri.path, glob, { dot: true }) ? 10 : 0;
  },
  createDiagnosticCollection: () => ({
    set: (_: URI, diagnostics: readonly { message: string }[]) => {
      for (const { message } of diagnostics) host.see('problem', 'nothing', message);
    },
    delete: () => {},
    dispose: () => {},
  }),
};

/** The manifest, whose settings have their defaults except those that the test has set. */
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));
const defaults = new Map<string, unknown>();
/** The settings of which a folder has no value of its own. */
const ofWindow = new Set<string>();
for (const { properties } of manifest.contributes.configuration)
  for (const [name, { default: value, scope }] of Object.entries<Record<string, unknown>>(properties)) {
    defaults.set(name, value);
    if (scope === 'window') ofWindow.add(name);
  }

type Scope = URI | { readonly uri: URI } | null;

/** Returns the value that the folder of a text has of a setting; undefined where it has none. */
function folderValue(key: string, scope: Scope | undefined): unknown {
  const uri = scope && 'uri' in scope ? scope.uri : scope;
  return uri && workspace.getWorkspaceFolder(uri) && !ofWindow.has(key)
    ? host.folderSettings.get(key)
    : undefined;
}

export const workspace = {
  get textDocuments() {
    return host.documents;
  },
  get notebookDocuments() {
    return host.notebooks;
  },
  get workspaceFolders() {
    return host.folder ? [{ uri: host.folder, name: basename(host.folder.fsPath), index: 0 }] : [];
  },
  onDidOpenTextDocument: events.open.event,
  onDidCloseTextDocument: events.close.event,
  onDidSaveTextDocument: events.save.event,
  onDidRenameFiles: events.rename.event,
  onDidChangeTextDocument: events.change.event,
  onDidChangeConfiguration: events.configuration.event,
  registerTextDocumentContentProvider: () => new Disposable(() => {}),
  getWorkspaceFolder: (uri: URI) =>
    workspace.workspaceFolders.find((folder) => uri.path.startsWith(folder.uri.path)),
  asRelativePath(uri: URI): string {
    const path = host.folder ? relative(host.folder.fsPath, uri.fsPath) : '..';
    return path.startsWith('..') || path === '' ? uri.fsPath : path;
  },
  getConfiguration: (section: string, scope?: Scope) => ({
    get(name: string, otherwise?: unknown) {
      const key = `${section}.${name}`;
      const own = folderValue(key, scope);
      if (own !== undefined) return own;
      return host.settings.has(key) ? host.settings.get(key) : (defaults.get(key) ?? otherwise);
    },
    // As in VS Code, a value that is null is no value here.
    inspect: (name: string) => ({
      defaultValue: defaults.get(`${section}.${name}`),
      globalValue: host.settings.get(`${section}.${name}`) ?? undefined,
      workspaceFolderValue: folderValue(`${section}.${name}`, scope) ?? undefined,
    }),
  }),
  async findFiles(where: string | { base: URI; pattern: string }) {
    const { base, pattern } = typeof where === 'string' ? { base: host.folder!, pattern: where } : where;
    const root = base.fsPath;
    const found = globSync([pattern, pattern.replace(/(^|\/)\*/g, '$1.*'), `**/.*/${pattern}`], {
      cwd: root,
    });
    return [...new Set(found)]
      .map((name) => join(root, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
      .map((path) => Uri.file(path));
  },
  async openTextDocument(what: URI | string | { content?: string; language?: string }) {
    if (typeof what !== 'string' && !('scheme' in what))
      return new TextDocument(Uri.parse('untitled:Untitled-1'), what.content ?? '', what.language);
    const uri = typeof what === 'string' ? Uri.file(what) : what;
    const open = host.documents.find((document) => document.uri.toString() === uri.toString());
    return open ?? new TextDocument(uri, await readFile(uri.fsPath, 'utf8'));
  },
  async openNotebookDocument(uri: URI) {
    return new NotebookDocument(uri, readNotebook(await readFile(uri.fsPath, 'utf8')) ?? []);
  },
  decode: async (bytes: Uint8Array) => new TextDecoder().decode(bytes),
  applyEdit: async () => host.answers.edit(),
  fs: {
    stat: (uri: URI) => stat(uri.fsPath),
    readFile: (uri: URI) => readFile(uri.fsPath),
    writeFile: (uri: URI, contents: Uint8Array) => writeFile(uri.fsPath, contents),
  },
};
