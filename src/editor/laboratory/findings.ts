// Shows the results of examining a cell, as read-only documents.
import {
  type Disposable,
  EventEmitter,
  l10n,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { onDidCloseDocument } from '../ui/closedDocuments.ts';

const scheme = 'unroll';

export class Findings implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: readonly Disposable[];

  constructor() {
    this.#subscriptions = [
      this.#changed,
      workspace.registerTextDocumentContentProvider(scheme, this),
      onDidCloseDocument(({ uri }) => this.#texts.delete(uri.toString())),
    ];
  }

  /**
   * Shows a text beside the cell's file. It replaces an earlier text with the same title.
   *
   * @param source the cell's file
   */
  async show(title: string, source: Uri, text: string): Promise<void> {
    const uri = Uri.from({ scheme, path: `/${title}`, query: source.toString() });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preserveFocus: true });
  }

  provideTextDocumentContent(uri: Uri): string {
    return (
      this.#texts.get(uri.toString()) ??
      `${l10n.t('This was shown in an earlier window. Ask for it again.')}\n`
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
