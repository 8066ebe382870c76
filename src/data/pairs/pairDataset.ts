// A table as pairs of texts: the source of a row is read, and its target is written.
import type { Baseline } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import type { RowCounts } from '../../protocol/run.ts';
import type { TableFormat } from '../../protocol/task.ts';
import type { BatchOptions, Cost, Dataset, Series } from '../dataset.ts';
import { type Standardisation, standardisationOf } from '../series/standardisation.ts';
import { ofHeldOutFile, readHeldOut, remarkOnShared } from '../sharedRows.ts';
import { hash, isInShare } from '../table/hash.ts';
import { type Columns, type LabelledRow, type LabelledRows, labelledRows } from '../table/labelledRows.ts';
import { readTable } from '../table/readTable.ts';
import type { Misfit } from '../table/table.ts';
import { minimumRows, type RowNames, remarksOn } from '../table/tableDataset.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import { rewritingBaselines } from './baselines.ts';
import { numbersOf, sourcesAreNumbers, wrongNumber } from './numbers.ts';
import { blocksOfPairs, layOutPairs, PairBatches, type PairRows, sizeOfPairs } from './pairBatches.ts';
import {
  boundaryOf,
  encodeSource,
  isOneToMany,
  type Pair,
  type PairVocabularies,
  targetSize,
} from './pairs.ts';

/**
 * The largest number of characters of a source, and of a target. Gradients go back over both, and attention weighs each
 * character of one against each of the other, so that it bounds memory.
 */
export const longestText = 400;

/** Returns the most characters that are written: a target may be longer than all that were learned. */
export const mostWritten = (longest: number): number => Math.min(longestText, Math.ceil(1.5 * longest) + 8);

/** One row of so many is held out. */
const heldOutEvery = 10;

/** The largest number of categories of a source that is read as one token. */
const mostCategories = 256;

/** The table that pairs are read from, and what is known of it. */
export interface PairOptions {
  readonly source: string;
  readonly format: TableFormat;
  readonly columns: Columns;
  /** A table of the same columns whose rows are held out, in place of some of this one; null where there is none. */
  readonly heldOut: { readonly source: string; readonly format: TableFormat } | null;
  /** The vocabularies that were learned earlier from the same table; null learns them. */
  readonly vocabularies: PairVocabularies | null;
  /** The share of the training rows that are learned; all where it is left out. */
  readonly share?: number;
  /** Whether sources are read as text, even where they are numbers. */
  readonly isText?: boolean;
}

/** A row that is held out, with its place in its file. */
export interface HeldOutPair extends Pair {
  readonly line: number;
  readonly text: string;
  readonly label: string;
}

/** A table of pairs as the data of a run. Losses are in bits per token of the target. */
export class PairDataset implements Dataset {
  readonly vocabularies: PairVocabularies;
  /** Whether JSON Lines have targets that are numbers or booleans bare. */
  readonly isBare: boolean;
  readonly counts: RowCounts;
  readonly charactersPerToken = 1;
  readonly baselines: readonly Baseline[];
  readonly remarks: readonly string[];
  readonly heldOutPairs: readonly HeldOutPair[];
  /** The numbers of sources, a row each; missing where sources are no numbers. */
  readonly series?: Series;
  readonly #train: readonly Pair[];
  readonly #boundary: number;

  /** @throws Problem when the table cannot be trained on */
  constructor({
    source,
    format,
    columns,
    heldOut: apart,
    vocabularies,
    share = 1,
    isText = false,
  }: PairOptions) {
    const labelled = labelledRows(readTable(source, format), columns);
    this.isBare = labelled.column.isBare ?? false;
    const isNumeric = vocabularies
      ? vocabularies.source.kind === 'numbers'
      : !isText && sourcesAreNumbers(labelled.rows);
    const own = pairsOf(labelled, columns, isNumeric);
    const remarks = remarksOn(own.missing.length, own.misfits, namesOfPairs);
    check(own.rows, columns, remarks);
    const categories = vocabularies
      ? knownCategories(vocabularies)
      : isNumeric
        ? null
        : categoriesOf(own.rows);
    const other =
      apart &&
      heldOutPairs(
        readHeldOut(() =>
          pairsOf(labelledRows(readTable(apart.source, apart.format), columns), columns, isNumeric),
        ),
        categories,
      );
    const isMany = isNumeric || categories !== null;
    const isHeldOut = isPairHeldOutBy(isMany);
    const keyOf = (row: LabelledRow) => keyOfRow(row, isMany);
    const train = (other ? own.rows : own.rows.filter((row) => !isHeldOut(row))).filter(({ text }) =>
      isInShare(text, share),
    );
    const heldOut = other ? other.rows : own.rows.filter(isHeldOut);
    this.vocabularies = vocabularies ?? {
      source: isNumeric
        ? { kind: 'numbers', standardisation: momentsOf(train, columns.reads.length) }
        : categories
          ? { kind: 'category', categories }
          : { kind: 'characters', vocabulary: Vocabulary.of(train.map(({ text }) => text).join('')) },
      target: Vocabulary.of(train.map(({ label }) => label).join('')),
    };
    this.#boundary = boundaryOf(this.vocabularies.target);
    this.#train = this.#encode(train, 0);
    this.heldOutPairs = this.#encode(heldOut, train.length);
    if (isNumeric) {
      const inputs = Float32Array.from(
        [...train, ...heldOut].flatMap(({ text }) => [...encodeSource(this.vocabularies.source, text).read]),
      );
      // The targets are tokens.
      this.series = { inputs, targets: inputs };
    }
    this.counts = {
      train: this.#train.length,
      heldOut: this.heldOutPairs.length,
      skipped: own.misfits.length + (other?.misfits.length ?? 0),
      empty: own.missing.length + (other?.missing.length ?? 0),
    };
    // Whoever writes one of many texts for a category is not to write a given one.
    this.baselines = isMany ? [] : rewritingBaselines(train, heldOut.length > 0 ? heldOut : train);
    this.remarks = [
      ...remarks,
      ...(isNumeric
        ? [
            `${columns.reads.map((name) => `\`${name}\``).join(', ')}: read as numbers, each of them standardised. To read ${columns.reads.length === 1 ? 'it' : 'them'} as text, set \`model.tokens\` to characters.`,
          ]
        : []),
      ...(other
        ? [
            ...remarksOn(other.missing.length, other.misfits, namesOfPairs).map(ofHeldOutFile),
            ...remarkOnShared(train.map(keyOf), heldOut.map(keyOf)),
          ]
        : []),
      ...this.#rareCharacters(),
    ];
  }

  /** The number of characters of the longest target. */
  get longest(): number {
    return this.#train.reduce((most, { target }) => Math.max(most, target.length), 1);
  }

  /** Whether a source, such as a category, has many targets. */
  get isOneToMany(): boolean {
    return isOneToMany(this.vocabularies.source);
  }

  /** The bits of guessing one of the characters of the targets, or their end. */
  get uniform(): number {
    return Math.log2(targetSize(this.vocabularies.target));
  }

  batches({ batch, seed }: BatchOptions): PairBatches {
    const shape = { batch: Math.min(batch, this.#train.length), ...this.#size, seed };
    return new PairBatches(this.#train, shape, this.#boundary);
  }

  training(rows: number): PairRows[] {
    return this.#blocks(this.#train, rows);
  }

  heldOut(rows: number): PairRows[] {
    return this.#blocks(this.heldOutPairs, rows);
  }

  heldOutBatches(shape: { readonly batch: number }): PairBatches | null {
    if (this.heldOutPairs.length === 0) return null;
    const before = this.#train.slice(-this.heldOutPairs.length);
    return new PairBatches(
      [...before, ...this.heldOutPairs],
      { ...shape, ...this.#size, seed: 0 },
      this.#boundary,
    );
  }

  /** The probe looks into a stack that reads one row, and this network has two. */
  probed(): null {
    return null;
  }

  /** The loss is a mean over the characters of targets, with their ends. */
  cost(nats: number, targets: Int32Array): Cost {
    const units = targets.reduce((counted, target) => counted + (target >= 0 ? 1 : 0), 0);
    return { bits: (units * nats) / Math.LN2, units };
  }

  /** A held-out row may be longer than all others, and is learned in the end. */
  get #size() {
    return sizeOfPairs([...this.#train, ...this.heldOutPairs]);
  }

  #blocks(pairs: readonly Pair[], height: number): PairRows[] {
    return blocksOfPairs(pairs, height).map((block) => layOutPairs(block, height, this.#boundary));
  }

  /** @param first the index of the first row among all, by which its numbers are found */
  #encode(rows: readonly LabelledRow[], first: number): HeldOutPair[] {
    const { source, target } = this.vocabularies;
    return rows.map(({ line, text, label }, index) => {
      const { read } = encodeSource(source, text);
      const tokens = read instanceof Float32Array ? Int32Array.of(first + index) : read;
      return { source: tokens, target: target.encode(label), line, text, label };
    });
  }

  #rareCharacters(): string[] {
    const { source, target } = this.vocabularies;
    return [...(source.kind === 'characters' ? [source.vocabulary] : []), target]
      .filter(({ rareKinds }) => rareKinds > 1)
      .map(
        ({ size, rareKinds }) =>
          `There are ${(size - 1 + rareKinds).toLocaleString('en')} different characters: the ${(size - 1).toLocaleString('en')} commonest are learned, the others are treated as one and never written.`,
      );
  }
}

/** The names that remarks give the rows. */
const namesOfPairs: RowNames = { rows: ['row', 'rows'], misfits: ['row', 'rows'], label: 'a target' };

/**
 * Returns the rows that can be learned; those that are too long become misfits, and those without numbers where sources
 * are numbers.
 * @param isNumeric whether they are; by default the rows say it
 */
export function pairsOf(
  { rows, missing, misfits }: LabelledRows,
  { reads }: Columns,
  isNumeric = sourcesAreNumbers(rows),
): Omit<LabelledRows, 'column'> {
  const long = rows.flatMap((row): Misfit[] => {
    const message = tooLong(row);
    return message === null ? [] : [{ line: row.line, message }];
  });
  const wrong = isNumeric ? [...rows, ...missing].flatMap((row) => wrongNumber(row, reads) ?? []) : [];
  const lines = new Set([...long, ...wrong].map(({ line }) => line));
  const isRight = ({ line }: { readonly line: number }) => !lines.has(line);
  return {
    rows: rows.filter(isRight),
    missing: missing.filter(isRight),
    misfits: [...misfits, ...long, ...wrong].sort((a, b) => a.line - b.line),
  };
}

const knownCategories = ({ source }: PairVocabularies): readonly string[] | null =>
  source.kind === 'category' ? source.categories : null;

/**
 * Returns the rows of a held-out file that can be measured on; those of other categories become misfits.
 * @param categories those that are trained on; null where sources are none
 * @throws Problem when no row is left
 */
function heldOutPairs(
  { rows, missing, misfits }: ReturnType<typeof pairsOf>,
  categories: readonly string[] | null,
): ReturnType<typeof pairsOf> {
  if (rows.length === 0)
    throw new Problem('No row of the held-out file has a target: nothing can be measured on it.');
  if (categories === null) return { rows, missing, misfits };
  const trained = new Set(categories);
  const isKnown = ({ text }: LabelledRow) => trained.has(text.trim());
  const known = rows.filter(isKnown);
  if (known.length === 0)
    throw new Problem(
      'No row of the held-out file has a category that the table has: nothing can be measured on it.',
    );
  const message = 'Its category is none that is trained on.';
  const unknown = rows.filter((row) => !isKnown(row)).map(({ line }) => ({ line, message }));
  return { rows: known, missing, misfits: [...misfits, ...unknown].sort((a, b) => a.line - b.line) };
}

/** Returns the moments of the numbers of sources. */
function momentsOf(rows: readonly LabelledRow[], columns: number): Standardisation[] {
  const numbers = Float64Array.from(rows.flatMap(({ text }) => numbersOf(text) ?? []));
  return standardisationOf(numbers, columns, rows.length);
}

/** Returns a sentence on what of a row is too long; null where nothing is. */
export function tooLong({ text, label }: Pick<LabelledRow, 'text' | 'label'>): string | null {
  const long = [text, label].findIndex(({ length }) => length > longestText);
  if (long < 0) return null;
  const length = [text, label][long].length.toLocaleString('en');
  return `Its ${['source', 'target'][long]} has ${length} characters, and at most ${longestText} can be learned.`;
}

/** @throws Problem when the rows teach nothing */
function check(rows: readonly LabelledRow[], { reads, writes }: Columns, remarks: readonly string[]): void {
  if (rows.length < minimumRows)
    throw new Problem(
      [
        `There are too few rows to learn from: ${minimumRows} with a target are needed, and this table has ${rows.length}.`,
        ...remarks,
      ].join(' '),
    );
  const problem = obstacleOfPairs(rows, { reads, writes });
  if (problem !== null) throw new Problem(problem);
}

/** Returns a sentence on why nothing is to be learned from these rows; null where there is something. */
export function obstacleOfPairs(rows: readonly LabelledRow[], { reads, writes }: Columns): string | null {
  if (rows.every(({ label }) => label === rows[0].label))
    return `All rows have the same \`${writes}\`: two different targets are needed.`;
  if (rows.every(({ text, label }) => text.trim() === label))
    return `\`${writes}\` is the same as \`${reads.join('`, `')}\` on every row, so that there is nothing to learn: name another column.`;
  return null;
}

/**
 * Returns the categories of the sources in the order of their code units, if each of a few sources has several targets;
 * null where a source is text.
 */
export function categoriesOf(rows: readonly Pick<LabelledRow, 'text' | 'label'>[]): string[] | null {
  const targets = new Map<string, Set<string>>();
  for (const { text, label } of rows) {
    const known = targets.get(text.trim());
    if (known) known.add(label);
    else targets.set(text.trim(), new Set([label]));
  }
  const different = [...targets.values()].reduce((sum, { size }) => sum + size, 0);
  return targets.size <= mostCategories && different >= 2 * targets.size ? [...targets.keys()].sort() : null;
}

/**
 * Returns whether a row is held out. That depends on its source alone: it stays so when other rows are added, and rows of
 * the same source are on the same side. Where a source has many targets, it depends on both.
 */
export const isPairHeldOutBy =
  (isMany: boolean) =>
  (row: LabelledRow): boolean =>
    hash(keyOfRow(row, isMany)) % heldOutEvery === 0;

const keyOfRow = ({ text, label }: LabelledRow, isMany: boolean): string =>
  isMany ? `${text}\t${label}` : text;
