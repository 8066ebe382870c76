import { describe, expect, test } from 'vitest';
import { joinDocuments, minimumCharacters, normalise, readCorpus } from '../../../src/data/text/corpus.ts';
import { Tokenizer } from '../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';

const prose = 'The quick brown fox jumps over the lazy dog.\n'.repeat(40);

describe('what is refused, and how that is said', () => {
  test.each([
    ['an empty text', '', `${minimumCharacters} characters are needed, and this has 0`],
    ['a tiny text', 'hello', 'this has 5'],
    ['blanks', ' \n'.repeat(4000), 'this has 0'],
    ['a binary file', `\x7fELF\0\0${prose}`, 'looks like a binary file'],
  ])('%s', (_, text, sentence) => {
    expect(() => readCorpus(text)).toThrow(sentence);
  });
});

test('line ends become \\n and the byte-order mark goes', () => {
  expect(normalise('\uFEFFa\r\nb\rc\nd')).toBe('a\nb\nc\nd');
});

test.each([
  [
    'half a pair becomes U+FFFD, and no place moves',
    'a\ud800b\udc00\ud800\ud83d\ude00',
    'a\uFFFDb\uFFFD\uFFFD😀',
  ],
  ['several byte-order marks go at once', '\uFEFF\uFEFFa\uFEFF', 'a\uFEFF'],
  ['line ends of every kind', '\r\r\n\n', '\n\n\n'],
])('normalising: %s', (_, text, expected) => {
  expect(normalise(text)).toBe(expected);
  expect(normalise(expected)).toBe(expected);
  expect(Buffer.from(expected).toString()).toBe(expected);
});

test.each(['characters', 'words', 'pieces'] as const)(
  'what is learned in %s is the same after it was stored',
  (tokens) => {
    const source = `\uFEFF${prose}a\ud800 \udc00b \ud83d\ude00 \ud800`.repeat(20);
    const { text, vocabulary, tokenizer, train, heldOut } = readCorpus(source, { tokens });
    expect(vocabulary.characters).toContain('\uFFFD');
    const stored = (value: string) => Buffer.from(value, 'utf8').toString('utf8');
    expect(stored(text)).toBe(text);
    const { characters, longer } = JSON.parse(
      stored(JSON.stringify({ characters: vocabulary.characters, longer: tokenizer.longer })),
    );
    const again = new Tokenizer(tokens, new Vocabulary(characters, vocabulary.rareKinds), longer);
    const read = readCorpus(stored(text), { tokens: again });
    expect([...read.train, ...read.heldOut]).toEqual([...train, ...heldOut]);
    expect(tokenizer.decode([...train, ...heldOut])).toBe(text);
  },
);

test.each([
  ['one document stays as it is', ['\uFEFFa\r\n\n'], '\uFEFFa\r\n\n'],
  ['a blank line parts several', ['a', 'b\n', 'c\n\n\n'], 'a\n\nb\n\nc\n'],
  ['each loses its byte-order mark', ['\uFEFFa\r\nb', '\uFEFFc'], 'a\nb\n\nc\n'],
  ['what they begin with is kept', ['\n  a', '\tb'], '\n  a\n\n\tb\n'],
])('%s', (_, documents, expected) => expect(joinDocuments(documents)).toBe(expected));

test('the last tenth is held out', () => {
  const { train, heldOut } = readCorpus(prose);
  expect(heldOut.length).toBe(Math.floor(prose.length / 10));
  expect(train.length + heldOut.length).toBe(prose.length);
});

test('read backward, the text begins with its end', () => {
  const forward = readCorpus(prose);
  const backward = readCorpus(prose, { direction: 'backward' });
  const whole = (corpus: typeof forward) => [...corpus.train, ...corpus.heldOut];
  expect(whole(backward)).toEqual(whole(forward).reverse());
});

test('every character of an ordinary text has a token, and comes back', () => {
  const text = `${prose}naïve 👩‍👩‍👧 e\u0301 𝔘`;
  const { vocabulary } = readCorpus(text);
  expect([...vocabulary.encode(text)].map((token) => vocabulary.characters[token]).join('')).toBe(text);
});

test('ten thousand different characters: the commonest are learned, the rest are one token', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
  const corpus = readCorpus(prose + many);
  expect(corpus.vocabulary.size).toBe(1024);
  expect(corpus.remarks.join()).toContain('different characters');
  expect(corpus.vocabulary.token('T')).toBeGreaterThan(0);
  expect(corpus.vocabulary.token('\u{1F600}')).toBe(0);
  expect(corpus.unigram).toBeLessThan(corpus.uniform);
});

test('the unigram baseline is the entropy of the characters', () => {
  // Two equally frequent characters cost one bit each.
  expect(readCorpus('ab'.repeat(1000)).unigram).toBeCloseTo(1, 10);
  expect(readCorpus('aaab'.repeat(1000)).unigram).toBeCloseTo(0.8113, 4);
});
