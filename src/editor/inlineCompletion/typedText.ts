// What was typed and has not been learned yet: a stretch of text about the cursor that came key by key, or from a
// suggestion. What was pasted, undone, formatted or checked out is not what its author writes.
import { type Disposable, type TextDocument, type TextDocumentChangeEvent, window, workspace } from 'vscode';

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Whether one key writes it: a character, a pair of brackets, an indentation, a line's end with what is put after it. */
export const isKey = (text: string) => /^(?:.{0,2}|\s*)$/u.test(text);

/** Places that are changed at once by someone who types; at more, something is replaced. */
const mostCursors = 50;

export class Typed implements Disposable {
  readonly #listener: Disposable;
  readonly #isSuggested: (document: TextDocument, end: number) => boolean;
  #document: TextDocument | null = null;
  /** One at each cursor. */
  #stretches: readonly Stretch[] = [];

  /** @param isSuggested whether what stands before `end` was suggested, or is the beginning of what was */
  constructor(isSuggested: (document: TextDocument, end: number) => boolean) {
    this.#isSuggested = isSuggested;
    this.#listener = workspace.onDidChangeTextDocument((change) => this.#follow(change));
  }

  /** Where what was typed last, and stands right before `offset`, begins; `offset` where that is nothing. */
  startBefore(document: TextDocument, offset: number): number {
    return this.#stretchAt(document, offset)?.start ?? offset;
  }

  /** What was typed before `offset` is known now, and so is what other cursors have typed with it. */
  learned(document: TextDocument, offset: number): void {
    const stretch = this.#stretchAt(document, offset);
    if (stretch && stretch.start < offset) this.#stretches = [{ start: offset, end: stretch.end }];
  }

  #stretchAt(document: TextDocument, offset: number): Stretch | undefined {
    if (document !== this.#document) return undefined;
    return this.#stretches.find(({ start, end }) => start <= offset && offset <= end);
  }

  #follow({ document, contentChanges, reason }: TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const isActive = document === window.activeTextEditor?.document;
    if (!isActive && document !== this.#document) return;
    const after =
      isActive && contentChanges.length <= mostCursors ? this.#after(document, contentChanges) : [];
    const isTyped =
      contentChanges.every(({ text }) => isKey(text)) ||
      after.some(({ end }) => this.#isSuggested(document, end));
    this.#document = document;
    this.#stretches = reason === undefined && isTyped ? after : [];
  }

  /** Of each place that was changed, what may have been typed there; where something was before, it goes on. */
  #after(
    document: TextDocument,
    changes: readonly { rangeOffset: number; rangeLength: number; text: string }[],
  ): Stretch[] {
    let shift = 0;
    return changes
      .toSorted((a, b) => a.rangeOffset - b.rangeOffset)
      .map(({ rangeOffset, rangeLength, text }) => {
        const replaced = rangeOffset + rangeLength;
        const start = this.startBefore(document, replaced) + shift;
        const end = rangeOffset + shift + text.length;
        shift += text.length - rangeLength;
        return { start: Math.min(start, end), end };
      });
  }

  dispose(): void {
    this.#listener.dispose();
  }
}
