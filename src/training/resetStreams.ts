// Which streams forget their state. What goes through a text in one long pass starts at h[0] at its head alone, and may
// never learn to start anywhere else; one that now and then starts there does (Melis, Dyer & Blunsom 2018).
import { random } from '../tape/random.ts';

/** Keeps these numbers apart from those of the initial weights and the dropout's masks, which begin at the seed too. */
const apart = 0x9e3779b1;

/**
 * @param probability of each stream, in each window
 * @param update counted from 0: the same update of the same seed resets the same streams, wherever a run has gone on from
 * @returns the streams (rows of the batch) that begin the window at h[0]
 */
export function resetStreams(probability: number, batch: number, seed: number, update: number): number[] {
  if (probability === 0) return [];
  const next = random(seed ^ apart, update * batch);
  const streams: number[] = [];
  for (let stream = 0; stream < batch; stream++) if (next() < probability) streams.push(stream);
  return streams;
}
