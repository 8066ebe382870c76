// Each version of a document is read once, whoever asks.

import { type Event, Range, type TextDocument } from 'vscode';
import { type Checked, readCells } from '../../language/check.ts';
import { completeModel, type ModelValues } from '../../language/optionTable.ts';
import type { Range as Offsets } from '../../language/source.ts';
import type { Widths } from '../../language/widths.ts';

/** What a file does not say of itself. */
export interface Surroundings {
  /** The network that the settings describe. */
  model(document: TextDocument): Partial<ModelValues>;
  /** How many symbols the text has that the cells train on; undefined where none has been read yet. */
  vocabulary(document: TextDocument): number | undefined;
  /** Cells that a layer can name, beside those of the document. */
  cells(document: TextDocument): Iterable<string>;
  readonly onDidChange: Event<void>;
}

/** Milliseconds without a keystroke: half-written words are no mistakes yet, and a long text takes time to read. */
export const pause = 250;

export interface Read {
  readonly checked: Checked;
  /** Numbers for x, h and y, as far as they are known. */
  readonly widths: Partial<Widths>;
}

export class Documents {
  readonly surroundings: Surroundings;
  readonly #read = new WeakMap<TextDocument, Read & { version: number }>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  read(document: TextDocument): Read {
    const { version } = document;
    const known = this.#read.get(document);
    if (known?.version === version) return known;
    const text = document.getText();
    const cells = [...this.surroundings.cells(document)];
    let widths: Partial<Widths> = {};
    const checked = readCells(text, {
      cells,
      widths: (model, own) => {
        widths = this.#widths(document, model, own);
        return widths;
      },
    });
    const read = { version, checked, widths };
    this.#read.set(document, read);
    return read;
  }

  checked(document: TextDocument): Checked {
    return this.read(document).checked;
  }

  /** Forgets what the surroundings said. */
  refresh(document: TextDocument): void {
    this.#read.delete(document);
  }

  #widths(document: TextDocument, model: Partial<ModelValues>, ownCells: readonly string[]): Partial<Widths> {
    const { layers, embedding } = completeModel(model, this.surroundings.model(document));
    const own = new Set(ownCells);
    const place = Math.max(
      0,
      layers.findIndex(({ cell }) => own.has(cell)),
    );
    const y = this.surroundings.vocabulary(document);
    const x = place > 0 ? layers[place - 1].hidden : embedding > 0 ? embedding : y;
    return { h: layers[place].hidden, ...(x !== undefined && { x }), ...(y !== undefined && { y }) };
  }
}

export const toRange = (document: TextDocument, { from, to }: Offsets): Range =>
  new Range(document.positionAt(from), document.positionAt(to));
