// Measures what a model takes held-out rows for.
import type { TrainableNetwork, Weights } from '../../backend/engine.ts';
import type { HeldOutRow } from '../../data/table/tableDataset.ts';
import type { ConfusedRow, Confusion } from '../../protocol/confusion.ts';
import { softmaxOf } from '../classify.ts';
import { type JudgedRow, visitHeldOut } from './classEnsemble.ts';

/** The most rows that are kept of one cell, and the characters of each text. */
const mostOfCell = 20;
const excerpt = 120;

/** Returns what a network takes held-out rows for. Its state is the same afterwards. */
export function confusedByNetwork(
  heldOut: readonly HeldOutRow[],
  network: TrainableNetwork,
  weights: Weights,
): ConfusedRow[] {
  const found: ConfusedRow[] = [];
  visitHeldOut(heldOut, network, weights, (row, logits) => {
    found.push(confusedRow({ row, p: softmaxOf(logits) }));
  });
  return found;
}

/** Returns what a row is taken for. */
export function confusedRow({ row: { line, text, target }, p }: JudgedRow): ConfusedRow {
  const probability = Math.max(...p);
  return { line, text: text.slice(0, excerpt), target, predicted: p.indexOf(probability), probability };
}

/**
 * Returns what was taken for what; null where nothing is held out.
 * @param isOfFile whether the held-out rows are of the file that was trained on
 */
export function confusionOf(
  found: readonly ConfusedRow[],
  classes: readonly string[],
  isOfFile: boolean,
): Confusion | null {
  if (found.length === 0) return null;
  const cells = Map.groupBy(found, ({ target, predicted }) => `${target} ${predicted}`);
  const surest = (a: ConfusedRow, b: ConfusedRow) => b.probability - a.probability;
  return {
    classes,
    counts: [...cells.values()].map((rows) => [rows[0].target, rows[0].predicted, rows.length]),
    rows: [...cells.values()].flatMap((rows) => rows.sort(surest).slice(0, mostOfCell)),
    isOfFile,
  };
}
