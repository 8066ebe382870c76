// The commands of the walkthrough 'Get Started with Unroll': one opens it, the others open samples.
import { commands, Disposable, Selection, type TextDocument, Uri, window, workspace } from 'vscode';
import { commands as names, walkthrough } from '../../contributions.ts';

/** The file of each sample, and the language that it is shown in. */
const samples = {
  openSample: ['greenhouse.log', 'log'],
  openSampleTable: ['messages.csv', 'plaintext'],
  openSampleSeries: ['climate.csv', 'plaintext'],
} as const;

/**
 * @param id the extension's id
 * @param root the extension's folder
 */
export function registerWalkthrough(id: string, root: Uri): Disposable {
  const shown = (name: keyof typeof samples) => {
    const [file, language] = samples[name];
    const sample = new Sample(Uri.joinPath(root, 'media', 'walkthrough', file), language);
    return commands.registerCommand(names[name], () => sample.show());
  };
  return Disposable.from(
    commands.registerCommand(names.getStarted, () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${id}#${walkthrough}`),
    ),
    shown('openSample'),
    shown('openSampleTable'),
    shown('openSampleSeries'),
  );
}

class Sample {
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
