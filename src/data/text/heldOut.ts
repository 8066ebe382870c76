// Arranges the held-out part of a text in rows for evaluation.
import type { Batches, Rows } from '../dataset.ts';
import type { Tokens } from './tokens/tokens.ts';
import { Windows } from './truncatedBpttWindows.ts';

/**
 * The number of tokens that each row reads before its own without counting them, so that no row starts from
 * h[0].
 */
export const warmup = 64;

/**
 * Returns the held-out tokens in at most `rows` rows, which cost less side by side than one long row; null
 * where fewer than two tokens are held out.
 */
export function heldOutRows(train: Tokens, tail: Int32Array, rows: number): Rows | null {
  if (tail.length < 2) return null;
  const height = Math.max(1, Math.min(rows, Math.floor(tail.length / warmup)));
  const own = Math.floor(tail.length / height);
  const context = Math.min(warmup, train.length);
  const text = new Int32Array(context + tail.length);
  text.set(train.subarray(train.length - context));
  text.set(tail, context);
  const steps = context + own - 1;
  const x = new Int32Array(height * steps);
  const y = new Int32Array(height * steps);
  for (let row = 0; row < height; row++)
    for (let t = 0; t < steps; t++) {
      const at = row * own + t;
      x[row * steps + t] = text[at];
      const counted = t >= context - 1;
      y[row * steps + t] = counted ? text[at + 1] : -1;
    }
  return { rows: height, x, y };
}

/**
 * Returns batches of the held-out tokens after as many of those that were trained on; null where there are too few
 * for one batch.
 */
export function heldOutBatches(
  train: Tokens,
  heldOut: Int32Array,
  { batch, steps }: { readonly batch: number; readonly steps: number },
): Batches | null {
  // A short text needs at least one window of every stream.
  const length = Math.max(heldOut.length, batch * (2 * steps + 1) - heldOut.length);
  const before = train.subarray(Math.max(0, train.length - length));
  const text = new Int32Array(before.length + heldOut.length);
  text.set(before);
  text.set(heldOut, before.length);
  return text.length <= batch * steps ? null : new Windows(text, batch, steps, steps);
}
