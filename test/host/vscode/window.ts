// A window without VS Code: it remembers every text that it is given to show, by the kind of place, and
// answers questions as the test has told it to.
import type { URI } from 'vscode-uri';
import type { NotebookDocument, TextDocument } from './documents.ts';
import {
  ColorThemeKind,
  Disposable,
  EventEmitter,
  type MarkdownString,
  QuickPickItemKind,
} from './values.ts';

/** The markup that VS Code interprets in a text in such a place. */
export type Reads = 'links' | 'icons' | 'links and icons' | 'markdown' | 'nothing';

export interface ShownText {
  /** The kind of place, such as `message` or `status bar`. */
  readonly place: string;
  readonly reads: Reads;
  readonly text: string;
}

interface Answers {
  /** Returns the answer to an input box, given its value; undefined closes it. */
  input: (value: string) => string | undefined;
  /** Returns the items of a list that are picked. */
  pick: <Item>(items: readonly Item[]) => readonly Item[];
  /** Returns what is chosen in a dialog that opens files or folders; undefined closes it. */
  open: () => readonly URI[] | undefined;
  /** Returns the chosen action of a message or a question. */
  action: (actions: readonly string[]) => string | undefined;
  /** Returns whether an edit is made. */
  edit: () => boolean;
}

interface Editor {
  document: TextDocument;
  selection: unknown;
  selections: readonly unknown[];
  visibleRanges: readonly unknown[];
  revealRange(): void;
  setDecorations(style: unknown, ranges: readonly unknown[]): void;
}

type Provider = Record<string, (...values: never[]) => unknown>;

export const events = {
  open: new EventEmitter<TextDocument>(),
  close: new EventEmitter<TextDocument>(),
  save: new EventEmitter<TextDocument>(),
  rename: new EventEmitter<{ files: readonly { oldUri: URI; newUri: URI }[] }>(),
  change: new EventEmitter<unknown>(),
  configuration: new EventEmitter<{ affectsConfiguration(section: string): boolean }>(),
  activeEditor: new EventEmitter<Editor | undefined>(),
  visibleEditors: new EventEmitter<readonly Editor[]>(),
  visibleRanges: new EventEmitter<{ textEditor: Editor }>(),
};

/** The part of the window that tests read and control. */
export const host = {
  shown: [] as ShownText[],
  answers: {
    input: (value) => value,
    pick: (items) => items.slice(0, 1),
    open: () => undefined,
    action: () => undefined,
    edit: () => true,
  } as Answers,
  commands: new Map<string, (...values: unknown[]) => unknown>(),
  providers: new Map<string, Provider[]>(),
  documents: [] as TextDocument[],
  notebooks: [] as NotebookDocument[],
  editor: undefined as Editor | undefined,
  notebookEditor: undefined as { notebook: NotebookDocument } | undefined,
  folder: null as URI | null,
  settings: new Map<string, unknown>(),
  /** The settings of the folder, which count for what is in it. */
  folderSettings: new Map<string, unknown>(),
  tree: null as Provider | null,
  items: [] as Record<string, unknown>[],
  webviews: [] as { html: string; messages: unknown[]; say(message: unknown): void }[],

  show(document: TextDocument, selections: readonly unknown[] = []): void {
    host.editor = {
      document,
      selection: selections[0],
      selections,
      visibleRanges: [],
      revealRange: () => {},
      setDecorations: () => {},
    };
    if (!host.documents.includes(document)) {
      host.documents.push(document);
      events.open.fire(document);
    }
    events.activeEditor.fire(host.editor);
  },

  close(document: TextDocument): void {
    host.documents.splice(host.documents.indexOf(document), 1);
    document.isClosed = true;
    events.close.fire(document);
  },

  /** Closes every editor and forgets what has been shown. */
  clear(): void {
    host.shown.length = 0;
    host.documents.length = 0;
    host.notebooks.length = 0;
    host.editor = undefined;
    host.notebookEditor = undefined;
  },

  see(place: string, reads: Reads, ...texts: readonly unknown[]): void {
    for (const text of texts) if (typeof text === 'string') host.shown.push({ place, reads, text });
  },

  seeMarkdown(place: string, value: MarkdownString | string | undefined): void {
    if (value !== undefined) host.see(place, 'markdown', typeof value === 'string' ? value : value.value);
  },
};

async function message(first: string, ...rest: readonly unknown[]): Promise<string | undefined> {
  const options = typeof rest[0] === 'object' ? (rest[0] as { detail?: string }) : {};
  host.see('message', 'links', first, options.detail);
  return host.answers.action(rest.filter((each) => typeof each === 'string'));
}

/** Makes an item whose texts are set one by one; `lookAtItems` records them as shown. */
function item(kind: string): Record<string, unknown> {
  const made: Record<string, unknown> = { kind, show: () => {}, hide: () => {}, dispose: () => {} };
  host.items.push(made);
  return made;
}

export function lookAtItems(): void {
  for (const { kind, text, name, detail, tooltip } of host.items) {
    if (kind === 'status bar') {
      // The icons before and after a status text are the extension's own.
      const own = String(text ?? '').replace(/^\$\([a-z~-]+\) | \$\([a-z~-]+\)$/g, '');
      host.see('status bar', 'icons', own, name);
      host.seeMarkdown('status bar hover', tooltip as MarkdownString);
    } else host.see('language status', 'links and icons', text, name, detail);
  }
}

export const window = {
  get activeTextEditor() {
    return host.editor;
  },
  get visibleTextEditors() {
    return host.editor ? [host.editor] : [];
  },
  get activeNotebookEditor() {
    return host.notebookEditor;
  },
  get visibleNotebookEditors() {
    return host.notebookEditor ? [host.notebookEditor] : [];
  },
  activeColorTheme: { kind: ColorThemeKind.Dark },
  tabGroups: { activeTabGroup: {}, all: [], close: async () => true },
  onDidChangeActiveTextEditor: events.activeEditor.event,
  onDidChangeVisibleTextEditors: events.visibleEditors.event,
  onDidChangeTextEditorSelection: new EventEmitter<unknown>().event,
  onDidChangeTextEditorVisibleRanges: events.visibleRanges.event,
  showInformationMessage: message,
  showWarningMessage: message,
  showErrorMessage: message,
  async showInputBox(options: { title?: string; prompt?: string; placeHolder?: string; value?: string }) {
    host.see('input box', 'links and icons', options.title, options.prompt, options.placeHolder);
    return host.answers.input(options.value ?? '');
  },
  async showQuickPick(
    items: readonly { label: string; description?: string; detail?: string; kind?: number }[],
    options: { title?: string; placeHolder?: string; canPickMany?: boolean },
  ) {
    host.see('quick pick', 'links and icons', options.title, options.placeHolder);
    for (const { label, description, detail } of items)
      host.see('quick pick item', 'icons', label, description, detail);
    // Nobody can choose a line between groups.
    const picked = host.answers.pick(items.filter(({ kind }) => kind !== QuickPickItemKind.Separator));
    return options.canPickMany ? picked : picked[0];
  },
  createQuickPick() {
    const [accepted, hidden] = [new EventEmitter<void>(), new EventEmitter<void>()];
    const made = {
      title: '',
      placeholder: '',
      items: [] as readonly { label: string; description?: string; detail?: string }[],
      activeItems: [] as readonly unknown[],
      onDidChangeActive: () => new Disposable(() => {}),
      onDidAccept: accepted.event,
      onDidHide: hidden.event,
      show() {
        host.see('quick pick', 'links and icons', made.title, made.placeholder);
        for (const { label, description, detail } of made.items)
          host.see('quick pick item', 'icons', label, description, detail);
        made.activeItems = host.answers.pick(made.items);
        (made.activeItems.length > 0 ? accepted : hidden).fire();
      },
      dispose: () => {},
    };
    return made;
  },
  showOpenDialog: async () => host.answers.open(),
  showSaveDialog: async () => undefined,
  showWorkspaceFolderPick: async () => undefined,
  async showTextDocument(document: TextDocument) {
    host.show(document);
    return host.editor;
  },
  withProgress(
    options: { title?: string },
    task: (progress: { report(part: { message?: string }): void }, token: unknown) => unknown,
  ) {
    host.see('progress', 'links', options.title);
    return task(
      { report: ({ message }) => host.see('progress', 'links', message) },
      { isCancellationRequested: false, onCancellationRequested: () => new Disposable(() => {}) },
    );
  },
  createStatusBarItem: () => item('status bar'),
  createTextEditorDecorationType: () => new Disposable(() => {}),
  createOutputChannel: () => {
    const write = () => {};
    return { debug: write, info: write, warn: write, error: write, dispose: write };
  },
  createTreeView: (_: string, { treeDataProvider }: { treeDataProvider: Provider }) => {
    host.tree = treeDataProvider;
    return { selection: [], dispose: () => {} };
  },
  registerWebviewPanelSerializer: () => new Disposable(() => {}),
  createWebviewPanel: () => {
    const said = new EventEmitter<unknown>();
    const webview = {
      html: '',
      options: {},
      cspSource: 'csp:',
      messages: [] as unknown[],
      say: (message: unknown) => said.fire(message),
      asWebviewUri: (uri: URI) => uri,
      onDidReceiveMessage: said.event,
      postMessage: async (message: unknown) => webview.messages.push(structuredClone(message)),
    };
    host.webviews.push(webview);
    const disposed = new EventEmitter<void>();
    return {
      webview,
      visible: true,
      reveal: () => {},
      dispose: () => disposed.fire(),
      onDidChangeViewState: () => new Disposable(() => {}),
      onDidDispose: disposed.event,
    };
  },
};

const register =
  (kind: string) =>
  (_: unknown, provider: Provider): Disposable => {
    host.providers.set(kind, [...(host.providers.get(kind) ?? []), provider]);
    return new Disposable(() => {});
  };

export const providers = {
  registerCodeActionsProvider: register('code action'),
  registerCodeLensProvider: register('code lens'),
  registerCompletionItemProvider: register('completion'),
  registerDefinitionProvider: register('definition'),
  registerDocumentFormattingEditProvider: register('formatting'),
  registerDocumentHighlightProvider: register('highlight'),
  registerDocumentSymbolProvider: register('symbol'),
  registerHoverProvider: register('hover'),
  registerInlineCompletionItemProvider: register('inline completion'),
  registerReferenceProvider: register('reference'),
  registerRenameProvider: register('rename'),
  createLanguageStatusItem: () => item('language status'),
};
