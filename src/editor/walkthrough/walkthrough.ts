// The commands of the walkthrough 'Get Started with Unroll': one opens it, one opens a sample text.
import { commands, Disposable, Selection, type TextDocument, Uri, window, workspace } from 'vscode';
import { commands as names, walkthrough } from '../../contributions.ts';

/**
 * @param id the extension's id
 * @param root the extension's folder
 */
export function registerWalkthrough(id: string, root: Uri): Disposable {
  const sample = new ExampleText(Uri.joinPath(root, 'media', 'walkthrough', 'greenhouse.log'));
  return Disposable.from(
    commands.registerCommand(names.getStarted, () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${id}#${walkthrough}`),
    ),
    commands.registerCommand(names.openSample, () => sample.show()),
  );
}

class ExampleText {
  readonly #file: Uri;
  #document: TextDocument | null = null;

  constructor(file: Uri) {
    this.#file = file;
  }

  /**
   * Shows the sample at its end, as an untitled document that the user can edit. It is reused while it is
   * open.
   */
  async show(): Promise<void> {
    if (!this.#document || this.#document.isClosed) {
      const content = new TextDecoder().decode(await workspace.fs.readFile(this.#file));
      this.#document = await workspace.openTextDocument({ language: 'log', content });
    }
    // Without a preview, the walkthrough's tab is not replaced.
    const editor = await window.showTextDocument(this.#document, { preview: false });
    const end = this.#document.lineAt(this.#document.lineCount - 1).range.end;
    editor.selection = new Selection(end, end);
    editor.revealRange(editor.selection);
  }
}
