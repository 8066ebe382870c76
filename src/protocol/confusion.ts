// The confusion matrix of a classifier on the held-out rows.

export interface ConfusedRow {
  /** The line on which the row begins, from 1. */
  readonly line: number;
  /** The beginning of its text. */
  readonly text: string;
  /** The indices of its own class, and of the likeliest one with its probability. */
  readonly target: number;
  readonly predicted: number;
  readonly probability: number;
}

export interface Confusion {
  readonly classes: readonly string[];
  /** The counts that are not 0: own class, predicted class, and how many rows. */
  readonly counts: readonly (readonly [target: number, predicted: number, rows: number])[];
  /** Some rows of each cell, the surest first. They have no lines where another file was held out. */
  readonly rows: readonly ConfusedRow[];
  /** Whether the lines are those of the file that was trained on. */
  readonly isOfFile: boolean;
}

export interface ClassFigures {
  readonly name: string;
  /** The number of held-out rows of the class. */
  readonly rows: number;
  /** The share of what was taken for the class that is of it, and the share of it that was found; NaN without any. */
  readonly precision: number;
  readonly recall: number;
  /** The harmonic mean of both (van Rijsbergen 1979). */
  readonly f1: number;
}

/** Returns the figures of each class that occurs or was predicted, those with the most rows first. */
export function classFigures({ classes, counts }: Pick<Confusion, 'classes' | 'counts'>): ClassFigures[] {
  const sum = (of: (target: number, predicted: number) => boolean) =>
    counts.reduce((total, [target, predicted, rows]) => total + (of(target, predicted) ? rows : 0), 0);
  return classes
    .map((name, index) => {
      const rows = sum((target) => target === index);
      const named = sum((_, predicted) => predicted === index);
      const right = sum((target, predicted) => target === index && predicted === index);
      return {
        name,
        rows,
        named,
        precision: right / named,
        recall: right / rows,
        f1: (2 * right) / (rows + named),
      };
    })
    .filter(({ rows, named }) => rows + named > 0)
    .map(({ named: _, ...figures }) => figures)
    .sort((a, b) => b.rows - a.rows);
}

/** Returns the rows of one cell. */
export function rowsOfCell(
  { rows }: Pick<Confusion, 'rows'>,
  target: number,
  predicted: number,
): ConfusedRow[] {
  return rows.filter((row) => row.target === target && row.predicted === predicted);
}

/** Returns the mistakes, the surest first. */
export function mistakes({ rows }: Pick<Confusion, 'rows'>): ConfusedRow[] {
  return rows
    .filter(({ target, predicted }) => target !== predicted)
    .sort((a, b) => b.probability - a.probability);
}
