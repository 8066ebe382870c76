// VS Code makes the part of an editor that asks for suggestions when it is idle, five seconds after the editor at the
// latest. The keys that are pressed before ask nobody: then VS Code is told to ask.
import {
  type Disposable,
  type TextDocument,
  type TextDocumentChangeEvent,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import { isKey } from './typedText.ts';

/** Milliseconds after a key. VS Code asks after 50 by itself. */
const patience = 500;

export class Unasked implements Disposable {
  readonly #ask: () => void;
  readonly #listener: Disposable;
  /** Those in which VS Code has asked, or has been told to. */
  readonly #asked = new WeakSet<TextEditor>();
  #timer: NodeJS.Timeout | undefined;

  /** @param ask tells VS Code to ask for a suggestion at the cursor */
  constructor(ask: () => void) {
    this.#ask = ask;
    this.#listener = workspace.onDidChangeTextDocument((change) => this.#follow(change));
  }

  /** VS Code has asked for a suggestion by itself. */
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
    const isWanted = workspace.getConfiguration('editor', editor.document).get('inlineSuggest.enabled');
    if (!isWanted || editor !== window.activeTextEditor || this.#asked.has(editor)) return;
    this.#asked.add(editor);
    this.#ask();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listener.dispose();
  }
}
