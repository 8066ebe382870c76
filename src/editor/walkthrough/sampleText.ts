// Shows a sample of the walkthrough. It is loaded by the first command that opens one, since few windows do.
import { Selection, type TextDocument, type Uri, window, workspace } from 'vscode';

export class SampleText {
  readonly #file: Uri;
  readonly #language: string;
  #document: TextDocument | null = null;
  #lastShow: Promise<unknown> = Promise.resolve();

  constructor(file: Uri, language: string) {
    this.#file = file;
    this.#language = language;
  }

  /**
   * Shows the sample at its end, as an untitled document that the user can edit. It is reused while it is
   * open. A second click waits for the first one, since it would open another document.
   */
  show(): Promise<void> {
    const show = this.#lastShow.then(() => this.#show());
    this.#lastShow = show.catch(() => {});
    return show;
  }

  async #show(): Promise<void> {
    if (!this.#document || this.#document.isClosed) {
      const content = new TextDecoder().decode(await workspace.fs.readFile(this.#file));
      this.#document = await workspace.openTextDocument({ language: this.#language, content });
    }
    // Without a preview, the walkthrough's tab is not replaced.
    const editor = await window.showTextDocument(this.#document, { preview: false });
    const end = this.#document.lineAt(this.#document.lineCount - 1).range.end;
    editor.selection = new Selection(end, end);
    editor.revealRange(editor.selection);
  }
}
