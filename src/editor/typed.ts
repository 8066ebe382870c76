// What was typed and has not been learned yet: a stretch of text about the cursor that came key by key, or from a
// suggestion. What was pasted, undone, formatted or checked out is not what its author writes.
import { type Disposable, type TextDocument, type TextDocumentChangeEvent, window, workspace } from 'vscode';

interface Stretch {
  readonly document: TextDocument;
  readonly start: number;
  readonly end: number;
}

/** Of one key: a character, a pair of brackets, an indentation, a line's end with what the editor puts after it. */
const key = /^(?:.{0,2}|\s*)$/u;

export class Typed implements Disposable {
  readonly #listener: Disposable;
  readonly #isSuggested: (document: TextDocument, end: number) => boolean;
  #stretch: Stretch | null = null;

  /** @param isSuggested whether what stands before `end` is a suggestion, or its beginning */
  constructor(isSuggested: (document: TextDocument, end: number) => boolean) {
    this.#isSuggested = isSuggested;
    this.#listener = workspace.onDidChangeTextDocument((change) => this.#follow(change));
  }

  /** Where what was typed last, and stands right before `offset`, begins; `offset` where that is nothing. */
  startBefore(document: TextDocument, offset: number): number {
    const stretch = this.#stretch;
    const isThere = stretch?.document === document && stretch.start <= offset && offset <= stretch.end;
    return isThere ? stretch.start : offset;
  }

  /** What was typed before `offset` is known now. */
  learned(document: TextDocument, offset: number): void {
    const start = this.startBefore(document, offset);
    if (start < offset) this.#stretch = { document, start: offset, end: this.#stretch!.end };
  }

  #follow({ document, contentChanges, reason }: TextDocumentChangeEvent): void {
    const [change] = contentChanges;
    if (!change) return;
    const before = this.#stretch?.document === document ? this.#stretch : null;
    // In several places at once: a formatter, or several cursors, of which none is the one that goes on.
    const isOne = contentChanges.length === 1 && reason === undefined;
    const { rangeOffset, rangeLength, text } = change;
    const end = rangeOffset + text.length;
    if (document !== window.activeTextEditor?.document) {
      if (before) this.#stretch = null;
    } else if (isOne && (key.test(text) || this.#isSuggested(document, end))) {
      const replaced = rangeOffset + rangeLength;
      const goesOn = before !== null && before.start <= replaced && replaced <= before.end;
      this.#stretch = { document, start: Math.min(goesOn ? before.start : replaced, end), end };
    } else this.#stretch = null;
  }

  dispose(): void {
    this.#listener.dispose();
  }
}
