// Learns the held-out part at the end of a run, unless the user would not want that.
import type { Weights } from '../backend/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import type { TrainOptions } from '../language/options/options.ts';
import { learnHeldOut } from '../training/learnHeldOut.ts';
import type { Ending } from './task.ts';

/**
 * Learns the rows that the training part has held out. A user who stops a run wants it to end, and one who names a file to
 * measure on wants that file unlearned.
 * @param heldOutApart whether the held-out rows are those of a file that the user has named
 * @returns the weights, null where nothing was learned, and perhaps a sentence for the user
 */
export function learnHeldOutRows(
  dataset: Dataset,
  options: TrainOptions,
  { trained, network }: Pick<Ending, 'trained' | 'network'>,
  { heldOutApart }: { readonly heldOutApart: boolean },
): { readonly learned: Weights | null; readonly remarks: readonly string[] } {
  if (trained.result.end === 'stopped' || heldOutApart) return { learned: null, remarks: [] };
  const { weights, remark } = learnHeldOut(dataset, options, network, trained);
  return { learned: weights, remarks: remark === null ? [] : [remark] };
}
