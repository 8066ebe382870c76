// Describes what a bidirectional layer knows at one token, as a sentence and as numbers.
import type { Around, ProbedPassage } from '../../../src/protocol/run.ts';
import { csv } from '../figure/csv.ts';
import { t } from '../words/l10n.ts';
import { visibleToken } from '../words/tokenText.ts';

/** The tokens with their gradients, which are drawn. */
export type AroundOf = Pick<ProbedPassage, 'tokens'> & { readonly around: Around };

/** The share of the largest gradient of a direction down to which a token counts as seen. */
const seen = 0.01;

/** Says how far each direction sees. */
export function bothWaysSays({ tokens, around: { at, forward, backward } }: AroundOf): string {
  const reach = (values: readonly number[], step: 1 | -1) => {
    const largest = Math.max(...values);
    let far = 0;
    for (let lag = 1; at + step * lag >= 0 && at + step * lag < values.length; lag++)
      if (values[at + step * lag] >= seen * largest && largest > 0) far = lag;
    return far;
  };
  return t(
    'The output at “{0}” depends on tokens as far as {1} before it and {2} after it: those whose gradient is at least a hundredth of the strongest. Bars are logarithmic, down to a thousandth.',
    visibleToken(tokens[at]),
    reach(forward, -1),
    reach(backward, 1),
  );
}

export function bothWaysCsv(passage: AroundOf | null): string {
  return csv(
    ['position', 'token', 'from the start', 'from the end'],
    passage?.around.forward.map((value, at) => [
      at - passage.around.at,
      passage.tokens[at],
      value,
      passage.around.backward[at],
    ]) ?? [],
  );
}
