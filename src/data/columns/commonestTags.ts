// The baseline of tagging: each word has the tag that it has most often in the training part, and an unknown word has
// the commonest tag of all (Charniak et al. 1993).
import type { Sentence } from './taggedText.ts';

/**
 * Returns the accuracy by token.
 * @param train the sentences that tags are counted in
 * @param measured the sentences that are tagged
 */
export function commonestTags(train: readonly Sentence[], measured: readonly Sentence[]): number {
  const byWord = new Map<string, Map<string, number>>();
  const all = new Map<string, number>();
  for (const { form, tag } of train.flat()) {
    if (tag === null) continue;
    const counts = byWord.get(form) ?? new Map<string, number>();
    byWord.set(form, counts);
    for (const each of [counts, all]) each.set(tag, (each.get(tag) ?? 0) + 1);
  }
  const commonest = commonestOf(all);
  const guesses = new Map([...byWord].map(([form, counts]) => [form, commonestOf(counts)]));
  const tokens = measured.flat().filter(({ tag }) => tag !== null);
  return tokens.filter(({ form, tag }) => (guesses.get(form) ?? commonest) === tag).length / tokens.length;
}

/** Returns the commonest tag; of equally common ones, the first that was seen. */
const commonestOf = (counts: ReadonlyMap<string, number>): string =>
  [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
