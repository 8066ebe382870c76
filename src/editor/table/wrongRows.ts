// Shows the rows that are wrong, in documents that were trained on as rows, while they are edited.
import {
  CodeAction,
  type CodeActionContext,
  CodeActionKind,
  CodeActionTriggerKind,
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  Range,
  type TextDocument,
  WorkspaceEdit,
  workspace,
} from 'vscode';
import type { Stretch, WrongRow } from '../../protocol/rows.ts';
import { isSecret } from '../settings/secrets.ts';
import { plain } from '../text/lineEnds.ts';
import { onDidCloseDocument } from '../ui/closedDocuments.ts';
import type { TableParts } from './parts.ts';
import { rememberedTask } from './remembered.ts';

/** The milliseconds without an edit before anything is read. */
const pause = 500;

/** The characters of a document that are read, so that an edit in a large one costs little. */
const mostCharacters = 2_000_000;

interface Watched {
  readonly diagnostic: Diagnostic;
  readonly mend: WrongRow['mend'];
}

/** The wrong rows of one version of a document. */
interface Found {
  readonly version: number;
  readonly rows: readonly Watched[];
}

export class WrongRows implements Disposable {
  readonly #parts: TableParts;
  readonly #collection = languages.createDiagnosticCollection('unroll rows');
  readonly #found = new Map<string, Found>();
  /** The documents that are read, or will be after a while. */
  readonly #waiting = new Map<string, { readonly abort: AbortController; readonly timer?: NodeJS.Timeout }>();
  readonly #subscriptions: Disposable;

  constructor(parts: TableParts) {
    this.#parts = parts;
    this.#subscriptions = Disposable.from(
      this.#collection,
      workspace.onDidChangeTextDocument(({ document }) => this.look(document, pause)),
      onDidCloseDocument((document) => this.#forget(document)),
      languages.registerCodeActionsProvider(
        { pattern: '**' },
        { provideCodeActions: (document, range, context) => this.#fixes(document, range, context) },
        { providedCodeActionKinds: [CodeActionKind.QuickFix] },
      ),
    );
  }

  /** Reads a document after a while, if it was trained on as rows. */
  look(document: TextDocument, wait = 0): void {
    const key = document.uri.toString();
    const choice = rememberedTask(this.#parts.context.workspaceState, document.uri);
    if (choice === null || choice.kind === 'language model') {
      if (this.#found.has(key)) this.#forget(document);
      return;
    }
    this.#stopWaiting(key);
    const abort = new AbortController();
    const timer = setTimeout(() => void this.#read(document, abort.signal), wait);
    this.#waiting.set(key, { abort, timer });
  }

  dispose(): void {
    for (const key of this.#waiting.keys()) this.#stopWaiting(key);
    this.#subscriptions.dispose();
  }

  async #read(document: TextDocument, signal: AbortSignal): Promise<void> {
    const choice = rememberedTask(this.#parts.context.workspaceState, document.uri);
    if (choice === null || (await isSecret(document.uri))) return;
    const { version } = document;
    const all = plain(document.getText());
    const text = all.length > mostCharacters ? all.slice(0, all.lastIndexOf('\n', mostCharacters) + 1) : all;
    try {
      const wrong = await this.#parts.inspector.ask({ kind: 'wrong rows', text, choice }, signal);
      if (!wrong || signal.aborted || document.isClosed || document.version !== version) return;
      const rows = wrong.map(({ message, mend, ...stretch }): Watched => {
        const diagnostic = new Diagnostic(rangeOf(stretch), message, DiagnosticSeverity.Warning);
        diagnostic.source = 'Unroll';
        return { diagnostic, mend };
      });
      this.#found.set(document.uri.toString(), { version, rows });
      this.#collection.set(
        document.uri,
        rows.map(({ diagnostic }) => diagnostic),
      );
    } catch (error) {
      this.#parts.diary.problem('inspection', (error as Error).message);
    }
  }

  /**
   * Returns the wrong rows of the document as it is now. A document that has changed since it was read is read again if
   * the user asks; VS Code itself asks whenever the cursor moves, and again when it has been read.
   */
  async #rowsOf(document: TextDocument, trigger: CodeActionTriggerKind): Promise<readonly Watched[]> {
    const key = document.uri.toString();
    const isStale = () => this.#found.get(key)?.version !== document.version;
    if (this.#found.has(key) && isStale() && trigger === CodeActionTriggerKind.Invoke) {
      this.#stopWaiting(key);
      const abort = new AbortController();
      this.#waiting.set(key, { abort });
      await this.#read(document, abort.signal);
    }
    return isStale() ? [] : this.#found.get(key)!.rows;
  }

  async #fixes(
    document: TextDocument,
    range: Range,
    { triggerKind }: CodeActionContext,
  ): Promise<CodeAction[]> {
    const rows = await this.#rowsOf(document, triggerKind);
    return rows.flatMap(({ diagnostic, mend }) => {
      if (mend === null || !diagnostic.range.intersection(range)) return [];
      const fix = new CodeAction(mend.title, CodeActionKind.QuickFix);
      fix.diagnostics = [diagnostic];
      fix.isPreferred = true;
      fix.edit = new WorkspaceEdit();
      fix.edit.replace(document.uri, rangeOf(mend), mend.text);
      return [fix];
    });
  }

  #forget({ uri }: TextDocument): void {
    this.#stopWaiting(uri.toString());
    this.#found.delete(uri.toString());
    this.#collection.delete(uri);
  }

  #stopWaiting(key: string): void {
    const waiting = this.#waiting.get(key);
    waiting?.abort.abort();
    clearTimeout(waiting?.timer);
    this.#waiting.delete(key);
  }
}

const rangeOf = ({ from, to }: Stretch): Range => new Range(from.line, from.character, to.line, to.character);
