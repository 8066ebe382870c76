// Lets an encoder-decoder write the targets of some held-out rows, for the panel.
import type { HeldOutPair } from '../../data/pairs/pairDataset.ts';
import type { Alignment } from '../../protocol/alignment.ts';
import type { SamplePoint } from '../../protocol/run.ts';
import { random } from '../../tape/random.ts';
import type { SampleOptions } from '../task.ts';
import type { EncoderDecoder } from './open.ts';

/**
 * Writes a line for each row: its source and what the network writes for it. A target that is not the row's own is marked;
 * where the task is one-to-many, targets are drawn, and none of them is the right one.
 */
export function sampleTargets(
  { draw, rewrite, align }: EncoderDecoder,
  rows: readonly HeldOutPair[],
  isOneToMany: boolean,
  { step, temperature, seed }: SampleOptions,
): SamplePoint {
  const next = random(seed);
  const alignments: Alignment[] = [];
  const lines = rows.map(({ text, label }) => {
    const best = isOneToMany ? draw(text, { temperature, random: next }) : rewrite(text).rewritings[0];
    const written = best?.text ?? '';
    const alignment = align(text, written);
    if (alignment) alignments.push(rounded(alignment));
    const mark = isOneToMany ? '' : written === label ? '  ✓' : `  ✗ ${label}`;
    return `${text.trim()} → ${written}${mark}`;
  });
  return {
    step,
    temperature: isOneToMany ? temperature : null,
    text: lines.join('\n'),
    ...(alignments.length > 0 && { alignments }),
  };
}

/** Rounds to thousandths, because a run's history holds many of them. */
const rounded = ({ weights, ...alignment }: Alignment): Alignment => ({
  ...alignment,
  weights: weights.map((row) => row.map((weight) => Math.round(1000 * weight) / 1000)),
});
