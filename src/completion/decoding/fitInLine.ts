// How a suggestion stands in its line: what is after the cursor is neither doubled nor run into.
import type { Continuation } from './bestFirstSearch.ts';

/** What of a suggestion can stand before `after`, such as a closing bracket: accepting must not double that. */
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

/** Where a text closes what it has not opened, by the mark that closes; its length where it does not. */
function closingAt(text: string, mark = ''): number {
  if (!/^[)\]}"'`]/.test(mark)) return text.length;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === openings[mark]) open++;
    // An apostrophe ends no quotation.
    else if (text[at] === mark && !(inWord(text[at - 1]) && inWord(text[at + 1])) && --open < 0) return at;
  }
  return text.length;
}

/**
 * Whether the cursor is inside a word, where what is typed is too seldom what would follow elsewhere. After its first
 * character it is not: that begins another word in front of it, as VS Code's own list takes it too.
 */
export function isInsideWord(before: string, after: string): boolean {
  return inWord(after[0]) && inWord(before.at(-1)) && inWord(before.at(-2));
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What may go on where a character only seems to end: an emoji after a joiner, the second half of a flag. */
const completions = ['\u{1f469}', '\u{1f1e6}'];

/** ASCII is never a part of a larger character. */
const mayJoin = (text: string) => text.charCodeAt(text.length - 1) > 0x7f;

/**
 * Whether a suggestion may end with `to`: with a whole character, as readers count them, whatever is likely to come
 * next; and not so that its last word runs into the one that stands there.
 */
export function endsWell({ text, next }: Continuation, after: string): boolean {
  if (inWord(text.at(-1)) && inWord(after[0])) return false;
  const parts = (whole: string) => characters.segment(whole).containing(text.length)?.index === text.length;
  const further = next.map((to) => to.text).filter(mayJoin);
  if (mayJoin(text)) further.push(...completions.map((completion) => text + completion));
  return further.every(parts);
}

/** `max` does not begin with the word `ma`. */
const beginsWith = (text: string, first: string) => text.startsWith(first) && !isMidWord(text, first.length);

/** `max` before `x` does not repeat the x. */
const isMidWord = (text: string, at: number) => inWord(text[at - 1]) && inWord(text[at]);

const inWord = (character = '') => /[\p{L}\p{N}_]/u.test(character);
