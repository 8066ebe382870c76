/** The tasks that a network can be trained for, by their names in the literature (Goldberg 2016). */
export const taskNames = [
  'language model',
  'acceptor',
  'regressor',
  'transducer',
  'encoder-decoder',
  'forecaster',
] as const;

export type TaskName = (typeof taskNames)[number];

/** The task of a run, with the columns that it reads and writes. */
export type TaskChoice =
  | { readonly kind: 'language model' }
  | {
      readonly kind: 'acceptor' | 'regressor' | 'transducer' | 'encoder-decoder';
      /**
       * The columns that are read, and the one that is filled in, which are numbers in a column file; null lets the
       * content decide.
       */
      readonly reads: readonly string[] | null;
      readonly writes: string | null;
      /** The text of a file that is measured on and never trained on; null holds out some of the rows. */
      readonly heldOut: string | null;
    }
  | {
      readonly kind: 'forecaster';
      /** The columns of numbers that are read and predicted; null lets the content decide. */
      readonly reads: readonly string[] | null;
      readonly writes: readonly string[] | null;
    };

/** The formats in which a table may be stored. */
export const tableFormats = [
  'CSV',
  'CSV with semicolons',
  'CSV with semicolons and decimal commas',
  'TSV',
  'TSV with decimal commas',
  'JSON Lines',
  'fastText',
] as const;

export type TableFormat = (typeof tableFormats)[number];

/** The formats in which the tags of tokens may be stored: column files as CoNLL's, and Brown's `word/TAG`. */
export const taggedFormats = ['columns', 'word/TAG'] as const;

export type TaggedFormat = (typeof taggedFormats)[number];

/** The tagged text of a transducer, as far as it is kept with the model. */
export interface StoredTagging {
  readonly format: TaggedFormat;
  /** The columns that were named, as in `TaskChoice`. */
  readonly reads: readonly string[] | null;
  readonly writes: string | null;
  /** The number of columns; null where there are none. */
  readonly width: number | null;
  /** The features of words, by their tokens. */
  readonly features: readonly string[];
  /** The tags, by their output. */
  readonly classes: readonly string[];
  /** Whether the run was measured on a file of its own, which is not kept. */
  readonly heldOutApart: boolean;
}

/** The table of an acceptor, as far as it is kept with the model. */
export interface StoredTable {
  readonly format: TableFormat;
  /** The names of the columns. */
  readonly reads: readonly string[];
  readonly writes: string;
  /** Whether JSON Lines have labels that are numbers or booleans bare, without quotation marks. */
  readonly isBare: boolean;
  /** The labels, by their output. */
  readonly classes: readonly string[];
  readonly pool: 'last' | 'mean' | 'max';
  /** Whether the run was measured on a file of its own, which is not kept. */
  readonly heldOutApart: boolean;
}

/** The table of a regressor, as far as it is kept with the model. */
export interface StoredRegression {
  readonly format: TableFormat;
  /** The names of the columns. */
  readonly reads: readonly string[];
  readonly writes: string;
  /** The kind of a row's steps: tokens of its text, or numbers, one a column. */
  readonly kind: 'text' | 'numbers';
  readonly pool: 'last' | 'mean' | 'max';
  /**
   * The mean and standard deviation in the training part of all numbers that are read, null where text is, and of those that
   * are predicted.
   */
  readonly standardisation: { readonly reads: Moments | null; readonly writes: Moments };
  /** The most decimals that the numbers to predict are written with. */
  readonly decimals: number;
  /** Whether the run was measured on a file of its own, which is not kept. */
  readonly heldOutApart: boolean;
}

/** The pairs of texts of an encoder-decoder, as far as they are kept with the model. */
export interface StoredPairs {
  readonly format: TableFormat;
  /** The names of the columns. */
  readonly reads: readonly string[];
  readonly writes: string;
  /** The tokens of a source: its characters, or one token for all of it; or the moments of the numbers that it is. */
  readonly source:
    | ({ readonly kind: 'characters' } & StoredCharacters)
    | { readonly kind: 'category'; readonly categories: readonly string[] }
    | { readonly kind: 'numbers'; readonly standardisation: readonly Moments[] };
  /** Whether JSON Lines have targets that are numbers or booleans bare, without quotation marks. */
  readonly isBare: boolean;
  readonly target: StoredCharacters;
  /** The number of characters of the longest target. */
  readonly longest: number;
  /** Whether the run was measured on a file of its own, which is not kept. */
  readonly heldOutApart: boolean;
}

/** The characters that have a token, after an empty entry for the rare ones, and how many kinds of those there are. */
export interface StoredCharacters {
  readonly characters: readonly string[];
  readonly rareKinds: number;
}

/** The table of a forecaster, as far as it is kept with the model. */
export interface StoredSeries {
  readonly format: TableFormat;
  /** The names of the columns that are read and predicted, and of the column of times. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly time: string | null;
  /** The mean and standard deviation of each column in the training part, by which it is standardised. */
  readonly standardisation: {
    readonly reads: readonly Moments[];
    readonly writes: readonly Moments[];
  };
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
}
