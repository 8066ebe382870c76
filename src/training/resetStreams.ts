// Chooses the streams whose state is reset. A network that reads a text in one long pass starts from h[0]
// only at its beginning, and may never learn to start anywhere else; occasional resets teach it that (Melis,
// Dyer & Blunsom 2018).
import { random } from '../tape/random.ts';

/**
 * Separates these random numbers from those of the initial weights and the dropout masks, which use the same
 * seed.
 */
const apart = 0x9e3779b1;

/**
 * Draws the streams to reset in an update. The same update of the same seed resets the same streams, also in
 * a run that has been continued.
 * @param probability the probability that a stream is reset in a window
 * @param update the number of the update, counted from 0
 * @returns the streams (rows of the batch) that begin the window at h[0]
 */
export function resetStreams(probability: number, batch: number, seed: number, update: number): number[] {
  if (probability === 0) return [];
  const next = random(seed ^ apart, update * batch);
  const streams: number[] = [];
  for (let stream = 0; stream < batch; stream++) if (next() < probability) streams.push(stream);
  return streams;
}
