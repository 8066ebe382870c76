// Finds the latest text of a network.
import { type RunSnapshot, surprisePerCharacter } from '../../../src/protocol/run.ts';

export interface Written {
  readonly step: number;
  readonly text: string;
  /** The surprise of each UTF-16 unit, in bits per character. */
  readonly surprise: readonly number[];
}

/** Returns what a run has written last: a sample, or what it wrote after the passage of a later look. */
export function lastWriting(run: RunSnapshot | null): Written | null {
  const sample = run?.points.samples.at(-1);
  const probe = run?.points.probes.at(-1);
  const passage = probe?.passage;
  if (passage && passage.surprise.length > 0 && probe.step > (sample?.step ?? -1)) {
    return {
      step: probe.step,
      text: passage.written.join(''),
      surprise: passage.written.flatMap((text, i) => surprisePerCharacter(text, passage.surprise[i])),
    };
  }
  return sample ? { step: sample.step, text: sample.text, surprise: sample.surprise ?? [] } : null;
}
