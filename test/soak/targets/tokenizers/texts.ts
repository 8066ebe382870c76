// Generates random texts of every kind that a tokenizer may meet, from a seed.
import { random } from '../../../../src/tape/random.ts';

type Next = () => number;

const pick = <T>(next: Next, from: readonly T[]): T => from[Math.floor(next() * from.length)];
const below = (next: Next, limit: number): number => Math.floor(next() * limit);

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const stock =
  'the quick brown fox naps, reads[i] = things_2 ?? 0x1F; Straße naïve 中文字 שלום مرحبا Привет'.split(' ');

/** Functions that each return a random part of a text. */
const parts: readonly ((next: Next) => string)[] = [
  (next) => `${pick(next, stock)} `,
  (next) => `${pick(next, stock)}\n`,
  (next) => `${pick(next, stock)}\r\n`,
  (next) => pick(next, ['\ud800', '\udc00', '\udbff\udbff', 'x\udfffy', '\ud83d', '\ude00']),
  (next) => pick(next, ['e\u0301', 'a\u0300\u0323', '\u0301', 'क्षि', '각']),
  (next) => pick(next, ['👩‍👩‍👧', '🏳️‍🌈', '👍🏽', '🇩🇪', '𝔘', '𐍈']),
  (next) => pick(next, ['\u202e', '\u2066', '\u200f', 'مرحبا', 'שלום']),
  (next) =>
    pick(next, ['\t', '  ', ' ', '\u00a0', '\u2028', '\u2029', '\uFEFF', '\v', '\f', '\r', '\n\n', '\u0085']),
  (next) => Array.from({ length: below(next, 90) }, () => base64[below(next, 64)]).join(''),
  (next) => pick(next, ['=', '-', '─', ' ', 'ab', '(', '"']).repeat(below(next, 80)),
  (next) => String.fromCharCode(below(next, 0x10000)),
  (next) => String.fromCodePoint(below(next, 0x110000)),
  (next) => String(below(next, 1e9)),
];

/**
 * Returns a random text.
 * @param most the greatest number of characters, roughly
 */
export function textFrom(seed: number, most: number): string {
  const next = random(seed);
  // A text has few kinds of parts, so that their pairs are frequent; a byte order mark may begin it.
  const kinds = Array.from({ length: 1 + below(next, 4) }, () => pick(next, parts));
  const text: string[] = [next() < 0.1 ? '\uFEFF'.repeat(1 + below(next, 2)) : ''];
  const length = below(next, most);
  for (let written = 0; written < length; ) {
    const part = pick(next, kinds)(next);
    const times = next() < 0.3 ? 1 + below(next, 12) : 1;
    text.push(part.repeat(times));
    written += part.length * times + 1;
  }
  return text.join('');
}
