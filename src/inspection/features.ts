// Computes features of the text itself, without a network, with which its units are compared.
import { type Feature, features } from '../protocol/inspector.ts';

/** The depth of brackets beyond which depths are not distinguished. */
const deepest = 8;

const opening = '([{';
const closing = ')]}';
const inWord = /[\p{L}\p{N}_]/u;

/**
 * Returns the features of every character of `text`, in UTF-16 units: [features][text.length]. A quotation
 * ends at its line's end at the latest.
 */
export function featuresOf(text: string): Readonly<Record<Feature, Float32Array>> {
  const values = Object.fromEntries(
    features.map((feature) => [feature, new Float32Array(text.length)]),
  ) as Record<Feature, Float32Array>;
  let column = 0;
  let indentation = 0;
  let indenting = true;
  let quote = '';
  let depth = 0;
  let comment: '' | 'line' | 'block' = '';
  let wordLength = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    const before = at > 0 ? text[at - 1] : '\n';
    if (before === '\n') {
      column = indentation = 0;
      indenting = true;
      quote = '';
      if (comment === 'line') comment = '';
    }
    indenting &&= character === ' ' || character === '\t';
    if (indenting) indentation++;
    if (comment === '' && quote === '') comment = commentAt(text, at);
    const apostrophe = character === "'" && inWord.test(before);
    const escaped = before === '\\' && text[at - 2] !== '\\';
    if (comment === '') {
      if (quote === '' && '"\'`'.includes(character) && !apostrophe) quote = character;
      else if (quote === character && !escaped) quote = '';
      else if (quote === '' && opening.includes(character)) depth = Math.min(deepest, depth + 1);
      else if (quote === '' && closing.includes(character)) depth = Math.max(0, depth - 1);
    }
    wordLength = inWord.test(character) ? wordLength + 1 : 0;
    values.column[at] = column++;
    values.indentation[at] = indentation;
    values.quotes[at] = quote === '' ? 0 : 1;
    values.brackets[at] = depth;
    values.comment[at] = comment === '' ? 0 : 1;
    values.word[at] = wordLength;
    values.wordEnd[at] = wordLength === 0 && inWord.test(before) ? 1 : 0;
    values.digit[at] = /\p{N}/u.test(character) ? 1 : 0;
    values.upperCase[at] = /\p{Lu}/u.test(character) ? 1 : 0;
    values.space[at] = character === ' ' || character === '\t' ? 1 : 0;
    values.lineEnd[at] = character === '\n' ? 1 : 0;
    values.vowel[at] = /[aeiouyäöüáéíóúàèìòùâêîôû]/i.test(character) ? 1 : 0;
    if (comment === 'block' && closesComment(text, at)) comment = '';
  }
  return values;
}

/**
 * Returns the kind of comment that begins at a place, by the signs that most languages have; the // of a URL
 * begins none.
 */
function commentAt(text: string, at: number): '' | 'line' | 'block' {
  const two = text.slice(at, at + 2);
  if (two === '/*' || text.startsWith('<!--', at)) return 'block';
  const atWord = at === 0 || /\s/.test(text[at - 1]);
  if (two === '//' && text[at - 1] !== ':') return 'line';
  return atWord && (text.startsWith('-- ', at) || /^#[\s!#]/.test(two)) ? 'line' : '';
}

function closesComment(text: string, at: number): boolean {
  return text.endsWith('*/', at + 1) || text.endsWith('-->', at + 1);
}
