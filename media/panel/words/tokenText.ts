// Tokens as they are shown in a picture: one that would be invisible has a sign.

const signs: Readonly<Record<string, string>> = { '\n': '↵', '\t': '⇥', ' ': '␣' };

/** The most characters of a token that a picture has room for. */
const longest = 6;

export function visibleToken(token: string): string {
  const characters = [...token].map((character) => signs[character] ?? character);
  const text =
    characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
