import type { BatchOptions, Cost, ProbedRow, Rows } from '../dataset.ts';
import {
  blocksOf,
  layOutRows,
  longestOf,
  paddedLength,
  RowBatches,
  type RowLayout,
  type SequenceRow,
} from './rowBatches.ts';

/** A row of tokens, and the one target that follows from all of them. */
export interface TargetedRow extends SequenceRow {
  readonly target: number;
}

/** Rows of tokens with a target each, in a training part and a held-out one: what datasets of them have in common. */
export abstract class SplitRows<Row extends TargetedRow> {
  protected abstract readonly train: readonly TargetedRow[];
  abstract readonly heldOutRows: readonly Row[];
  protected abstract readonly layout: RowLayout;
  /** The number of times that rows of each target occur in a pass, see `BatchOrder`; null where all occur once. */
  protected readonly weights: readonly number[] | null = null;

  batches({ batch, seed }: BatchOptions): RowBatches {
    // A held-out row may be longer than all others, and is learned in the end.
    const steps = paddedLength(longestOf([...this.train, ...this.heldOutRows]));
    const shape = { batch: Math.min(batch, this.train.length), steps, seed };
    const { weights } = this;
    const weightOf = weights && (({ target }: SequenceRow) => weights[target as number]);
    return new RowBatches(this.train, shape, this.layout, null, weightOf);
  }

  training(rows: number): Rows[] {
    return blocksOf(this.train, rows).map((block) => layOutRows(block, rows));
  }

  heldOut(rows: number): Rows[] {
    return blocksOf(this.heldOutRows, rows).map((block) => layOutRows(block, rows));
  }

  heldOutBatches(shape: { readonly batch: number; readonly steps: number }): RowBatches | null {
    if (this.heldOutRows.length === 0) return null;
    const before = this.train.slice(-this.heldOutRows.length);
    return new RowBatches([...before, ...this.heldOutRows], { ...shape, seed: 0 }, this.layout);
  }

  probed(steps: number): ProbedRow | null {
    return this.train.reduce<TargetedRow | null>(
      (longest, row) =>
        row.tokens.length <= steps && row.tokens.length > (longest?.tokens.length ?? 0) ? row : longest,
      null,
    );
  }

  /** The loss is a mean over rows. */
  cost(nats: number, targets: Int32Array): Cost {
    const units = targets.reduce((counted, target) => counted + (target >= 0 ? 1 : 0), 0);
    return { bits: (units * nats) / Math.LN2, units };
  }
}
