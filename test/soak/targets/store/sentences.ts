import { Problem } from '../../../../src/protocol/problem.ts';
import type { Manifest } from '../../../../src/store/manifest.ts';
import { manifestName } from '../../../../src/store/names.ts';
import { sayError } from '../../../../src/worker/sayError.ts';

/** What a user would read. @throws Error where that is no sentence for them */
export function sentenceOf(error: unknown): string {
  const sentence = sayError('The training', error);
  if (!(error instanceof Problem)) throw error;
  if (!/^[\p{Lu}/`'].*[.?!]$/su.test(sentence) || /\bE[A-Z]{4,}\b|undefined|\bNaN\b|\[object/.test(sentence))
    throw new Error(`Not a sentence for a user: ${sentence}`);
  return sentence;
}

/** @throws Error where the folder holds something else than what its manifest names */
export function checkNothingLeft(names: readonly string[], manifest: Manifest): void {
  const { weights, text, checkpoint, history } = manifest;
  const named = new Set([manifestName, weights, text, checkpoint, history]);
  const left = names.filter((name) => !named.has(name));
  if (left.length > 0) throw new Error(`Left in the folder: ${left.join(', ')}`);
}
