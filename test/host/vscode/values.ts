// Values of VS Code's API: positions, events, and the results of providers.

export class Position {
  readonly line: number;
  readonly character: number;

  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }

  compareTo(other: Position): number {
    return this.line - other.line || this.character - other.character;
  }

  translate(lines = 0, characters = 0): Position {
    return new Position(this.line + lines, this.character + characters);
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(start: Position | number, end: Position | number, line?: number, character?: number) {
    const from = typeof start === 'number' ? new Position(start, end as number) : start;
    const to = typeof start === 'number' ? new Position(line!, character!) : (end as Position);
    [this.start, this.end] = from.compareTo(to) <= 0 ? [from, to] : [to, from];
  }

  get isEmpty(): boolean {
    return this.start.compareTo(this.end) === 0;
  }
}

export class Selection extends Range {
  get active(): Position {
    return this.end;
  }
}

export class Disposable {
  readonly dispose: () => void;

  constructor(dispose: () => void) {
    this.dispose = dispose;
  }

  static from(...parts: readonly { dispose(): void }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }
}

export class EventEmitter<Value> {
  readonly #listeners = new Set<(value: Value) => unknown>();

  readonly event = (listener: (value: Value) => unknown): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };

  fire(value: Value): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export class MarkdownString {
  value: string;
  isTrusted: boolean | { enabledCommands: readonly string[] } | undefined;
  supportHtml = false;

  constructor(value = '') {
    this.value = value;
  }
}

/** Returns a class that keeps the constructor's arguments as properties of these names. */
const record = (...names: readonly string[]) =>
  class {
    constructor(...values: unknown[]) {
      for (const [index, name] of names.entries()) Object.assign(this, { [name]: values[index] });
    }
  };

export const ThemeIcon = record('id');
export const ThemeColor = record('id');
export const TreeItem = record('label');
export const CodeLens = record('range', 'command');
export const CodeAction = record('title', 'kind');
export const Diagnostic = record('range', 'message', 'severity');
export const Hover = record('contents', 'range');
export const CompletionItem = record('label', 'kind');
export const InlineCompletionItem = record('insertText', 'range', 'command');
export const DocumentSymbol = record('name', 'detail', 'kind', 'range', 'selectionRange');
export const DocumentHighlight = record('range', 'kind');
export const Location = record('uri', 'range');
export const RelativePattern = record('base', 'pattern');
export const TabInputText = record('uri');
export const TabInputTextDiff = record('original', 'modified');
export const TextEdit = record('range', 'newText');
export class WorkspaceEdit {
  insert(): void {}
  replace(): void {}
}

/** Returns the members of an enumeration of the API; their values only have to differ. */
const members = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name, index) => [name, index]));

export const CodeActionKind = { QuickFix: 'quickfix' };
export const CodeActionTriggerKind = { Invoke: 1, Automatic: 2 };
export const ColorThemeKind = { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 };
export const CompletionItemKind = members(
  'Keyword',
  'Function',
  'Variable',
  'TypeParameter',
  'Constant',
  'Property',
  'EnumMember',
  'Class',
);
export const DiagnosticSeverity = members('Error', 'Warning');
export const EndOfLine = { LF: 1, CRLF: 2 };
export const InlineCompletionTriggerKind = members('Invoke', 'Automatic');
export const TextEditorSelectionChangeKind = { Keyboard: 1, Mouse: 2, Command: 3 };
export const LanguageStatusSeverity = members('Information', 'Warning', 'Error');
export const NotebookCellKind = { Markup: 1, Code: 2 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const SymbolKind = members('Namespace', 'Class', 'Property', 'Variable', 'Constant');
export const ViewColumn = { Beside: -2, Active: -1 };
