// Makes names and texts of the user safe to show. A file may have any name: the name must neither run a
// command, nor turn into an icon, nor hide a part of itself.

/**
 * The longest text shown, in characters. A longer one loses its middle; VS Code cuts messages of more than
 * 1000 at their end.
 */
export const longestShown = 600;

/**
 * Matches characters that are invisible, or that hide or reorder their neighbours: control characters,
 * Unicode's bidirectional controls, separators and other invisible format characters, and halves of surrogate
 * pairs. The joiners U+200C and U+200D are needed by Persian and by emoji and stay.
 */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;

/**
 * An invisible character without a line break, which separates two characters that a parser would take
 * together.
 */
const wordJoiner = '\u2060';

/**
 * Returns one line that shows every character of the text, for all places that take plain text. VS Code reads
 * links in messages, progress titles, prompts and language status items (`[label](command:…)`), and icons in
 * quick picks, code lenses and the status bar (`$(name)`): an invisible character breaks both apart.
 */
export function shown(text: string): string {
  return visible(text).replace(/\](?=\()|\$(?=\()/g, `$&${wordJoiner}`);
}

/**
 * Returns the same as Markdown: markup, HTML, entities and addresses that GFM links by itself are escaped.
 */
export function shownAsMarkdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+\-!~|<>&:@=$^]|(?<=^\d+|www)\./gi, '\\$&')
    .replace(/^ | $| {2,}/g, (spaces) => '&nbsp;'.repeat(spaces.length));
}

/**
 * Returns one line for terminals, which obey control characters, and for places that read neither links nor
 * icons. Control characters become Unicode's pictures of them (U+2400 …), others the replacement character.
 */
export function visible(text: string): string {
  return shortened(text).replace(unseen, (character) => {
    const code = character.codePointAt(0)!;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
  });
}

function shortened(text: string): string {
  if (text.length <= longestShown) return text;
  const half = Math.floor(longestShown / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}
