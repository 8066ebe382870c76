// VS Code asks for a suggestion when a key is pressed. Where there was none, and what suggestions depend on has changed
// since, nobody would ask before the next key: so VS Code is told to ask again.
import {
  Disposable,
  type Position,
  type TextDocument,
  type TextEditorSelectionChangeEvent,
  TextEditorSelectionChangeKind,
  window,
  workspace,
} from 'vscode';

/** What VS Code asked, and when. */
export interface Question {
  readonly document: TextDocument;
  readonly version: number;
  readonly position: Position;
  /** Of `Unanswered.changes` by then. */
  readonly changes: number;
}

export class Unanswered implements Disposable {
  readonly #askAgain: () => void;
  readonly #listeners: Disposable;
  #question: Question | null = null;
  #changes = 0;

  /** @param askAgain tells VS Code to ask for a suggestion at the cursor */
  constructor(askAgain: () => void) {
    this.#askAgain = askAgain;
    this.#listeners = Disposable.from(
      window.onDidChangeActiveTextEditor(() => this.#askIfDue()),
      window.onDidChangeTextEditorSelection((event) => this.#follow(event)),
      // A text gets another language by being closed and opened again.
      workspace.onDidOpenTextDocument((document) => {
        if (document === window.activeTextEditor?.document) this.changed();
      }),
    );
    const editor = window.activeTextEditor;
    // What was typed before the extension was there asked nobody.
    if (editor && editor.document.version > 1)
      this.notAnswered(this.question(editor.document, editor.selection.active));
  }

  /** A question that is asked now. */
  question(document: TextDocument, position: Position): Question {
    return { document, version: document.version, position, changes: this.#changes };
  }

  answered({ document, version }: Question): void {
    // The answer to an earlier question may come late.
    if (document.version === version) this.#question = null;
  }

  /** There was no suggestion. */
  notAnswered(question: Question): void {
    // The next key is the next question.
    if (question.document.version !== question.version) return;
    this.#question = question;
    this.#askIfDue();
  }

  /** Something that suggestions depend on is another than before. */
  changed(): void {
    this.#changes++;
    this.#askIfDue();
  }

  /** A text that comes in front again may have its cursor a moment later; who moves the cursor asks for nothing. */
  #follow({
    textEditor: { document },
    selections: [{ active }],
    kind,
  }: TextEditorSelectionChangeEvent): void {
    if (document !== this.#question?.document) return;
    const isMoved =
      kind === TextEditorSelectionChangeKind.Keyboard || kind === TextEditorSelectionChangeKind.Mouse;
    if (isMoved && !active.isEqual(this.#question.position)) this.#question = null;
    this.#askIfDue();
  }

  /** At once where the text is in front with its cursor where it was, otherwise when it is. */
  #askIfDue(): void {
    const editor = window.activeTextEditor;
    if (!this.#question || editor?.document !== this.#question.document) return;
    const { document, version, position, changes } = this.#question;
    if (document.version !== version) this.#question = null;
    const { isEmpty, active } = editor.selection;
    if (!this.#question || changes === this.#changes || !isEmpty || !active.isEqual(position)) return;
    this.#question = { ...this.#question, changes: this.#changes };
    this.#askAgain();
  }

  dispose(): void {
    this.#listeners.dispose();
  }
}
