// Lets an encoder-decoder write the targets of some held-out rows, for the panel.
import type { Engine } from '../../backend/engine.ts';
import { type HeldOutPair, isPairHeldOutBy, pairsOf } from '../../data/pairs/pairDataset.ts';
import { isOneToMany } from '../../data/pairs/pairs.ts';
import { labelledRows } from '../../data/table/labelledRows.ts';
import { readTable } from '../../data/table/readTable.ts';
import type { Alignment } from '../../protocol/alignment.ts';
import type { SamplePoint } from '../../protocol/run.ts';
import type { StoredPairs } from '../../protocol/task.ts';
import { random } from '../../tape/random.ts';
import type { SampleOptions } from '../task.ts';
import { evenlySpaced } from './measure.ts';
import { type EncoderDecoder, type OpenableEncoderDecoder, openEncoderDecoder } from './open.ts';

/** The number of rows that a sample shows. */
const shownRows = 8;

/**
 * Lets a stored model write as it does for the samples of its training.
 * @param table the text of the table that it was trained on
 * @throws Problem when that is no table of its columns
 */
export function sampleTable(
  engine: Engine,
  { pairs, ...stored }: Omit<OpenableEncoderDecoder, 'longest'> & { readonly pairs: StoredPairs },
  table: string,
  options: SampleOptions,
): SamplePoint {
  const { kind } = stored.vocabularies.source;
  const isMany = isOneToMany({ kind });
  const { rows } = pairsOf(labelledRows(readTable(table, pairs.format), pairs), pairs, kind === 'numbers');
  const heldOut = rows.filter(isPairHeldOutBy(isMany));
  const model = openEncoderDecoder(engine, { ...stored, longest: pairs.longest });
  // A run that was measured on a file of its own may have held out none of its table.
  const sample = sampleTargets(model, heldOut.length > 0 ? heldOut : rows, isMany, options);
  model.dispose();
  return sample;
}

/**
 * Writes a line for each of some rows: its source and what the network writes for it. A target that is not the row's own is marked;
 * where the task is one-to-many, targets are drawn, and none of them is the right one.
 */
export function sampleTargets(
  { draw, rewrite, align }: EncoderDecoder,
  rows: readonly Pick<HeldOutPair, 'text' | 'label'>[],
  isOneToMany: boolean,
  { step, temperature, seed }: SampleOptions,
): SamplePoint {
  const next = random(seed);
  const alignments: Alignment[] = [];
  const lines = evenlySpaced(rows, shownRows).map(({ text, label }) => {
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
