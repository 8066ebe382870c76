// Each version of a document is read once, whoever asks.

import { Range, type TextDocument } from 'vscode';
import { type Checked, readCells } from '../../language/check.ts';
import type { Range as Offsets } from '../../language/source.ts';
import type { Widths } from '../../language/widths.ts';

export const languageId = 'rnn';

/** What a file does not say of itself. */
export interface Surroundings {
  /** Numbers for x, h and y where the cells of this document are or would be used; undefined where unknown. */
  widths(document: TextDocument): Widths | undefined;
  /** Cells that a layer can name, beside those of the document. */
  cells(document: TextDocument): Iterable<string>;
}

export class Documents {
  readonly surroundings: Surroundings;
  readonly #read = new WeakMap<TextDocument, { version: number; checked: Checked }>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  checked(document: TextDocument): Checked {
    const known = this.#read.get(document);
    if (known?.version === document.version) return known.checked;
    const widths = this.surroundings.widths(document);
    const cells = this.surroundings.cells(document);
    const checked = readCells(document.getText(), { cells, ...(widths && { widths }) });
    this.#read.set(document, { version: document.version, checked });
    return checked;
  }
}

export const toRange = (document: TextDocument, { from, to }: Offsets): Range =>
  new Range(document.positionAt(from), document.positionAt(to));
