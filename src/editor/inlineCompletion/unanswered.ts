// VS Code asks for a suggestion when a key is pressed. If there was none, and something that suggestions
// depend on has changed since, it would not ask again before the next key. So it is told to. Nor does it ask
// for the last key if the editor loses the focus within 50 ms of it.
import {
  Disposable,
  type Position,
  type TextDocument,
  type TextDocumentChangeEvent,
  type TextEditorSelectionChangeEvent,
  TextEditorSelectionChangeKind,
  window,
  workspace,
} from 'vscode';
import { isKey } from './typedText.ts';
import { isAskedFor } from './wanted.ts';

/** A request by VS Code, and when it was made; or a key that VS Code has not made a request for yet. */
export interface Question {
  readonly document: TextDocument;
  readonly version: number;
  readonly position: Position;
  /** Whether VS Code has made the request; other extensions may then have been asked too. */
  readonly isAsked: boolean;
  /** The value of `Unanswered.changes` when the request was made. */
  readonly changes: number;
}

export class Unanswered implements Disposable {
  readonly #askAgain: (question: Question) => void;
  readonly #listeners: Disposable;
  #question: Question | null = null;
  #changes = 0;
  /** The number of requests that the user has made and that are not answered. */
  #userRequests = 0;

  /** @param askAgain tells VS Code to ask for a suggestion at the cursor */
  constructor(askAgain: (question: Question) => void) {
    this.#askAgain = askAgain;
    this.#listeners = Disposable.from(
      window.onDidChangeActiveTextEditor(() => this.#askIfDue()),
      window.onDidChangeTextEditorSelection((event) => this.#follow(event)),
      workspace.onDidChangeTextDocument((change) => this.#typed(change)),
      // Changing the language of a document closes it and opens it again.
      workspace.onDidOpenTextDocument((document) => {
        if (document === window.activeTextEditor?.document) this.changed();
      }),
    );
    const editor = window.activeTextEditor;
    // No suggestion was requested for text that was typed before the extension was active.
    if (editor && editor.document.version > 1)
      this.notAnswered(this.#questionAt(editor.document, editor.selection.active, false));
  }

  /** Creates a question for a request that VS Code makes now. */
  question(document: TextDocument, position: Position): Question {
    return this.#questionAt(document, position, true);
  }

  #questionAt(document: TextDocument, position: Position, isAsked: boolean): Question {
    return { document, version: document.version, position, isAsked, changes: this.#changes };
  }

  /** Records that VS Code makes this request: what waited for one is dropped, and its answer awaited. */
  asked({ document, version }: Question): void {
    if (document === this.#question?.document && version === this.#question.version) this.#question = null;
  }

  /**
   * Records that the user has asked, as for another suggestion. VS Code ends the request that it has made by itself for that, and
   * would end the user's if it were asked again before the answer.
   */
  userAsks(): void {
    this.#userRequests++;
  }

  userIsAnswered(): void {
    this.#userRequests--;
    this.#askIfDue();
  }

  answered({ document, version }: Question): void {
    // The answer to an earlier question may arrive late.
    if (document.version === version) this.#question = null;
  }

  /** Remembers a question to which there was no suggestion. */
  notAnswered(question: Question): void {
    // The text has changed since, so VS Code has asked again.
    if (question.document.version !== question.version) return;
    this.#question = question;
    this.#askIfDue();
  }

  /** Records that something that suggestions depend on has changed. */
  changed(): void {
    this.#changes++;
    this.#askIfDue();
  }

  /** Remembers a key until VS Code asks. With several cursors VS Code asks for one of them, at any key. */
  #typed({ document, contentChanges: [change, ...others], reason }: TextDocumentChangeEvent): void {
    if (!change || document !== window.activeTextEditor?.document) return;
    const isTyped = reason === undefined && others.length === 0 && isKey(change.text);
    const end = document.positionAt(change.rangeOffset + change.text.length);
    this.#question = isTyped ? this.#questionAt(document, end, false) : null;
  }

  /**
   * Follows the cursor. A document that becomes active may get its cursor a moment later. A user who moves
   * the cursor drops the question.
   */
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

  /** Asks again if the document is active and its cursor is where it was; otherwise a later event does. */
  #askIfDue(): void {
    const editor = window.activeTextEditor;
    if (!this.#question || editor?.document !== this.#question.document || this.#userRequests > 0) return;
    const { document, version, position, changes } = this.#question;
    if (document.version !== version) this.#question = null;
    const { isEmpty, active } = editor.selection;
    if (!this.#question || changes === this.#changes || !isEmpty || !active.isEqual(position)) return;
    if (!isAskedFor(document)) return;
    this.#question = { ...this.#question, changes: this.#changes };
    this.#askAgain(this.#question);
  }

  dispose(): void {
    this.#listeners.dispose();
  }
}
