// Names and texts of the user's on their way to a screen. A file may be called anything: a name must neither run a
// command, nor turn into an icon, nor hide a part of itself.

/** In characters. What is longer loses its middle; VS Code cuts messages of more than 1000 off at their end. */
export const longestShown = 600;

/**
 * What would not be seen, or would hide or reorder what stands beside it: control characters, Unicode's bidirectional
 * controls, separators and other invisible format characters, and halves of surrogate pairs. The joiners U+200C and
 * U+200D are needed by Persian and by emoji and stay.
 */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;

/** Invisible, and nothing breaks at it: it parts two characters that a parser would take together. */
const wordJoiner = '\u2060';

/**
 * One line that shows every character of the text, for all places that take plain text. VS Code reads links in
 * messages, progress titles, prompts and language status items (`[label](command:…)`), and icons in quick picks, code
 * lenses and the status bar (`$(name)`): an invisible character takes both apart.
 */
export function shown(text: string): string {
  return visible(text).replace(/\](?=\()|\$(?=\()/g, `$&${wordJoiner}`);
}

/** The same as Markdown: what could be markup there, HTML, an entity or an address that GFM links by itself is escaped. */
export function shownAsMarkdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+\-!~|<>&:@=$^]|(?<=^\d+|www)\./gi, '\\$&')
    .replace(/^ | $| {2,}/g, (spaces) => '&nbsp;'.repeat(spaces.length));
}

/**
 * One line, for terminals, which obey control characters, and for whatever reads neither links nor icons: control
 * characters as Unicode's pictures of them (U+2400 …), others as the replacement character.
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
