import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BlockLengths, type LongText, readInBlocks } from '../../../../src/data/text/blocks/longText.ts';
import type { BlockedDocument } from '../../../../src/data/text/blocks/normalisedBlocks.ts';
import { type Corpus, joinDocuments, normalise, readCorpus } from '../../../../src/data/text/corpus.ts';
import { TextDataset } from '../../../../src/data/text/textDataset.ts';
import type { TokenKind } from '../../../../src/data/text/tokens/tokenization.ts';
import { random } from '../../../../src/tape/random.ts';
import { readingOf } from './memoryScratch.ts';

/** Returns a document that comes in blocks of these lengths, again and again. */
const blocked = (text: string, lengths: readonly number[]): BlockedDocument => ({
  *read() {
    for (let from = 0, n = 0; from < text.length; n++) {
      const length = lengths[n % lengths.length];
      yield text.slice(from, from + length);
      from += length;
    }
  },
});

const read = (documents: readonly BlockedDocument[], lengths?: BlockLengths) =>
  readInBlocks({ ...readingOf(...documents), lengths });

/** The same in blocks, however short the text is. */
async function readLong(
  documents: readonly BlockedDocument[],
  block: number,
  kept: number,
): Promise<LongText> {
  const text = await read(documents, { block, whole: 0, kept });
  if (typeof text === 'string') throw new Error('The text is short.');
  return text;
}

/** Parts of texts, with halves of pairs and of line ends at which a block may end. */
const parts = [
  'the ',
  'quick',
  ' fox',
  '12',
  '\n',
  '\r\n',
  '\r',
  '\uFEFF',
  '😀',
  '\ud83d',
  '\ude00',
  '𝔘ab',
  'ß',
  '   ',
  '{};',
  '\n\n\n',
];

/** Writes about as many parts as are asked for, some of them again and again. */
function write(seed: number, count: number): string {
  const next = random(seed);
  const part = () => parts[Math.floor(next() ** 2 * parts.length)];
  const phrases = Array.from({ length: 9 }, () => Array.from({ length: 12 }, part).join(''));
  return Array.from({ length: Math.ceil(count / 12) }, () =>
    next() < 0.5 ? phrases[Math.floor(next() * 9)] : Array.from({ length: 12 }, part).join(''),
  ).join('');
}

const cases = fc.record({
  documents: fc.array(fc.tuple(fc.nat(1e6), fc.constantFrom(0, 1, 400, 2500)), {
    minLength: 1,
    maxLength: 3,
  }),
  pieces: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  block: fc.constantFrom(1, 2, 3, 64, 200, 5000),
  kept: fc.integer({ min: 1, max: 3000 }),
  direction: fc.constantFrom('forward' as const, 'backward' as const),
  tokens: fc.constantFrom<TokenKind>('characters', 'words', 'pieces'),
  batch: fc.integer({ min: 1, max: 5 }),
  k1: fc.integer({ min: 1, max: 12 }),
  k2: fc.integer({ min: 1, max: 12 }),
  skipped: fc.nat(40),
});

/** Returns all that a run takes from a corpus. */
function seen(corpus: Corpus, batch: number, k1: number, k2: number, skipped: number) {
  const dataset = new TextDataset(corpus);
  const windows = dataset.batches({ batch, k1, k2, seed: 1 });
  const read = Array.from({ length: skipped + 3 }, () => windows.next());
  const { vocabulary, tokenizer, train } = corpus;
  return {
    characters: vocabulary.characters,
    rareKinds: vocabulary.rareKinds,
    longer: tokenizer.longer,
    train: train.subarray(0),
    end: train.subarray(train.length - 9),
    heldOut: corpus.heldOut,
    heldOutText: corpus.heldOutText,
    length: corpus.characters,
    charactersPerToken: corpus.charactersPerToken,
    baselines: dataset.baselines,
    windows: read.slice(-3),
    before: windows.before(7),
    cursor: windows.cursor,
    heldOutRows: dataset.heldOut(batch),
    heldOutBatch: dataset.heldOutBatches({ batch, steps: k2 })?.next(),
    training: [...dataset.training(batch)],
    probed: dataset.probed(20),
  };
}

test('a text in blocks gives the windows of the same text in memory', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ documents, pieces, block, kept, direction, tokens, ...more }) => {
      const { batch, k1, k2, skipped } = more;
      const texts = documents.map(([seed, count]) => write(seed, count));
      const whole = normalise(joinDocuments(texts));
      const inBlocks = texts.map((text) => blocked(text, pieces));
      if (whole.trim().length < 400) {
        if (whole !== '') await expect(readLong(inBlocks, block, kept)).rejects.toThrow('too little text');
        return;
      }
      const long = await readLong(inBlocks, block, kept);
      const corpus = await long.tokenized(direction, tokens);
      expect(seen(corpus, batch, k1, k2, skipped)).toEqual(
        seen(readCorpus(whole, { direction, tokens }), batch, k1, k2, skipped),
      );
      expect(whole.endsWith(corpus.text)).toBe(true);
      expect(corpus.text.length).toBeLessThanOrEqual(kept);
      expect(corpus.text.length).toBeGreaterThanOrEqual(Math.min(kept, whole.length) - 1);
      expect(corpus.text.isWellFormed()).toBe(true);
    }),
    { seed: 20, numRuns: 60 },
  );
});

describe('a short text', () => {
  test('comes back whole, normalised', async () => {
    const text = `\uFEFFa\r\nb\r${'c'.repeat(900)}\r`;
    expect(await read([blocked(text, [1, 3])])).toBe(normalise(text));
    expect(await read([blocked(text, [2]), blocked('\uFEFFd\n\n\n', [1])])).toBe(
      joinDocuments([text, '\uFEFFd\n\n\n']),
    );
  });
});

const prose = 'The quick brown fox jumps over the lazy dog.\n'.repeat(400);

test('the digest is that of the text, in whatever documents and blocks it comes', async () => {
  const one = await readLong([blocked(prose, [1000])], 64, 100);
  const other = await readLong([blocked(`\uFEFF${prose}`.replaceAll('\n', '\r\n'), [7])], 64, 100);
  const changed = await readLong([blocked(prose.replace('fox', 'cat'), [1000])], 64, 100);
  expect(other.digest).toBe(one.digest);
  expect(changed.digest).not.toBe(one.digest);
});

test('a text that changes while it is read is refused', async () => {
  let text = prose;
  const document = { read: () => blocked(text, [500]).read() };
  const long = await readLong([document], 64, 100);
  text = prose.replace('dog', 'cat');
  await expect(long.tokenized('forward', 'characters')).rejects.toThrow(
    'The text has changed while it was read: train on it again.',
  );
});

test('a text with NUL characters is refused at the first of them', async () => {
  let blocks = 0;
  const document = {
    *read() {
      for (; blocks < 100; blocks++) yield `${blocks === 3 ? '\0' : 'a'}${prose}`;
    },
  };
  await expect(readLong([document], 1000, 100)).rejects.toThrow('looks like a binary file');
  expect(blocks).toBeLessThan(10);
});

test('of a long text, no more is in memory than its ends', async () => {
  const line = 'a line of a long text that is not kept\n';
  const repeated = { read: () => Array(280).fill(line.repeat(1000)) };
  const long = await readLong([repeated], 2 ** 16, 1_000_000);
  expect(long.characters).toBe(280_000 * line.length);
  const end = long.end('forward');
  expect(end.text.length).toBeLessThan(2_200_000);
  const corpus = await long.tokenized('forward', 'characters');
  expect(corpus.characters).toBe(long.characters);
  expect(corpus.text.length).toBe(1_000_000);
  expect(corpus.train.length).toBe(long.characters - corpus.heldOut.length);
});
