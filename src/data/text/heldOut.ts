// The held-out tail, laid out for evaluation.

/** Each row but the first reads this many tokens before its own, uncounted, so that no row starts cold. */
const warmup = 64;

export interface HeldOutRows {
  readonly rows: number;
  /** [rows × n] */
  readonly x: Int32Array;
  /** -1 where not counted. */
  readonly y: Int32Array;
  /** How many targets are counted. */
  readonly counted: number;
}

/** Rows side by side cost less than one long row; null where there is no tail to speak of. */
export function heldOutRows(train: Int32Array, tail: Int32Array, rows: number): HeldOutRows | null {
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
  return { rows: height, x, y, counted: height * own };
}
