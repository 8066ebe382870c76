// The editor's questions about the rows of a document: for which tasks they can be trained on, what a model says
// of them, and which of them are wrong. Positions are lines and characters, because line ends differ.
import type { Alignment } from './alignment.ts';
import type { ModelReference } from './modelReference.ts';
import type { TaskChoice } from './task.ts';

/** A position in a text: a line and a character of it, from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Stretch {
  readonly from: Position;
  readonly to: Position;
}

/** A text, and another one that may replace it. */
export interface Mend extends Stretch {
  /** The effect of the replacement, as a sentence without a full stop. */
  readonly title: string;
  readonly text: string;
}

/** A column that a run may read or fill in. */
export interface ColumnSummary {
  readonly name: string;
  /** The numbers of its cells that are not empty, and of different ones among them. */
  readonly filled: number;
  readonly different: number;
}

/** A way to understand a document as the data of a task other than the language model. */
export interface DataReading {
  /** The reading of the document, as in 'Classify `text` as `label`: 1,204 rows, 5 classes, 312 empty'. */
  readonly sentence: string;
  /** The task of a run that trains so. */
  readonly choice: TaskChoice;
  readonly columns: readonly ColumnSummary[];
  /** The columns that are read, and the one that is filled in; null where they are still to be chosen. */
  readonly reads: readonly string[] | null;
  readonly writes: string | null;
  /** A sentence why a run cannot begin so, and what to do; null where it can. */
  readonly obstacle: string | null;
  /** A sentence about rows that do not fit; null where there are none. */
  readonly misfits: string | null;
}

/** The columns that a user has chosen; null where the content decides. */
export interface ChosenColumns {
  readonly reads: readonly string[] | null;
  readonly writes: string | null;
}

/** Some lines of a document. */
export interface RowsPassage {
  /** The document's first line, which may name the columns; empty where the text begins with it. */
  readonly head: string;
  /** Whole lines, with line ends as \n. */
  readonly text: string;
  /** The rows asked for are those on the lines from `from` to before `to`, counted in `text`. */
  readonly from: number;
  readonly to: number;
}

export interface Candidate {
  readonly value: string;
  /** Null for a number, of which the interval says how sure the model is. */
  readonly probability: number | null;
  /** The text that is written into the cell for it, with the marks of the format. */
  readonly text: string;
}

/** The interval that should hold a number. */
export interface NumberInterval {
  /** Its ends, as they are written in the column. */
  readonly lower: string;
  readonly upper: string;
  /** The share of the numbers that should lie within their intervals. */
  readonly level: number;
  /**
   * The share by which it is narrower than that of a Gaussian with the column's own standard deviation: 1 is certain, and
   * 0 says no more than that.
   */
  readonly sharpness: number;
}

/** A row, and what a model would fill in. */
export interface FilledRow {
  /** The first line of the row and its last one, counted in the passage's text. */
  readonly line: number;
  readonly last: number;
  /** The value of its cell; empty where there is none. */
  readonly given: string;
  /** The values that may stand there, the likeliest first. */
  readonly candidates: readonly Candidate[];
  /** The interval of the number that is filled in; missing where a label or a text is. */
  readonly interval?: NumberInterval;
  /** The characters of the row that the training never saw; missing where it saw all. */
  readonly unseen?: readonly string[];
  /** The cell; null where there is none to write into. */
  readonly cell: Stretch | null;
}

export interface FilledRows {
  readonly rows: readonly FilledRow[];
  /** The name of the column that is filled in. */
  readonly column: string;
  /** A sentence why there is nothing to write into; null where there is. */
  readonly problem: string | null;
}

/** A row that is wrong. */
export interface WrongRow extends Stretch {
  readonly message: string;
  /** The likeliest correction; null where none is likely. */
  readonly mend: Mend | null;
}

/** A token or a number of a row, and what it did to what is predicted. */
export interface TokenEvidence extends Stretch {
  /**
   * How much it spoke for the row's class, in nats, or how much it added to the row's number, in the column's units:
   * negative against the class, or where it made the number smaller.
   */
  readonly attribution: number;
}

export interface RowEvidence {
  /** The value that is spoken for. */
  readonly value: string;
  readonly tokens: readonly TokenEvidence[];
}

/** A text that may be written into a row's cell. */
export interface CellRewriting {
  readonly text: string;
  readonly probability: number;
  /** The characters with their probabilities; the last is the end, whose text is empty. */
  readonly characters: readonly { readonly text: string; readonly probability: number }[];
}

/** The texts that may be written into a row's cell, the best first, and where the network looks for the best. */
export interface RowRewritings {
  /** The lines of the row, counted in the passage's text. */
  readonly line: number;
  readonly last: number;
  readonly rewritings: readonly CellRewriting[];
  readonly unseen: readonly string[];
  readonly alignment: Alignment | null;
}

/** The requests about rows, by their kinds. */
export type RowsRequest =
  /** Understands a document. `named` tells whether the name of its file is that of a table. */
  | {
      readonly kind: 'readings';
      readonly text: string;
      readonly named: boolean;
      readonly columns: ChosenColumns;
    }
  /** Fills in rows: those without a value, or all of them. */
  | ({
      readonly kind: 'fill';
      readonly passage: RowsPassage;
      readonly of: 'missing' | 'all';
    } & ModelReference)
  /** Finds what spoke for the value of the first row of a passage's lines. */
  | ({ readonly kind: 'evidence'; readonly passage: RowsPassage } & ModelReference)
  /** Finds what may be written for the first row of a passage's lines. */
  | ({ readonly kind: 'rewritings'; readonly passage: RowsPassage } & ModelReference)
  /** Finds the rows that are wrong. */
  | { readonly kind: 'wrong rows'; readonly text: string; readonly choice: TaskChoice };

export interface RowsAnswers {
  readonly readings: readonly DataReading[];
  readonly fill: FilledRows;
  /** Null where there is no row, or the model cannot tell. */
  readonly evidence: RowEvidence | null;
  /** Null where there is no row with a cell to write into, or the model writes no texts. */
  readonly rewritings: RowRewritings | null;
  readonly 'wrong rows': readonly WrongRow[];
}
