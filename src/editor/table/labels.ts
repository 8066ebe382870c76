// The command 'Show Labels' writes what a model makes of each line at its end: the likeliest class and its
// probability. Only the visible lines are read. The row at the cursor shows what spoke for its label.
import {
  Disposable,
  l10n,
  Range,
  type StatusBarItem,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
  workspace,
} from 'vscode';
import { commands as names } from '../../contributions.ts';
import type { FilledRow } from '../../protocol/rows.ts';
import { modelFor } from '../inText/modelFor.ts';
import { setStatus, statusBarItem } from '../ui/items.ts';
import { say } from '../ui/messages.ts';
import { surenessOf } from './candidates.ts';
import { Evidence } from './evidence.ts';
import { fillRows } from './fillRows.ts';
import type { TableParts } from './parts.ts';

/** The milliseconds without an edit or a scroll before anything is read. */
const pause = 120;

/** The most lines that are read at once: a screen, and more. */
const mostLines = 200;

export class Labels implements Disposable {
  readonly #parts: TableParts;
  #shown: ShownLabels | null = null;
  /** The number of toggles so far. */
  #toggles = 0;

  constructor(parts: TableParts) {
    this.#parts = parts;
  }

  async toggle(hide = false): Promise<void> {
    const toggle = ++this.#toggles;
    const document = window.activeTextEditor?.document;
    const shown = this.#shown?.document;
    this.#shown?.dispose();
    this.#shown = null;
    if (hide || (shown && (!document || shown === document))) return;
    const model = await modelFor(this.#parts.models, document, 'fill');
    // A later toggle decides what is shown: labels that both made would be two, of which one could not be hidden.
    if (!model || toggle !== this.#toggles) return;
    this.#shown = new ShownLabels(this.#parts, document!, (problem) => {
      void this.toggle(true);
      if (problem === null) return;
      this.#parts.diary.problem('inspection', problem);
      void say.error(problem);
    });
  }

  dispose(): void {
    this.#shown?.dispose();
  }
}

class ShownLabels implements Disposable {
  readonly document: TextDocument;
  readonly #parts: TableParts;
  readonly #end: (problem: string | null) => void;
  readonly #agreeing: TextEditorDecorationType;
  readonly #differing: TextEditorDecorationType;
  readonly #evidence: Evidence;
  readonly #status: StatusBarItem;
  readonly #subscriptions: Disposable;
  #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: TableParts, document: TextDocument, end: (problem: string | null) => void) {
    this.document = document;
    this.#parts = parts;
    this.#end = end;
    this.#agreeing = decoration('editorCodeLens.foreground');
    this.#differing = decoration('editorWarning.foreground');
    this.#evidence = new Evidence(parts.inspector);
    this.#status = statusBarItem('unroll.labels', 98, l10n.t('Unroll: Labels'));
    this.#status.command = { command: names.showLabels, title: '', arguments: [true] };
    this.#status.tooltip = l10n.t(
      'How the model labels each line. In the row at the cursor, colours show what speaks for its label and what against it, or what makes its number larger and what smaller. Select to hide.',
    );
    const soon = () => this.#soon();
    this.#subscriptions = Disposable.from(
      this.#agreeing,
      this.#differing,
      this.#evidence,
      this.#status,
      workspace.onDidChangeTextDocument((change) => change.document === document && soon()),
      workspace.onDidCloseTextDocument((closed) => closed === document && end(null)),
      window.onDidChangeTextEditorVisibleRanges(
        ({ textEditor }) => textEditor.document === document && soon(),
      ),
      window.onDidChangeTextEditorSelection(({ textEditor }) => textEditor.document === document && soon()),
      window.onDidChangeVisibleTextEditors(soon),
      parts.models.onDidChange(soon),
    );
    void this.#read();
  }

  dispose(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), pause);
  }

  async #read(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const model = this.#parts.models.whenAsked(this.document, 'fill');
    if (!model) return this.#end(null);
    setStatus(this.#status, ['tag'], l10n.t('Labels'));
    this.#status.show();
    const { version } = this.document;
    try {
      for (const editor of window.visibleTextEditors.filter(({ document }) => document === this.document)) {
        const rows = await this.#rowsIn(editor, model, signal);
        if (!rows || signal.aborted || this.document.version !== version) return;
        this.#draw(editor, rows);
        await this.#evidence.show(editor, model, signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#end((error as Error).message);
    }
  }

  async #rowsIn(
    { visibleRanges }: TextEditor,
    model: NonNullable<ReturnType<TableParts['models']['for']>>,
    signal: AbortSignal,
  ): Promise<readonly FilledRow[] | null> {
    const rows: FilledRow[] = [];
    for (const { start, end } of visibleRanges) {
      const lines = [start.line, Math.min(end.line + 1, start.line + mostLines)] as const;
      const filled = await fillRows(this.#parts.inspector, model, this.document, lines, 'all', signal);
      if (!filled) return null;
      rows.push(...filled.rows);
    }
    return rows;
  }

  #draw(editor: TextEditor, rows: readonly FilledRow[]): void {
    const options = (row: FilledRow) => {
      const { range } = this.document.lineAt(row.last);
      const [{ value }] = row.candidates;
      const { interval } = row;
      const sure = interval
        ? `(${interval.lower} … ${interval.upper})`
        : `${(100 * surenessOf(row)).toFixed(0)} %`;
      const mark = row.unseen === undefined ? '' : ` (${l10n.t('never saw {0}', row.unseen.join(', '))})`;
      const contentText = `${value} ${sure}${mark}`;
      return { range: new Range(range.end, range.end), renderOptions: { after: { contentText } } };
    };
    editor.setDecorations(this.#agreeing, rows.filter((row) => !differs(row)).map(options));
    editor.setDecorations(this.#differing, rows.filter(differs).map(options));
  }
}

function decoration(color: string): TextEditorDecorationType {
  return window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new ThemeColor(color), fontStyle: 'italic' },
  });
}

/** Whether a row has another label than the likeliest, or a number outside of its interval. */
function differs({ given, candidates: [best], interval }: FilledRow): boolean {
  if (given === '') return false;
  if (!interval) return given !== best.value;
  return Number(given) < Number(interval.lower) || Number(given) > Number(interval.upper);
}
