// Fits a suggestion into its line, so that it neither repeats the text after the cursor nor runs into it.
import type { Continuation } from './bestFirstSearch.ts';

/**
 * Returns the beginning of a suggestion that fits before `after`: accepting it must neither repeat a closing bracket nor
 * leave one without its opening bracket, for example.
 */
export function fitBefore(text: string, after: string): string {
  const marks = closedBy(after);
  const open = closable(text, marks);
  for (let length = Math.min(open.length, after.length); length > 0; length--) {
    const at = open.length - length;
    if (isMidWord(open, at) || !open.endsWith(after.slice(0, length))) continue;
    if (![...open.slice(at)].every((each) => each in openings && closingAt(open, each) === open.length))
      return closable(open.slice(0, at), marks);
  }
  return open;
}

/** Returns the marks that `after` closes and does not open: any bracket, and a quotation mark that it begins with. */
function closedBy(after: string): string[] {
  const marks = Object.keys(openings).filter((mark) => closingAt(after, mark) < after.length);
  const [first = ''] = after.trimStart();
  return /["'`]/.test(first) ? [...marks, first] : marks;
}

/** Returns the beginning of a text that closes none of `marks` which it has not opened. */
const closable = (text: string, marks: readonly string[]): string =>
  text.slice(0, Math.min(text.length, ...marks.map((mark) => closingAt(text, mark))));

const openings: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Returns the place at which `mark` first closes what the text has not opened, or the text's length where as many are
 * opened in it as are closed: `a), f(b` fits before a bracket as well.
 */
function closingAt(text: string, mark: string): number {
  let first = text.length;
  let open = 0;
  let marks = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === openings[mark]) open++;
    // An apostrophe does not end a quotation.
    else if (text[at] === mark && !(inWord(text[at - 1]) && inWord(text[at + 1]))) {
      marks++;
      if (--open < 0 && first === text.length) first = at;
    }
  }
  const isBalanced = mark in openings ? open >= 0 : marks % 2 === 0;
  return isBalanced ? text.length : first;
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Continuations of a character that only seems to be complete: an emoji after a joiner, and the second half
 * of a flag.
 */
const completions = ['\u{1f469}', '\u{1f1e6}'];

/** Returns whether the text's last code unit may be part of a larger character, which ASCII never is. */
const mayJoin = (text: string) => text.charCodeAt(text.length - 1) > 0x7f;

/**
 * Returns whether a suggestion may end with this continuation: it must end with a whole grapheme, whatever is likely to come
 * next.
 */
export function endsWell({ text, next }: Continuation): boolean {
  const parts = (whole: string) => characters.segment(whole).containing(text.length)?.index === text.length;
  const further = next.map((to) => to.text).filter(mayJoin);
  if (mayJoin(text)) further.push(...completions.map((completion) => text + completion));
  return further.every(parts);
}

/** Letters of scripts that write no spaces, in which any letter may be the last of a word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const isSpaced = (character = '') => inWord(character) && !unspaced.test(character);

/**
 * The probability of a further letter from which on a word is not left: a suggestion goes on with it, or ends earlier. See
 * `docs/decisions/suggestions.md`.
 */
const knownLetter = 0.45;

/**
 * Returns whether a continuation does not stop inside a word whose next character is known. Half
 * a word has to be read, and completed all the same. The beginning of a number looks like a whole number that is wrong,
 * so that one has to be more likely to end there than not. Where the search ended before it looked, the word may go on.
 */
export function endsWord({ text, joint, next, ends = 0, isOpen = false }: Continuation): boolean {
  const end = last(text);
  if (!isSpaced(end)) return true;
  if (isOpen) return false;
  const goesOn = (to: Continuation) => isSpaced(last(to.text));
  if (!/\p{N}/u.test(end)) return !next.some((to) => goesOn(to) && to.joint > joint * knownLetter);
  return next.reduce((sum, to) => sum + (goesOn(to) ? 0 : to.joint), ends) >= joint / 2;
}

const last = (text: string): string => [...text.slice(-2)].at(-1) ?? '';

/** Returns whether the place is inside a word: `max` before `x` does not repeat the x. */
const isMidWord = (text: string, at: number) => inWord(text[at - 1]) && inWord(text[at]);

const inWord = (character = '') => /[\p{L}\p{N}_]/u.test(character);
