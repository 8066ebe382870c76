// Splits a text into runs of one level of surprise, and counts what was no surprise; the levels are those of the editor.

/** The lowest surprise of each level in bits; below the first, a probability above one half, there is none. */
export const surpriseThresholds = [1, 2, 4, 8];

export interface Run {
  readonly text: string;
  /** An index into the thresholds; -1 is no level. */
  readonly level: number;
}

const levelOf = (bits: number) => surpriseThresholds.findLastIndex((threshold) => bits >= threshold);

/**
 * Splits a text into runs of one level.
 * @param surprise of each UTF-16 unit, in bits; where it is missing, there is no level
 */
export function surpriseRuns(text: string, surprise: readonly number[] = []): Run[] {
  const runs: { text: string; level: number }[] = [];
  for (let at = 0; at < text.length; at++) {
    const level = levelOf(surprise[at] ?? 0);
    const last = runs.at(-1);
    if (last?.level === level) last.text += text[at];
    else runs.push({ text: text[at], level });
  }
  return runs;
}

/**
 * Returns the share of a text's characters that the network gave a probability above one half.
 * @param surprise of each UTF-16 unit, in bits per character
 */
export function sureShare(text: string, surprise: readonly number[]): number {
  let [at, sure, count] = [0, 0, 0];
  for (const character of text) {
    if (surprise[at] < surpriseThresholds[0]) sure++;
    count++;
    at += character.length;
  }
  return sure / count;
}
