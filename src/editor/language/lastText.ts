// Tracks the text that 'Train' in a cell's file trains on: the last active document that is not a `.rnn`
// file.

import { basename } from 'node:path';
import { type Disposable, EventEmitter, type TextDocument, window, workspace } from 'vscode';
import { languageId } from '../../contributions.ts';
import type { TrainingText } from './lenses.ts';

export class LastText implements TrainingText, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: Disposable[];
  /** Documents that are not trained on, such as text that a network has generated. */
  readonly #ignored = new WeakSet<TextDocument>();
  #document: TextDocument | undefined;

  constructor() {
    for (const { document } of window.visibleTextEditors) this.#see(document);
    this.#see(window.activeTextEditor?.document);
    this.#subscriptions = [
      this.#changed,
      window.onDidChangeActiveTextEditor((editor) => this.#see(editor?.document)),
      workspace.onDidCloseTextDocument((document) => {
        if (document === this.#document) this.#set(undefined);
      }),
      // A document whose language changes is closed and opened.
      workspace.onDidOpenTextDocument((document) => {
        if (document === window.activeTextEditor?.document) this.#see(document);
      }),
    ];
  }

  get document(): TextDocument | undefined {
    return this.#document;
  }

  title(): string | undefined {
    return this.#document && basename(this.#document.uri.path);
  }

  /** Never takes a document for the text to train on. It is called before the document is shown. */
  ignore(document: TextDocument): void {
    this.#ignored.add(document);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #see(document: TextDocument | undefined): void {
    const isText = document && ['file', 'untitled', 'vscode-remote'].includes(document.uri.scheme);
    if (isText && !this.#ignored.has(document) && document.languageId !== languageId) this.#set(document);
  }

  #set(document: TextDocument | undefined): void {
    if (document === this.#document) return;
    this.#document = document;
    this.#changed.fire();
  }
}
