// Colours the row at the cursor by what spoke for its label, or made its number larger: gradient times input, token by token.
import { type Disposable, Range, type TextDocument, type TextEditor } from 'vscode';
import type { RowEvidence } from '../../protocol/rows.ts';
import { createStyle, unitLevels } from '../inText/tint/styles.ts';
import type { Model } from '../models/models.ts';
import type { InspectorClient } from '../workers/inspectorClient.ts';
import { evidenceLevel } from './evidenceLevel.ts';
import { passageOf } from './fillRows.ts';

export class Evidence implements Disposable {
  readonly #inspector: InspectorClient;
  readonly #styles = unitLevels.map(createStyle);

  constructor(inspector: InspectorClient) {
    this.#inspector = inspector;
  }

  /** Reads the row at the cursor and colours it. @throws Error with a sentence for the user */
  async show(editor: TextEditor, { directory, manifest }: Model, signal: AbortSignal): Promise<void> {
    const { document, selection } = editor;
    const { line } = selection.active;
    const { passage, first } = passageOf(document, line, line + 1);
    const reference = { model: directory, revision: manifest.weights };
    const found = await this.#inspector.ask({ kind: 'evidence', ...reference, passage }, signal);
    if (signal.aborted) return;
    this.#draw(editor, document, found, first);
  }

  dispose(): void {
    for (const style of this.#styles) style.dispose();
  }

  #draw(editor: TextEditor, document: TextDocument, found: RowEvidence | null, first: number): void {
    const tokens = found?.tokens ?? [];
    const largest = Math.max(...tokens.map(({ attribution }) => Math.abs(attribution)));
    for (const [level, style] of this.#styles.entries()) {
      const ranges = tokens
        .filter(({ attribution }) => evidenceLevel(attribution, largest) === level)
        .map(({ from, to }) =>
          document.validateRange(new Range(first + from.line, from.character, first + to.line, to.character)),
        );
      editor.setDecorations(style, ranges);
    }
  }
}
