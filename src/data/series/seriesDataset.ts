// A table of numbers as the data of a run: a row is a step, and the next row is its target. The newest part is held
// out. A token is the index of a row, whose numbers the network looks up.
import type { Baseline } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import type { RowCounts } from '../../protocol/run.ts';
import type { TableFormat } from '../../protocol/task.ts';
import type { Batches, BatchOptions, Cost, Dataset, Rows, Series } from '../dataset.ts';
import { readTable } from '../table/readTable.ts';
import { remarksOn } from '../table/tableDataset.ts';
import { heldOutBatches, heldOutRows } from '../text/heldOut.ts';
import { Windows } from '../text/truncatedBpttWindows.ts';
import { baselinesOf, type SplitSeries } from './baselines.ts';
import { readNumbers, type WantedNumbers } from './numberTable.ts';
import {
  blindGaussianLoss,
  type Standardisation,
  standardisationOf,
  standardise,
} from './standardisation.ts';

/** The least number of rows: fewer teach a network nothing. */
export const minimumRows = 40;

/** The most numbers of a table that are kept in memory; the newest rows are. */
const mostNumbers = 20_000_000;

/** One row of so many is held out, at most as many as this. */
const heldOutShare = 10;
const mostHeldOut = 50_000;

/** The number of steps after which states no longer depend on where they began (Jaeger 2001). */
const washout = 100;

/** The least number of windows of each stream, without which there would be no state to carry. */
const windowsPerStream = 4;

/** The table that a series is read from. */
export interface SeriesOptions {
  readonly source: string;
  readonly format: TableFormat;
  readonly columns: WantedNumbers;
}

/** The numbers of a table as the data of a run. Losses are in bits per number. */
export class SeriesDataset implements Dataset {
  readonly series: Series;
  /** The same numbers with their counts. */
  readonly split: SplitSeries;
  /** The names of the columns that are read and predicted, and of the column of times. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly time: string | null;
  readonly standardisation: {
    readonly reads: readonly Standardisation[];
    readonly writes: readonly Standardisation[];
  };
  /** The numbers of rows: those without a number to predict, at the end, are empty. */
  readonly counts: RowCounts;
  readonly remarks: readonly string[];
  readonly baselines: readonly Baseline[];
  readonly uniform: number;
  readonly charactersPerToken: number;
  readonly #train: Int32Array;
  readonly #heldOut: Int32Array;

  /** @throws Problem when the table cannot be trained on */
  constructor({ source, format, columns }: SeriesOptions) {
    const table = readNumbers(readTable(source, format), columns);
    const { reads, writes, time, misfits, empty } = table;
    const width = Math.max(reads.length, writes.length);
    const rows = Math.min(table.rows, Math.floor(mostNumbers / width));
    const remarks = [
      ...(time === null ? [] : [`The column \`${time}\` holds times, which are not learned.`]),
      ...(rows < table.rows ? [`The table is long: its last ${say(rows)} rows are used.`] : []),
      ...table.remarks,
      ...remarksOn(0, misfits),
    ];
    if (rows < minimumRows)
      throw new Problem(
        [
          `There are too few rows to learn from: ${minimumRows} with numbers are needed, and this table has ${rows}.`,
          ...remarks,
        ].join(' '),
      );
    const held = Math.min(mostHeldOut, Math.floor(rows / heldOutShare));
    const train = rows - held;
    const inputs = table.inputs.subarray(-rows * reads.length);
    const targets = table.targets.subarray(-rows * writes.length);
    this.standardisation = {
      reads: standardisationOf(inputs, reads.length, train),
      writes: standardisationOf(targets, writes.length, train),
    };
    const isSame = `${reads}` === `${writes}`;
    const read = standardise(inputs, this.standardisation.reads);
    this.series = {
      inputs: read,
      targets: isSame ? read : standardise(targets, this.standardisation.writes),
    };
    this.reads = reads;
    this.writes = writes;
    this.time = time;
    this.counts = { train, heldOut: held, skipped: misfits.length, empty };
    this.remarks = remarks;
    this.charactersPerToken = source.length / table.rows;
    this.#train = Int32Array.from({ length: train }, (_, row) => row);
    this.#heldOut = Int32Array.from({ length: held }, (_, row) => train + row);
    this.split = { ...this.series, reads: reads.length, writes: writes.length, rows, train };
    this.baselines = baselinesOf(this.split);
    this.uniform = blindGaussianLoss(this.series.targets.subarray(0, train * writes.length));
  }

  /** Returns the numbers of a row that are read, in their own units. */
  textOf(row: number): string {
    const { reads } = this.standardisation;
    const numbers = reads.map(({ mean, deviation }, column) => {
      const value = mean + deviation * this.series.inputs[row * reads.length + column];
      return `${Number(value.toPrecision(4))}`;
    });
    return numbers.join(' ');
  }

  batches({ batch, k1, k2 }: BatchOptions): Windows {
    // A table has far fewer rows than a text has characters, so that the windows of a short one are shorter.
    const longest = Math.floor((this.#train.length - 1) / windowsPerStream);
    const [between, back] = [Math.min(k1, longest), Math.min(k2, longest)];
    const most = Math.floor(this.#train.length / (windowsPerStream * Math.max(between, back) + 1));
    return new Windows(this.#train, Math.max(1, Math.min(batch, most)), between, back);
  }

  /** The training part is one row, since a reservoir needs many steps to forget where it began. */
  training(): Rows[] {
    const steps = this.#train.length - 1;
    const washedOut = Math.min(washout, Math.floor(steps / heldOutShare));
    const y = this.#train.slice(1).fill(-1, 0, washedOut);
    return [{ rows: 1, x: this.#train.slice(0, steps), y }];
  }

  heldOut(rows: number): Rows[] {
    const held = heldOutRows(this.#train, this.#heldOut, rows);
    return held ? [held] : [];
  }

  heldOutBatches(shape: { readonly batch: number; readonly steps: number }): Batches | null {
    return heldOutBatches(this.#train, this.#heldOut, shape);
  }

  probed(steps: number): { tokens: Int32Array; target: number } | null {
    const last = this.#train.length - 1;
    return last < steps ? null : { tokens: this.#train.subarray(last - steps, last), target: last };
  }

  /** The loss is a mean over the numbers that are predicted. */
  cost(nats: number, targets: Int32Array): Cost {
    const counted = targets.reduce((sum, target) => sum + (target >= 0 ? 1 : 0), 0);
    return { bits: (counted * nats) / Math.LN2, units: counted * this.writes.length };
  }
}

const say = (count: number) => count.toLocaleString('en');
