// What the walkthrough 'Get Started with Unroll' needs besides the other commands: itself, and a text to try them on.
import { commands, Disposable, Selection, type TextDocument, Uri, window, workspace } from 'vscode';
import { commands as names, walkthrough } from '../../contributions.ts';

/** @param id the extension's. @param root its folder */
export function registerWalkthrough(id: string, root: Uri): Disposable {
  const sample = new Sample(Uri.joinPath(root, 'media', 'walkthrough', 'greenhouse.log'));
  return Disposable.from(
    commands.registerCommand(names.getStarted, () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${id}#${walkthrough}`),
    ),
    commands.registerCommand(names.openSample, () => sample.show()),
  );
}

class Sample {
  readonly #file: Uri;
  #document: TextDocument | null = null;

  constructor(file: Uri) {
    this.#file = file;
  }

  /** As a text of the user's own, which they can write in; the same one as long as it is open. At its end. */
  async show(): Promise<void> {
    if (!this.#document || this.#document.isClosed) {
      const content = new TextDecoder().decode(await workspace.fs.readFile(this.#file));
      this.#document = await workspace.openTextDocument({ language: 'log', content });
    }
    // Beside the walkthrough, not in its place.
    const editor = await window.showTextDocument(this.#document, { preview: false });
    const end = this.#document.lineAt(this.#document.lineCount - 1).range.end;
    editor.selection = new Selection(end, end);
    editor.revealRange(editor.selection);
  }
}
