// Makes small tagged texts in which there is something to learn.
import { random } from '../../../src/tape/random.ts';

const nouns = ['dog', 'cat', 'house', 'walk', 'run', 'garden', 'tree'];
const verbs = ['sees', 'likes', 'walk', 'run', 'finds', 'watches'];

/**
 * Returns a column file of sentences: an article or none, a noun, a verb, and so on. `walk` and `run` are a noun
 * behind an article, and else a verb, so that the word alone does not tell.
 */
export function tagged(sentences: number, seed: number): string {
  const next = random(seed);
  const one = (words: readonly string[]) => words[Math.floor(next() * words.length)];
  return Array.from({ length: sentences }, () => {
    const length = 1 + Math.floor(next() * 4);
    return Array.from({ length }, () => `${one(['the', 'a'])}\tD\n${one(nouns)}\tN\n${one(verbs)}\tV\n`).join(
      '',
    );
  }).join('\n');
}
