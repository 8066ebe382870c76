// Tagged text as the data of a run.
import { describe, expect, test } from 'vitest';
import { TaggingDataset, type TaggingOptions } from '../../../src/data/columns/taggingDataset.ts';
import { featureCount, unknownWord, WordFeatures } from '../../../src/data/columns/wordFeatures.ts';
import { tagged } from './tagged.ts';

const dataset = (source: string, more: Partial<TaggingOptions> = {}) =>
  new TaggingDataset({
    source,
    format: 'columns',
    columns: { reads: null, writes: null },
    heldOut: null,
    ...more,
  });

const everything = { batch: 1000, k1: 1, k2: 1, seed: 1 };

test('sentences are counted, and what is left out is said', () => {
  const source = `${tagged(100, 1)}\nword\nwords\n\na\tX\n\tY\n`;
  const { counts, remarks, classes } = dataset(source);
  expect(counts.train + counts.heldOut).toBe(100);
  expect(counts).toMatchObject({ skipped: 1, empty: 1 });
  expect(classes).toEqual(['D', 'N', 'V']);
  const line = source.split('\n').indexOf('\tY') + 1;
  expect(remarks).toEqual([
    'Without a tag, and left out: 1 sentence.',
    `Left out, as they do not fit: 1 line. Line ${line}: It has a tag without a token.`,
  ]);
});

test('which sentences are held out depends on their words alone', () => {
  const [few, more] = [dataset(tagged(100, 1)), dataset(`${tagged(100, 1)}\n${tagged(100, 2)}`)];
  const added = dataset(tagged(100, 2));
  expect(few.counts.heldOut).toBeGreaterThan(0);
  expect(more.counts.heldOut).toBe(few.counts.heldOut + added.counts.heldOut);
});

test('the baseline names the commonest tag of each word, and of all for one that is unknown', () => {
  const train = Array(20).fill('a\tX\nb\tY\nb\tY\nb\tX\n').join('\n');
  const heldOut = { source: 'a\tX\nb\tY\nb\tX\nc\tX\nd\tY\n\n', format: 'columns' } as const;
  const { baselines } = dataset(train, { heldOut });
  // X and Y are equally common, and X comes first.
  expect(baselines).toEqual([{ name: 'commonest tag by word', value: 3 / 5 }]);
});

test('a tag that is only in the held-out file is none that is learned, and counts', () => {
  const heldOut = { source: 'the\tQ\n', format: 'columns' } as const;
  const { classes, counts, heldOut: held } = dataset(tagged(30, 1), { heldOut });
  expect(classes).toEqual(['D', 'N', 'Q', 'V']);
  expect(counts).toEqual({ train: 30, heldOut: 1, skipped: 0, empty: 0 });
  expect(held).toBeTypeOf('function');
});

test('each token’s tag is the target of its step; of the last N alone where only those are taught', () => {
  for (const taught of [Number.POSITIVE_INFINITY, 1, 2]) {
    const { x, y, rows } = dataset(tagged(40, 1), { taught }).batches(everything).next();
    const steps = y.length / rows;
    expect(x.length).toBe(y.length * featureCount);
    for (let row = 0; row < rows; row++) {
      const words = Array.from({ length: steps }, (_, t) => x[(row * steps + t) * featureCount]);
      const length = words.filter((token) => token >= 0).length;
      const counted = [...y.subarray(row * steps, (row + 1) * steps)].map((target) => target >= 0);
      const first = Math.max(0, length - taught);
      expect(counted).toEqual(words.map((_, t) => t >= first && t < length));
    }
  }
});

test('in training, words are read as unknown at random, the same ones for the same seed', () => {
  const [first, again, other] = [1, 1, 2].map((seed) => {
    const batches = dataset(tagged(200, 1)).batches({ ...everything, seed });
    return Array.from({ length: 3 }, () => batches.next().x);
  });
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  const unknown = (x: Int32Array) => x.filter((token, i) => i % featureCount === 0 && token === unknownWord);
  const tokens = first[0].filter((token, i) => i % featureCount === 0 && token >= 0).length;
  expect(unknown(first[0]).length).toBeGreaterThan(0);
  expect(unknown(first[0]).length).toBeLessThan(tokens / 5);
  // The words that are measured are read as they are.
  const held = dataset(tagged(200, 1)).heldOut(8);
  const known = dataset(tagged(200, 1)).features.encode('the')[0];
  expect(held.some(({ x }) => x.includes(known))).toBe(true);
});

test('a sentence that is very long is read in pieces', () => {
  const long = Array.from({ length: 450 }, (_, i) => `w${i % 7}\t${i % 2 ? 'X' : 'Y'}`).join('\n');
  const { rows, y } = dataset(`${tagged(30, 1)}\n${long}\n`)
    .batches(everything)
    .next();
  expect(y.length / rows).toBe(200);
  expect(y.filter((target) => target >= 0).length).toBeGreaterThan(450);
});

describe('features of words', () => {
  const features = WordFeatures.learn(['running', 'running', 'walking', 'The', 'the', 'B-52', 'B-17']);
  const names = (word: string) => [...features.encode(word)].map((token) => features.names[token] ?? null);

  test('a word has itself, its letters and shape, prefixes and suffixes', () => {
    expect(names('running')).toEqual([
      'wrunning',
      'lrunning',
      'cx',
      ...['pr', 'pru', 'prun'],
      ...['sg', 'sng', 'sing', 'sning', 'snning'],
    ]);
    expect(names('B-52').slice(1, 6)).toEqual(['lb-00', 'cX-0', 'pb', 'pb-', 'pb-0']);
  });

  test('an unknown word is read by what it shares with others', () => {
    const found = names('talking');
    expect(found[0]).toBe('');
    expect(features.encode('talking')[0]).toBe(unknownWord);
    expect(found.slice(6)).toEqual(['sg', 'sng', 'sing', null, null]);
    expect(new WordFeatures(features.names).encode('talking')).toEqual(features.encode('talking'));
  });
});

describe('what cannot be trained on is refused', () => {
  test.each<[string, string, Partial<TaggingOptions>, string]>([
    ['few sentences', tagged(5, 1), {}, '20 with tags are needed, and this text has 5'],
    ['one tag', Array(30).fill('a\tX\nb\tX\n').join('\n'), {}, 'All tokens have the same tag, `X`'],
    [
      'a thousand tags',
      Array.from({ length: 60 }, (_, i) =>
        Array.from({ length: 20 }, (__, j) => `a\t${i}-${j}`).join('\n'),
      ).join('\n\n'),
      { heldOut: { source: 'a\t0-0\n', format: 'columns' } },
      '1200 different tags',
    ],
    [
      'a held-out file without tags',
      tagged(30, 1),
      { heldOut: { source: 'a\t_\n', format: 'columns' } },
      'nothing can be measured on it',
    ],
  ])('%s', (_, source, more, sentence) => expect(() => dataset(source, more)).toThrow(sentence));
});
