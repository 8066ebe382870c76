// VS Code creates the part of an editor that requests suggestions when it is idle, at the latest five seconds
// after the editor. Keys that are pressed before do not request any, so VS Code is told to ask.
import {
  type Disposable,
  type TextDocument,
  type TextDocumentChangeEvent,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import { isKey } from './typedText.ts';
import { isAskedFor } from './wanted.ts';

/** The milliseconds to wait after a key; VS Code itself asks after 50. */
const patience = 500;

export class Unasked implements Disposable {
  readonly #ask: () => void;
  readonly #listener: Disposable;
  /** The editors in which VS Code has asked, or was told to ask. */
  readonly #asked = new WeakSet<TextEditor>();
  #timer: NodeJS.Timeout | undefined;

  /** @param ask tells VS Code to ask for a suggestion at the cursor */
  constructor(ask: () => void) {
    this.#ask = ask;
    this.#listener = workspace.onDidChangeTextDocument((change) => this.#follow(change));
  }

  /** Records that VS Code has asked for a suggestion by itself. */
  asked(document: TextDocument): void {
    const editor = window.activeTextEditor;
    if (editor?.document === document) this.#asked.add(editor);
  }

  #follow({ document, contentChanges, reason }: TextDocumentChangeEvent): void {
    const editor = window.activeTextEditor;
    if (editor?.document !== document || this.#asked.has(editor)) return;
    const isTyped = reason === undefined && contentChanges.every(({ text }) => isKey(text));
    clearTimeout(this.#timer);
    if (isTyped && contentChanges.length > 0) this.#timer = setTimeout(() => this.#askIn(editor), patience);
  }

  #askIn(editor: TextEditor): void {
    if (!isAskedFor(editor.document) || editor !== window.activeTextEditor || this.#asked.has(editor)) return;
    this.#asked.add(editor);
    this.#ask();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listener.dispose();
  }
}
