// Counts the labels that were accepted in a document since its model was trained, and offers in the status bar to train
// again with them.
import { commands, Disposable, l10n, type StatusBarItem, type TextDocument, window } from 'vscode';
import { internalCommands, commands as names } from '../../contributions.ts';
import { capabilitiesOf } from '../../store/capabilities.ts';
import type { Model, Models } from '../models/models.ts';
import { setStatus, statusBarItem } from '../ui/items.ts';

interface Accepted {
  /** The folder of the model that suggested the labels. */
  readonly model: string;
  readonly labels: number;
}

export class NewLabels implements Disposable {
  readonly #models: Models;
  /** It is there once a label has been accepted. */
  #status: StatusBarItem | null = null;
  readonly #subscriptions: Disposable;
  /** The accepted labels, by the URIs of the documents. */
  readonly #accepted = new Map<string, Accepted>();

  constructor(models: Models) {
    this.#models = models;
    this.#subscriptions = Disposable.from(
      { dispose: () => this.#status?.dispose() },
      commands.registerCommand(internalCommands.labelAccepted, (uri: string, characters: number) => {
        void commands.executeCommand(internalCommands.suggestionAccepted, characters);
        this.#count(uri);
      }),
      window.onDidChangeActiveTextEditor(() => this.#show()),
      models.onDidChange(() => this.#show()),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #count(uri: string): void {
    const document = window.activeTextEditor?.document;
    const model = document?.uri.toString() === uri ? this.#modelOf(document) : undefined;
    if (!model) return;
    const before = this.#accepted.get(uri);
    const labels = before?.model === model.directory ? before.labels + 1 : 1;
    this.#accepted.set(uri, { model: model.directory, labels });
    this.#show();
  }

  #modelOf(document: TextDocument): Model | undefined {
    const model = this.#models.for(document, 'fill');
    return model && capabilitiesOf(model.manifest).has('train again') ? model : undefined;
  }

  #show(): void {
    const document = window.activeTextEditor?.document;
    const model = document && this.#modelOf(document);
    const accepted = document && this.#accepted.get(document.uri.toString());
    // A newer model has learned them.
    if (!model || accepted?.model !== model.directory) {
      this.#status?.hide();
      return;
    }
    this.#status ??= createStatus();
    setStatus(
      this.#status,
      ['sync'],
      accepted.labels === 1 ? l10n.t('1 new label') : l10n.t('{0} new labels', accepted.labels),
    );
    this.#status.command = { command: names.trainAgain, title: '', arguments: [model] };
    this.#status.show();
  }
}

function createStatus(): StatusBarItem {
  const made = statusBarItem('unroll.newLabels', 97, l10n.t('Unroll: New Labels'));
  made.tooltip = l10n.t(
    'Labels that you have accepted since the last training. Select to train again: the run begins with the present weights.',
  );
  return made;
}
