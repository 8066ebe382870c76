// Runs the reference of `truth.ts` over a window of several streams.
import type { Observations } from './observedFunctions.ts';
import type { Setting } from './setting.ts';
import type { History, Truth } from './truth.ts';

/** The tokens of a window, a stream after the other, with the targets of each step; a negative one is not counted. */
export interface Window {
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly fresh: boolean;
  readonly countFrom: number;
  readonly scale: number;
}

/** The result of the reference for a window, with what it observed there. */
export interface WindowResult extends Observations {
  readonly loss: number;
  /** The states of each stream where the next window begins. */
  readonly ends: readonly History[];
}

/**
 * Runs the reference over a window.
 * @param histories the states of each stream before the window; null at a text's beginning
 */
export function runWindow(
  truth: Truth,
  { batch, steps, carry }: Pick<Setting, 'batch' | 'steps' | 'carry'>,
  { x, y, scale }: Window,
  histories: readonly History[] | null,
): WindowResult {
  const ends: History[] = [];
  let loss = 0;
  let decisions = 0;
  let margin = Number.POSITIVE_INFINITY;
  let singular = false;
  let largest = 0;
  let cancellation = 0;
  for (let row = 0; row < batch; row++) {
    const history = histories ? histories[row] : truth.begin();
    const of = (tokens: Int32Array) => tokens.subarray(row * steps, (row + 1) * steps);
    loss += scale * truth.run(of(x), of(y), history);
    const { observed } = truth;
    ends.push(truth.history(carry));
    decisions = Math.imul(decisions, 31) + observed.decisions;
    margin = Math.min(margin, observed.margin);
    // Once a value is infinite no derivative exists, even where a tanh makes a finite number of it again.
    singular ||= observed.singular || !Number.isFinite(observed.largest);
    largest = Math.max(largest, observed.largest);
    cancellation = Math.max(cancellation, observed.cancellation);
  }
  return { loss, ends, decisions, margin, singular, largest, cancellation };
}
