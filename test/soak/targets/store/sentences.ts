import { Problem } from '../../../../src/protocol/problem.ts';
import { visible } from '../../../../src/protocol/shownText.ts';
import type { Manifest } from '../../../../src/store/manifest.ts';
import { manifestName } from '../../../../src/store/names.ts';
import { sayError } from '../../../../src/worker/sayError.ts';

/**
 * Returns the message that a user would read.
 * @throws Error where that is no sentence for a user
 */
export function sentenceOf(error: unknown): string {
  // What is shown of a long message is short enough for the expressions below, which take quadratic time.
  const sentence = visible(sayError('The training', error));
  if (!(error instanceof Problem)) throw error;
  // The name of a temporary folder may hold anything, and so may what the sentence quotes.
  const words = sentence.replace(/\S*\/\S*|`[^`]*`/g, '');
  if (!/^[\p{Lu}/`'].*[.?!]\)?$/su.test(sentence) || /\bE[A-Z]{4,}\b|undefined|\bNaN\b|\[object/.test(words))
    throw new Error(`Not a sentence for a user: ${sentence}`);
  return sentence;
}

/**
 * Checks the files of a folder.
 * @throws Error where the folder holds anything that its manifest does not name
 */
export function checkNothingLeft(names: readonly string[], manifest: Manifest): void {
  const { weights, text, checkpoint, history } = manifest;
  const named = new Set([manifestName, weights, text, checkpoint, history]);
  const left = names.filter((name) => !named.has(name));
  if (left.length > 0) throw new Error(`Left in the folder: ${left.join(', ')}`);
}
