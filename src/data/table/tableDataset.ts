// A table as the data of a run: the text of a row is read, and its class is the target after its last token.
import type { Baseline } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import type { RowCounts } from '../../protocol/run.ts';
import type { TableFormat } from '../../protocol/task.ts';
import { macroF1, shareOfRight } from '../classMetrics.ts';
import type { Dataset } from '../dataset.ts';
import { ofHeldOutFile, readHeldOut, remarkOnShared } from '../sharedRows.ts';
import type { TokenKind } from '../text/tokens/tokenization.ts';
import { Tokenizer } from '../text/tokens/tokenizer.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import { hash, isInShare } from './hash.ts';
import { type Columns, type LabelledRow, type LabelledRows, labelledRows } from './labelledRows.ts';
import { readTable } from './readTable.ts';
import { mostClasses } from './recognise.ts';
import type { RowLayout } from './rowBatches.ts';
import { SplitRows, type TargetedRow } from './splitRows.ts';
import type { Misfit } from './table.ts';

/** The least number of rows with a label: fewer teach a network nothing. */
export const minimumRows = 20;

/** The largest number of tokens of a row. Gradients go back over whole rows, so that it bounds memory. */
export const longestRow = 400;

/** One row of so many is held out. */
const heldOutEvery = 10;

/** The number of misfits that the remarks name. */
const named = 5;

/** The table that is trained on, and what is learned of it. */
export interface TableOptions {
  readonly source: string;
  readonly format: TableFormat;
  readonly columns: Columns;
  /** A table of the same columns whose rows are held out, in place of some of this one; null where there is none. */
  readonly heldOut: { readonly source: string; readonly format: TableFormat } | null;
  /** The number of steps at the end of a row from which its class is learned; 1 where it is left out. */
  readonly taught?: number;
  /** The weights of the classes in training; without them all rows weigh the same. */
  readonly classWeights?: 'none' | 'balanced';
  /** The share of the training rows that are learned; all where it is left out. */
  readonly share?: number;
  /** The kind of the tokens, or the tokenizer that was learned earlier from the same table. */
  readonly tokens: TokenKind | Tokenizer;
}

/** A row that is held out, with its place in its file. */
export interface HeldOutRow extends TargetedRow {
  readonly line: number;
  readonly text: string;
}

/** The target of a row is its class. */
export class TableDataset extends SplitRows<HeldOutRow> implements Dataset {
  readonly tokenizer: Tokenizer;
  /** The labels, in the order of their code units; the index of a label is its class. */
  readonly classes: readonly string[];
  /** Whether JSON Lines have labels that are numbers or booleans bare. */
  readonly isBare: boolean;
  /** The numbers of rows: those without a label are empty, and those that do not fit are skipped. */
  readonly counts: RowCounts;
  readonly charactersPerToken: number;
  readonly remarks: readonly string[];
  protected readonly train: readonly TargetedRow[];
  readonly heldOutRows: readonly HeldOutRow[];
  protected readonly layout: RowLayout;
  protected override readonly weights: readonly number[] | null;

  /** @throws Problem when the table cannot be trained on */
  constructor({
    source,
    format,
    columns,
    tokens,
    heldOut: apart,
    taught = 1,
    classWeights = 'none',
    share = 1,
  }: TableOptions) {
    super();
    this.layout = { tokensPerStep: 1, taught };
    const { rows, missing, misfits, column } = labelledRows(readTable(source, format), columns);
    this.isBare = column.isBare ?? false;
    this.classes = [...new Set(rows.map(({ label }) => label))].sort();
    const remarks = remarksOn(missing.length, misfits);
    if (rows.length < minimumRows)
      throw new Problem(
        [
          `There are too few rows to learn from: ${minimumRows} with a label are needed, and this table has ${rows.length}.`,
          ...remarks,
        ].join(' '),
      );
    if (this.classes.length < 2)
      throw new Problem(
        `All rows have the same \`${columns.writes}\`, \`${this.classes[0]}\`: two different labels are needed.`,
      );
    if (this.classes.length > mostClasses)
      throw new Problem(
        `The column \`${columns.writes}\` has ${this.classes.length} different labels, and at most ${mostClasses} are possible: name a column of few values.`,
      );
    const own =
      apart &&
      heldOutRows(
        readHeldOut(() => labelledRows(readTable(apart.source, apart.format), columns)),
        this.classes,
      );
    const train = (own ? rows : rows.filter((row) => !isRowHeldOut(row))).filter(({ text }) =>
      isInShare(text, share),
    );
    const heldOut = own ? own.rows : rows.filter(isRowHeldOut);
    const text = train.map((row) => row.text).join('\n');
    this.tokenizer = typeof tokens === 'string' ? Tokenizer.learn(tokens, Vocabulary.of(text), text) : tokens;
    const classOf = new Map(this.classes.map((label, index) => [label, index]));
    let long = 0;
    const classified = (of: readonly LabelledRow[]) =>
      of.map((row): HeldOutRow => {
        const all = this.tokenizer.encode(row.text);
        if (all.length > longestRow) long++;
        const { line, text } = row;
        return { tokens: all.slice(0, longestRow), target: classOf.get(row.label)!, line, text };
      });
    this.train = classified(train).map(({ tokens, target }) => ({ tokens, target }));
    this.heldOutRows = classified(heldOut);
    this.weights = classWeights === 'balanced' ? this.#balancedWeights() : null;
    this.counts = {
      train: train.length,
      heldOut: heldOut.length,
      skipped: misfits.length + (own?.misfits.length ?? 0),
      empty: missing.length + (own?.missing.length ?? 0),
    };
    const read = this.train.reduce((sum, row) => sum + row.tokens.length, 0);
    const lengths = this.tokenizer.lengths();
    const characters = this.train.reduce(
      (sum, row) => sum + row.tokens.reduce((own, token) => own + lengths[token], 0),
      0,
    );
    this.charactersPerToken = characters / read;
    this.remarks = [
      ...remarks,
      ...(own
        ? [
            ...remarksOn(own.missing.length, own.misfits).map(ofHeldOutFile),
            ...remarkOnShared(textsOf(train), textsOf(heldOut)),
          ]
        : []),
      ...(long > 0
        ? [`${say(long, 'row is', 'rows are')} long: the first ${longestRow} tokens of a row are read.`]
        : []),
    ];
  }

  /** The bits of guessing one of the classes. */
  get uniform(): number {
    return Math.log2(this.classes.length);
  }

  /** Always naming the class that is commonest in the training part: its accuracy, or its macro F1 with balanced weights. */
  get baselines(): Baseline[] {
    const counts = this.#countsOfClasses();
    const commonest = counts.indexOf(Math.max(...counts));
    const measured = this.heldOutRows.length > 0 ? this.heldOutRows : this.train;
    const outcomes = measured.map(({ target }) => ({ target, predicted: commonest }));
    const value = this.weights ? macroF1(outcomes) : shareOfRight(outcomes);
    return [{ name: 'commonest class', value }];
  }

  /** Returns n / (k · n_c) for each class, of n rows in k classes that have any. */
  #balancedWeights(): number[] {
    const counts = this.#countsOfClasses();
    const present = counts.filter((count) => count > 0).length;
    return counts.map((count) => (count > 0 ? this.train.length / (present * count) : 0));
  }

  #countsOfClasses(): number[] {
    const counts = this.classes.map(() => 0);
    for (const { target } of this.train) counts[target]++;
    return counts;
  }
}

/**
 * Returns whether a row is held out. That depends on its text alone: it stays so when other rows are added,
 * and rows of the same text are on the same side.
 */
export const isRowHeldOut = ({ text }: Pick<LabelledRow, 'text'>): boolean => hash(text) % heldOutEvery === 0;

/** @throws Problem when nothing of the table can be measured on */
function heldOutRows({ rows, missing, misfits }: LabelledRows, classes: readonly string[]) {
  const known = rows.filter(({ label }) => classes.includes(label));
  if (known.length === 0)
    throw new Problem(
      'No row of the held-out file has a label that the table has: nothing can be measured on it.',
    );
  const unknown = rows.filter(({ label }) => !classes.includes(label));
  const message = 'Its label is none that is trained on.';
  return { rows: known, missing, misfits: [...misfits, ...unknown.map(({ line }) => ({ line, message }))] };
}

/** The names of a dataset's rows, and of the lines that do not fit, each in the singular and the plural. */
export interface RowNames {
  readonly rows: readonly [string, string];
  readonly misfits: readonly [string, string];
  /** The name of the value that a row may lack. */
  readonly label: string;
}

const namesOfRows: RowNames = { rows: ['row', 'rows'], misfits: ['row', 'rows'], label: 'a label' };

/** Returns sentences on the rows that are not trained on. */
export function remarksOn(
  missing: number,
  misfits: readonly Misfit[],
  names: RowNames = namesOfRows,
): string[] {
  const remarks: string[] = [];
  if (missing > 0) remarks.push(`Without ${names.label}, and left out: ${say(missing, ...names.rows)}.`);
  if (misfits.length > 0) {
    const some = misfits.slice(0, named).map(({ line, message }) => `Line ${line}: ${message}`);
    const more = misfits.length > named ? [`And ${misfits.length - named} more.`] : [];
    remarks.push(
      [`Left out, as they do not fit: ${say(misfits.length, ...names.misfits)}.`, ...some, ...more].join(' '),
    );
  }
  return remarks;
}

const say = (count: number, one: string, several: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : several}`;

const textsOf = (rows: readonly LabelledRow[]): string[] => rows.map(({ text }) => text);
