// Measures what the best state of a run takes for what.
import type { TrainableNetwork, Weights } from '../../backend/engine.ts';
import { blocksOf, layOutRows } from '../../data/table/rowBatches.ts';
import type { HeldOutRow } from '../../data/table/tableDataset.ts';
import type { ConfusedRow, Confusion } from '../../protocol/confusion.ts';

/** The most rows that are kept of one cell, and the characters of each text. */
const mostOfCell = 20;
const excerpt = 120;

/**
 * Returns what was taken for what; null where nothing is held out.
 * @param network the network of the run, whose state is restored afterwards
 * @param isOfFile whether the held-out rows are of the file that was trained on
 */
export function confusionOf(
  heldOut: readonly HeldOutRow[],
  classes: readonly string[],
  network: TrainableNetwork,
  weights: Weights,
  isOfFile: boolean,
): Confusion | null {
  if (heldOut.length === 0) return null;
  const found: ConfusedRow[] = [];
  const height = network.shape.batch;
  network.aside(() => {
    network.load(weights);
    for (const block of blocksOf(heldOut, height)) {
      const { x, y } = layOutRows(block, height);
      const steps = x.length / height;
      network.logits(x, y, height, (at, logits) => {
        const { line, text, target } = block[Math.floor(at / steps)];
        const largest = Math.max(...logits);
        const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
        const predicted = logits.indexOf(largest);
        found.push({ line, text: text.slice(0, excerpt), target, predicted, probability: 1 / sum });
      });
    }
  });
  const cells = Map.groupBy(found, ({ target, predicted }) => `${target} ${predicted}`);
  const surest = (a: ConfusedRow, b: ConfusedRow) => b.probability - a.probability;
  return {
    classes,
    counts: [...cells.values()].map((rows) => [rows[0].target, rows[0].predicted, rows.length]),
    rows: [...cells.values()].flatMap((rows) => rows.sort(surest).slice(0, mostOfCell)),
    isOfFile,
  };
}
