// Describes an alignment in numbers and in a sentence.
import type { Alignment } from '../../../src/protocol/alignment.ts';
import { csv } from '../figure/csv.ts';
import { t } from '../words/l10n.ts';

export const alignmentCsv = (alignment: Alignment | undefined): string =>
  csv(
    ['written', ...(alignment?.source ?? [])],
    alignment?.target.map((character, row) => [character, ...alignment.weights[row]]) ?? [],
  );

/** Says how sharply the network looks. */
export function alignmentSays({ target, weights }: Alignment): string {
  const sharp = weights.filter((row) => Math.max(...row) > 0.5).length;
  return t(
    'For {0} of {1} characters, more than half of the weight is on one of the source.',
    sharp,
    target.length,
  );
}
