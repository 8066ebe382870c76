// A table as the data of a run that predicts a number: the sequence of a row is read, and its number is the target after
// the last step.
import type { Baseline } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import type { RowCounts } from '../../protocol/run.ts';
import type { TableFormat } from '../../protocol/task.ts';
import type { Dataset, Series } from '../dataset.ts';
import {
  blindGaussianLoss,
  type Standardisation,
  standardisationOf,
  standardise,
} from '../series/standardisation.ts';
import { ofHeldOutFile, readHeldOut, remarkOnShared } from '../sharedRows.ts';
import type { TokenKind } from '../text/tokens/tokenization.ts';
import { Tokenizer } from '../text/tokens/tokenizer.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import { isInShare } from './hash.ts';
import type { Columns } from './labelledRows.ts';
import { numberBaselines } from './numberBaselines.ts';
import { type NumberedRow, numberedRows, numbersIn, type SequenceKind } from './numberedRows.ts';
import { readTable } from './readTable.ts';
import type { RowLayout } from './rowBatches.ts';
import { SplitRows, type TargetedRow } from './splitRows.ts';
import { isRowHeldOut, longestRow, minimumRows, remarksOn } from './tableDataset.ts';

/** The table that is trained on, and what is learned of it. */
export interface NumberOptions {
  readonly source: string;
  readonly format: TableFormat;
  readonly columns: Columns;
  readonly kind: SequenceKind;
  /** A table of the same columns whose rows are held out, in place of some of this one; null where there is none. */
  readonly heldOut: { readonly source: string; readonly format: TableFormat } | null;
  /** The number of steps at the end of a row from which its number is learned. */
  readonly taught: number;
  /** The share of the training rows that are learned; all where it is left out. */
  readonly share?: number;
  /** The kind of the tokens of a text, or the tokenizer that was learned earlier from the same table. */
  readonly tokens: TokenKind | Tokenizer;
}

/** A row that is held out, with its place in its file. */
export interface HeldOutNumber extends TargetedRow {
  readonly line: number;
}

/** The target of a row is the index of its number. */
export class NumberDataset extends SplitRows<HeldOutNumber> implements Dataset {
  /** The tokenizer of the texts; null where numbers are read. */
  readonly tokenizer: Tokenizer | null;
  /** The numbers that are read, [n × 1], none where texts are; and the one of each row, [rows × 1]. */
  readonly series: Series;
  /** The mean and standard deviation of all numbers that are read, null where texts are, and of those predicted. */
  readonly standardisation: { readonly reads: Standardisation | null; readonly writes: Standardisation };
  /** The most decimals that the numbers to predict are written with. */
  readonly decimals: number;
  readonly counts: RowCounts;
  readonly charactersPerToken: number;
  readonly remarks: readonly string[];
  readonly baselines: readonly Baseline[];
  readonly uniform: number;
  readonly heldOutRows: readonly HeldOutNumber[];
  protected readonly train: readonly TargetedRow[];
  protected readonly layout: RowLayout;

  /** @throws Problem when the table cannot be trained on */
  constructor({ source, format, columns, kind, heldOut: apart, taught, share = 1, tokens }: NumberOptions) {
    super();
    this.layout = { tokensPerStep: 1, taught };
    const { rows, empty, misfits, decimals } = numberedRows(readTable(source, format), columns, kind);
    const remarks = remarksOn(empty, misfits, names);
    checkRows(rows, columns.writes, remarks);
    const own =
      apart && readHeldOut(() => numberedRows(readTable(apart.source, apart.format), columns, kind));
    if (own && own.rows.length === 0)
      throw new Problem('No row of the held-out file has a number: nothing can be measured on it.');
    const train = own ? rows : rows.filter((row) => !isRowHeldOut(row));
    const heldOut = own ? own.rows : rows.filter(isRowHeldOut);
    const all = [...train, ...heldOut];
    this.decimals = decimals;
    const learned = train.map(({ text }) => isInShare(text, share));
    this.counts = {
      train: learned.filter((is) => is).length,
      heldOut: heldOut.length,
      skipped: misfits.length + (own?.misfits.length ?? 0),
      empty: empty + (own?.empty ?? 0),
    };

    const text = train.map((row) => row.text).join('\n');
    this.tokenizer =
      kind === 'numbers'
        ? null
        : typeof tokens === 'string'
          ? Tokenizer.learn(tokens, Vocabulary.of(text), text)
          : tokens;
    const whole = this.tokenizer ? all.map((row) => this.tokenizer!.encode(row.text)) : indices(all);
    const long = whole.filter(({ length }) => length > longestRow).length;
    const targeted = whole.map((own, target): HeldOutNumber => {
      const { line } = all[target];
      return { tokens: own.slice(0, longestRow), target, line };
    });
    // A share has the numbers of the whole, and is standardised as that is, so that their errors can be compared.
    this.train = targeted.slice(0, train.length).filter((_, index) => learned[index]);
    this.heldOutRows = targeted.slice(train.length);

    const inputs = Float64Array.from(this.tokenizer ? [] : all.flatMap((row) => numbersIn(row.text)!));
    const values = Float64Array.from(all, ({ value }) => value);
    const read = this.train.reduce((sum, row) => sum + row.tokens.length, 0);
    const [reads = null] = this.tokenizer
      ? []
      : standardisationOf(
          inputs,
          1,
          whole.slice(0, train.length).reduce((sum, { length }) => sum + length, 0),
        );
    const [writes] = standardisationOf(values, 1, train.length);
    this.standardisation = { reads, writes };
    this.series = {
      inputs: reads ? standardise(inputs, [reads]) : new Float32Array(),
      targets: standardise(values, [writes]),
    };
    this.charactersPerToken = text.length / read;
    this.baselines = numberBaselines({
      ...{ train: this.train, heldOut: this.heldOutRows, series: this.series, deviation: writes.deviation },
      vocabulary: this.tokenizer?.size ?? null,
    });
    this.uniform = blindGaussianLoss(this.series.targets.subarray(0, train.length));
    this.remarks = [
      ...remarks,
      ...(own
        ? [
            ...remarksOn(own.empty, own.misfits, names).map(ofHeldOutFile),
            ...remarkOnShared(
              train.map((row) => row.text),
              heldOut.map((row) => row.text),
            ),
          ]
        : []),
      ...(long > 0
        ? [
            `${long.toLocaleString('en')} ${long === 1 ? 'row is' : 'rows are'} long: the first ${longestRow} steps of a row are read.`,
          ]
        : []),
    ];
  }

  /** Returns a number that is read, in its own units. */
  textOf(token: number): string {
    const { mean, deviation } = this.standardisation.reads!;
    return `${Number((mean + deviation * this.series.inputs[token]).toPrecision(4))}`;
  }
}

const names = {
  rows: ['row', 'rows'],
  misfits: ['row', 'rows'],
  label: 'a number to predict',
} as const;

/** @throws Problem when the rows are too few to learn from, or all have the same number */
function checkRows(rows: readonly NumberedRow[], column: string, remarks: readonly string[]): void {
  if (rows.length < minimumRows)
    throw new Problem(
      [
        `There are too few rows to learn from: ${minimumRows} with a number are needed, and this table has ${rows.length}.`,
        ...remarks,
      ].join(' '),
    );
  if (rows.every(({ value }) => value === rows[0].value))
    throw new Problem(
      `All rows have the same \`${column}\`, ${rows[0].value}: two different numbers are needed.`,
    );
}

/** Returns the indices of the numbers of each row among those of all rows. */
function indices(rows: readonly NumberedRow[]): Int32Array[] {
  let next = 0;
  return rows.map(({ text }) => Int32Array.from(numbersIn(text)!, () => next++));
}
