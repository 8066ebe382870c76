// Measures how a network writes the targets of held-out rows by itself.
import type { TargetPredictor, Weights } from '../../backend/engine.ts';
import { characterErrorRate } from '../../data/pairs/editDistance.ts';
import type { HeldOutPair, PairDataset } from '../../data/pairs/pairDataset.ts';
import { boundaryOf, decodeTarget } from '../../data/pairs/pairs.ts';
import { freeRunningLoss } from '../../protocol/metric.ts';
import type { MeasuredMetric } from '../../training/measure.ts';
import { writeFreely } from './freeRunning.ts';

/** The most rows that are written at one look, as one is written token by token. */
const mostWritten = 400;

/** Returns at most so many rows, evenly spaced. */
export function evenlySpaced<Row>(rows: readonly Row[], most: number): readonly Row[] {
  const every = Math.ceil(rows.length / most);
  return rows.filter((_, index) => index % every === 0);
}

/**
 * The share of rows whose target the network writes exactly, by greedy decoding. Beside it, the character error rate and
 * the free-running loss.
 * @param open opens the network for prediction
 */
export function exactMatch(
  dataset: Pick<PairDataset, 'heldOutPairs' | 'vocabularies'>,
  open: (weights: Weights) => TargetPredictor,
  longest: number,
): MeasuredMetric {
  const rows = evenlySpaced(dataset.heldOutPairs, mostWritten);
  return {
    name: 'exact match',
    unit: '',
    lowerIsBetter: false,
    of(network) {
      const predictor = open(network.weights());
      try {
        const written = writeRows(predictor, rows, dataset, longest);
        const exact = written.filter((each) => each.written === each.right).length;
        const [nats, tokens] = written.reduce(
          ([sum, count], each) => [sum + each.nats, count + each.tokens],
          [0, 0],
        );
        return {
          metric: exact / written.length,
          furtherMetrics: {
            'character error rate': characterErrorRate(written),
            [freeRunningLoss]: nats / tokens / Math.LN2,
          },
        };
      } finally {
        predictor.dispose();
      }
    },
  };
}

function writeRows(
  predictor: TargetPredictor,
  rows: readonly HeldOutPair[],
  { vocabularies: { target } }: Pick<PairDataset, 'vocabularies'>,
  longest: number,
) {
  const boundary = boundaryOf(target);
  return rows.map((row) => {
    const { tokens, nats } = writeFreely(predictor, row, { boundary, longest });
    return {
      written: decodeTarget(target, tokens),
      right: row.label,
      nats: nats.reduce((sum, each) => sum + each, 0),
      tokens: nats.length,
    };
  });
}
