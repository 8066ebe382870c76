// Parses each version of a document once, for all features that need it.

import { type Event, Range, type TextDocument } from 'vscode';
import { type Checked, readCells } from '../../language/check.ts';
import { layerUnits } from '../../language/options/layers.ts';
import { modelWithDefaults } from '../../language/options/optionDefaults.ts';
import type { ModelValues } from '../../language/options/optionKinds.ts';
import type { Range as Offsets } from '../../language/syntax/source.ts';
import type { Widths } from '../../language/widths.ts';

/** The information that a file needs but does not contain. */
export interface Surroundings {
  /** Returns the network that the settings describe. */
  model(document: TextDocument): Partial<ModelValues>;
  /**
   * Returns the vocabulary's size in the text that the cells train on; undefined if none has been read yet.
   */
  vocabulary(document: TextDocument): number | undefined;
  /** Returns the names of the cells that a layer may use besides the document's own. */
  cells(document: TextDocument): Iterable<string>;
  readonly onDidChange: Event<void>;
}

/**
 * The milliseconds without a key before a document is checked. Half-written words are no mistakes yet, and a
 * long text takes time to read.
 */
export const pause = 250;

export interface Read {
  readonly checked: Checked;
  /** The widths of x, h and y, as far as they are known. */
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

  /** Drops what was read, because the surroundings have changed. */
  refresh(document: TextDocument): void {
    this.#read.delete(document);
  }

  #widths(document: TextDocument, model: Partial<ModelValues>, ownCells: readonly string[]): Partial<Widths> {
    const { layers, embedding } = modelWithDefaults(model, this.surroundings.model(document));
    const own = new Set(ownCells);
    const layer = Math.max(
      0,
      layers.findIndex(({ cell }) => own.has(cell)),
    );
    const y = this.surroundings.vocabulary(document);
    const x = layer > 0 ? layerUnits(layers[layer - 1]) : embedding > 0 ? embedding : y;
    return { h: layers[layer].hidden, ...(x !== undefined && { x }), ...(y !== undefined && { y }) };
  }
}

export const toRange = (document: TextDocument, { from, to }: Offsets): Range =>
  new Range(document.positionAt(from), document.positionAt(to));
