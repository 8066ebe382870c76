// Fits a suggestion into its line, so that it neither repeats the text after the cursor nor runs into it.
import type { Continuation } from './bestFirstSearch.ts';

/**
 * Returns the beginning of a suggestion that fits before `after`: accepting it must not repeat a closing
 * bracket, for example.
 */
export function fitBefore(text: string, after: string): string {
  const follows = after.trimStart();
  const [first] = follows.match(/^(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)/u) ?? [''];
  if (first !== '' && beginsWith(text.trimStart(), first)) return '';
  const open = text.slice(0, closingAt(text, follows[0]));
  for (let length = Math.min(open.length, after.length); length > 0; length--) {
    const at = open.length - length;
    if (isMidWord(open, at) || !open.endsWith(after.slice(0, length))) continue;
    if (![...open.slice(at)].every((mark) => mark in openings && closingAt(open, mark) === open.length))
      return open.slice(0, at);
  }
  return open;
}

const openings: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Returns the place at which `mark` closes what the text has not opened, or the text's length where it does
 * not.
 */
function closingAt(text: string, mark = ''): number {
  if (!/^[)\]}"'`]/.test(mark)) return text.length;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === openings[mark]) open++;
    // An apostrophe does not end a quotation.
    else if (text[at] === mark && !(inWord(text[at - 1]) && inWord(text[at + 1])) && --open < 0) return at;
  }
  return text.length;
}

/**
 * Returns whether the cursor is inside a word, where what follows elsewhere is seldom what is typed. Right
 * after a word's first character it is not: such a character begins another word before it, as VS Code's own
 * list assumes too.
 */
export function isInsideWord(before: string, after: string): boolean {
  return inWord(after[0]) && inWord(before.at(-1)) && inWord(before.at(-2));
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
 * Returns whether a suggestion may end with this continuation: it must end with a whole grapheme, whatever is
 * likely to come next, and its last word must not run into the one after the cursor.
 */
export function endsWell({ text, next }: Continuation, after: string): boolean {
  if (inWord(text.at(-1)) && inWord(after[0])) return false;
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
 * Returns whether a continuation does not stop inside a word whose next character is known better than half. Half
 * a word has to be read, and completed all the same. Where the search ended before it looked, the word may go on.
 */
export function endsWord({ text, joint, next, isOpen = false }: Continuation): boolean {
  if (!isSpaced(last(text))) return true;
  if (isOpen) return false;
  return !next.some((to) => isSpaced(last(to.text)) && to.joint > joint / 2);
}

const last = (text: string): string => [...text.slice(-2)].at(-1) ?? '';

/** Compares whole words: `max` does not begin with the word `ma`. */
const beginsWith = (text: string, first: string) => text.startsWith(first) && !isMidWord(text, first.length);

/** Returns whether the place is inside a word: `max` before `x` does not repeat the x. */
const isMidWord = (text: string, at: number) => inWord(text[at - 1]) && inWord(text[at]);

const inWord = (character = '') => /[\p{L}\p{N}_]/u.test(character);
