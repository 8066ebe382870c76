import { describe, expect, test } from 'vitest';
import type { TokenKind } from '../../../../src/data/text/tokens/tokenization.ts';
import { Tokenizer } from '../../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../../src/data/text/vocabulary.ts';
import { random } from '../../../../src/tape/random.ts';

const prose = 'The quick brown fox jumps over the lazy dog, and then the dog naps.\n'.repeat(1200);
const code = 'export function readThing(a: number): Thing {\n    return things[a++] ?? nothing;\n}\n'.repeat(
  1000,
);
const log = Array.from(
  { length: 200 },
  (_, i) => `12:0${i % 10}:${i} sshd[${i * 7}]: Failed password\r\n`,
).join('');
const strange = 'na\u00efve 👩‍👩‍👧 e\u0301 𝔘 \ud800 x\udc00y \r \u2028 \t\t  中文字\0\uFEFF\n\n\n   \n';
const long = `${'x'.repeat(5000)}${' '.repeat(5000)}${'='.repeat(5000)}\n`;
/** The texts are long enough for symbols longer than a character. */
const texts = { prose, code, log, strange: strange.repeat(30), long };

const kinds = ['characters', 'words', 'pieces'] as const satisfies readonly TokenKind[];

const learned = (kind: TokenKind, text: string) => Tokenizer.learn(kind, Vocabulary.of(text), text);

describe.each(kinds)('%s', (kind) => {
  test.each(Object.entries(texts))('%s comes back as it was', (_, text) => {
    const tokenizer = learned(kind, text);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(tokenizer.size).toBeLessThanOrEqual(1024);
  });

  test('what was never seen comes back too, but for the characters that have no symbol', () => {
    const tokenizer = learned(kind, code);
    const unseen = 'unthinkable: raeding, ++[2]\n';
    const known = (character: string) => tokenizer.alphabet.token(character) > 0;
    const marked = Array.from(unseen, (character) => (known(character) ? character : '\uFFFD')).join('');
    expect(tokenizer.decode(tokenizer.encode(unseen))).toBe(marked);
    expect(marked).not.toBe(unseen);
  });

  test('random texts of the characters that are known come back', () => {
    const tokenizer = learned(kind, prose + code + strange);
    const next = random(1);
    // Two halves of a surrogate pair, side by side, would be another character.
    const characters = tokenizer.alphabet.characters.filter((each) => each.isWellFormed());
    for (let i = 0; i < 300; i++) {
      const text = Array.from(
        { length: Math.floor(next() * 60) },
        () => characters[1 + Math.floor(next() ** 2 * (characters.length - 1))],
      ).join('');
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }
  });

  test('no symbol goes over the end of a line', () => {
    for (const text of Object.values(texts))
      for (const symbol of learned(kind, text).longer) expect(symbol).not.toMatch(/\n/);
  });

  test('a text has the same tokens line by line', () => {
    const tokenizer = learned(kind, code);
    const whole = tokenizer.encode(code);
    const lines = code.split(/(?<=\n)/).flatMap((line) => [...tokenizer.encode(line)]);
    expect(lines).toEqual([...whole]);
  });

  test('the same text gives the same symbols', () => {
    expect(learned(kind, code).longer).toEqual(learned(kind, code).longer);
  });
});

test.each<[TokenKind, string, string[]]>([
  [
    'words',
    'the quick foxes_2  jump!! 42\n',
    ['the', ' ', 'quick', ' ', 'f', 'o', 'x', 'e', 's', '_', '2', ' ', ' '],
  ],
  ['pieces', 'the quick\n', ['t', 'he', ' quick', '\n']],
  ['characters', 'fox\n', ['f', 'o', 'x', '\n']],
])('%s: %j begins with %j', (kind, text, expected) => {
  const tokenizer = learned(kind, `${prose}2_! 42`);
  const said = [...tokenizer.encode(text)].map((token) => tokenizer.symbols[token]);
  expect(said.slice(0, expected.length)).toEqual(expected);
});

test('of a text with few characters but many words, there is a symbol for every two thousand characters, and a thousand at most', () => {
  const next = random(1);
  const word = () => Array.from({ length: 5 }, () => 'abcdefgh'[Math.floor(next() * 8)]).join('');
  const stock = Array.from({ length: 3000 }, word);
  const write = (length: number) =>
    Array.from({ length }, () => stock[Math.floor(next() * stock.length)]).join(' ');
  for (const kind of ['words', 'pieces'] as const)
    for (const length of [20_000, 400_000]) {
      const text = write(length);
      expect(learned(kind, text).longer).toHaveLength(Math.min(1000, Math.floor(text.length / 2000)));
    }
});
