// The format of the Brown corpus (Francis & Kučera 1979): a sentence a line, each token with its tag behind a slash,
// `The/at jury/nn`.
import { linesOf, type Misfit } from '../table/table.ts';
import { type TaggedText, type TaggedToken, wholeSentences } from './taggedText.ts';

const separator = '/';

/**
 * Returns whether a text is in this format: some of its lines have several tokens, and all of those have a tag.
 * @param text the normalised text
 */
export const isWordTag = (text: string): boolean =>
  linesOf(text).some(({ text: line }) => {
    const words = wordsOf(line);
    return words.length > 1 && words.every(({ word }) => /^.+\/[^/]+$/.test(word));
  });

const wordsOf = (line: string) =>
  [...line.matchAll(/\S+/g)].map(({ 0: word, index }) => ({ word, from: index }));

/** @param text the normalised text */
export function readWordTag(text: string): TaggedText {
  const misfits: Misfit[] = [];
  const read = linesOf(text).map(({ line, text: all }) => {
    const words = wordsOf(all);
    // A slash belongs to its token, as in `and/or`, where most tokens have no tag.
    const isTagged = 2 * words.filter(({ word }) => word.includes(separator)).length >= words.length;
    return words.map(({ word, from }): TaggedToken | null => {
      const at = isTagged || word.endsWith(separator) ? word.lastIndexOf(separator) : -1;
      const to = from + word.length;
      if (at < 0) return { form: word, from, tag: null, span: { line, from: to, to, before: separator } };
      const tag = word.slice(at + 1);
      const span = { line, from: from + at + 1, to, before: '' };
      if (at > 0) return { form: word.slice(0, at), from, tag: tag === '' ? null : tag, span };
      misfits.push({ line, message: `\`${word}\` is a tag without a token.` });
      return null;
    });
  });
  return { ...wholeSentences(read), misfits };
}
