import type { Confusion } from '../../../src/protocol/confusion.ts';
import { csv } from '../figure/csv.ts';

/** Returns the matrix as CSV, with a row for each class and a column for each that was predicted. */
export function confusionCsv({ classes, counts }: Pick<Confusion, 'classes' | 'counts'>): string {
  const count = new Map(counts.map(([target, predicted, rows]) => [`${target} ${predicted}`, rows]));
  return csv(
    ['class', ...classes.map((name) => `as ${name}`)],
    classes.map((name, target) => [
      name,
      ...classes.map((_, predicted) => count.get(`${target} ${predicted}`) ?? 0),
    ]),
  );
}
