// Shows pictures of cells beside their files. The texts that they replace are one click away.
import {
  Disposable,
  type ExtensionContext,
  l10n,
  Range,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import { cellPictureViewType } from '../../contributions.ts';
import { parseCellPictureMessage } from '../../protocol/cellPicture.ts';
import type { CellPicture } from '../../protocol/laboratory.ts';
import { pageOf } from '../panel/page.ts';
import { openDocument } from '../text/openDocument.ts';
import { saveAs } from '../text/saveAs.ts';
import { say } from '../ui/messages.ts';
import type { Findings } from './findings.ts';

interface Shown {
  readonly title: string;
  /** The file of the cell, and its name. */
  readonly source: Uri;
  readonly cell: string;
  readonly picture: CellPicture;
  readonly text: string;
}

export class Pictures implements Disposable {
  readonly #root: Uri;
  readonly #findings: Findings;
  /** The open pictures by title and file. */
  readonly #panels = new Map<string, { readonly panel: WebviewPanel; shown: Shown }>();

  constructor({ extensionUri }: ExtensionContext, findings: Findings) {
    this.#root = Uri.joinPath(extensionUri, 'out', 'media');
    this.#findings = findings;
  }

  /** Shows a picture beside the cell's file. It replaces an earlier one with the same title. */
  show(shown: Shown): void {
    const key = `${shown.title} ${shown.source}`;
    const open = this.#panels.get(key);
    if (open) {
      open.shown = shown;
      open.panel.reveal(undefined, true);
      this.#post(open.panel, shown);
      return;
    }
    const panel = window.createWebviewPanel(
      cellPictureViewType,
      shown.title,
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [this.#root] },
    );
    const kept = { panel, shown };
    this.#panels.set(key, kept);
    panel.onDidDispose(() => this.#panels.delete(key));
    panel.webview.onDidReceiveMessage((said: unknown) => this.#hear(kept, said));
    panel.webview.html = pageOf(panel.webview, this.#root, { script: 'cell', title: shown.title });
  }

  dispose(): void {
    Disposable.from(...[...this.#panels.values()].map(({ panel }) => panel)).dispose();
  }

  #hear({ panel, shown }: { readonly panel: WebviewPanel; readonly shown: Shown }, said: unknown): void {
    const message = parseCellPictureMessage(said);
    switch (message?.type) {
      case 'ready':
        this.#post(panel, shown);
        return;
      case 'text':
        void this.#findings.show(shown.title, shown.source, shown.text);
        return;
      case 'line':
        void showLine(shown.source, message.line);
        return;
      case 'save':
        void saveAs(message.name, Buffer.from(message.content));
    }
  }

  #post(panel: WebviewPanel, { cell, picture }: Shown): void {
    void panel.webview.postMessage({ type: 'picture', cell, picture });
  }
}

/** @param line its number from 1, when the picture was made */
async function showLine(source: Uri, line: number): Promise<void> {
  const document = await openDocument(source);
  if (!document) {
    void say.warning(l10n.t('{0} no longer exists.', workspace.asRelativePath(source)));
    return;
  }
  const { range } = document.lineAt(Math.min(line, document.lineCount) - 1);
  const editor = window.visibleTextEditors.find((each) => each.document === document);
  await window.showTextDocument(document, {
    viewColumn: editor?.viewColumn ?? ViewColumn.One,
    selection: new Range(range.start, range.end),
  });
}
