// Tracks the text in front, and the model that completes it: what the view of models, the status bar and the panel
// say of it is the same.
import { basename } from 'node:path';
import { Disposable, EventEmitter, type TextDocument, window, workspace } from 'vscode';
import type { Front } from '../../protocol/panel.ts';
import { uriOf } from '../runs/trainingText.ts';
import type { Choices } from './choices.ts';
import type { Model, Models } from './models.ts';

export class FrontModel {
  readonly #models: Models;
  readonly #changes = new EventEmitter<void>();
  readonly #listeners: Disposable;
  #document: TextDocument | undefined;

  readonly onDidChange = this.#changes.event;

  constructor(models: Models, choices: Choices) {
    this.#models = models;
    const fire = () => this.#changes.fire();
    this.#document = window.activeTextEditor?.document;
    this.#listeners = Disposable.from(
      this.#changes,
      window.onDidChangeActiveTextEditor((editor) => {
        // While the panel or a view has the focus, the text beside it stays the one in front.
        if (!editor || editor.document === this.#document) return;
        this.#document = editor.document;
        fire();
      }),
      workspace.onDidCloseTextDocument((document) => {
        if (document !== this.#document) return;
        this.#document = undefined;
        fire();
      }),
      // A document whose language changes is closed and opened, and another model may complete it then.
      workspace.onDidOpenTextDocument((document) => {
        if (document !== window.activeTextEditor?.document) return;
        this.#document = document;
        fire();
      }),
      models.onDidChange(fire),
      choices.onDidChange(fire),
    );
  }

  /** The text in front; undefined where there is none. */
  get document(): TextDocument | undefined {
    return this.#document;
  }

  /** The model that completes the text in front; undefined where none does. */
  get model(): Model | undefined {
    return this.#document && this.#models.for(this.#document, 'suggest', 'fill', 'forecast');
  }

  /** The URI of the text in front; null where there is none. */
  get uri(): string | null {
    return this.#document ? uriOf(this.#document).toString() : null;
  }

  /** The front as the panel is told of it; null where no text is in front. */
  get front(): Front | null {
    const { model } = this;
    if (!this.#document) return null;
    return {
      text: basename(this.#document.uri.path),
      model: model ? basename(model.directory) : null,
      source: model?.manifest.provenance.source ?? null,
    };
  }

  dispose(): void {
    this.#listeners.dispose();
  }
}
