// Tracks the text at the cursor that was typed, or accepted from a suggestion, and has not been learned yet.
// Text that was pasted, undone, formatted or checked out is excluded, because the author did not write it.
import { type Disposable, type TextDocument, type TextDocumentChangeEvent, window, workspace } from 'vscode';

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether one key inserts the text: a character, a pair of brackets, indentation, or a line end and what is
 * added after it.
 */
export const isKey = (text: string) => /^(?:.{0,2}|\s*)$/u.test(text);

/** The most places that typing changes at once; an edit of more is a replacement. */
const mostCursors = 50;

export class Typed implements Disposable {
  readonly #listener: Disposable;
  readonly #isSuggested: (document: TextDocument, end: number) => boolean;
  #document: TextDocument | null = null;
  /** The stretch of typed text at each cursor. */
  #stretches: readonly Stretch[] = [];

  /** @param isSuggested whether the text before `end` is a suggestion or the beginning of one */
  constructor(isSuggested: (document: TextDocument, end: number) => boolean) {
    this.#isSuggested = isSuggested;
    this.#listener = workspace.onDidChangeTextDocument((change) => this.#follow(change));
  }

  /**
   * Returns the offset where the typed text that ends at `offset` begins; `offset` itself if there is none.
   */
  startBefore(document: TextDocument, offset: number): number {
    return this.#stretchAt(document, offset)?.start ?? offset;
  }

  /** Marks the text that was typed before `offset`, and what the other cursors typed with it, as learned. */
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

  /** Returns the typed stretch at each changed place. An existing stretch is extended. */
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
