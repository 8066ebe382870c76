import { describe, expect, test } from 'vitest';
import type { PairRows } from '../../../src/data/pairs/pairBatches.ts';
import { longestText, PairDataset } from '../../../src/data/pairs/pairDataset.ts';
import { boundaryOf, decodeTarget, encodeSource } from '../../../src/data/pairs/pairs.ts';
import { random } from '../../../src/tape/random.ts';

const columns = { reads: ['from'], writes: 'to' };

function makeRows(count: number, seed = 1): string[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, index) => {
    const length = 1 + Math.floor(next() * 20);
    const text = Array.from({ length }, () => 'abc'[Math.floor(next() * 3)]).join('');
    return `${text}${index}\t${[...text].reverse().join('').toUpperCase()}`;
  });
}

const read = (rows: readonly string[], heldOut: readonly string[] | null = null) =>
  new PairDataset({
    source: ['from\tto', ...rows].join('\n'),
    format: 'TSV',
    columns,
    heldOut: heldOut && { source: ['from\tto', ...heldOut].join('\n'), format: 'TSV' },
    vocabularies: null,
  });

/** Returns the texts of a block, each with its target, and holds the decoder's rows to teacher forcing. */
function textsOf({ vocabularies }: PairDataset, { rows, source, x, y }: PairRows): string[] {
  const { target } = vocabularies;
  const boundary = boundaryOf(target);
  if (vocabularies.source.kind !== 'characters') throw new Error('The source has characters.');
  const { characters } = vocabularies.source.vocabulary;
  const part = (of: Int32Array, row: number) =>
    of.subarray((row * of.length) / rows, ((row + 1) * of.length) / rows);
  return Array.from({ length: rows }, (_, row) => {
    const [from, read, write] = [source, x, y].map((of) => part(of, row));
    const [tokens, inputs, outputs] = [from, read, write].map((of) => of.filter((token) => token >= 0));
    for (const [of, kept] of [
      [from, tokens],
      [read, inputs],
      [write, outputs],
    ])
      expect(of.subarray(kept.length).every((token) => token === -1)).toBe(true);
    if (inputs.length === 0) return '';
    expect(inputs[0]).toBe(boundary);
    expect(outputs.at(-1)).toBe(boundary);
    expect([...inputs.subarray(1)]).toEqual([...outputs.subarray(0, -1)]);
    return `${decodeTarget({ ...target, characters } as never, tokens)}\t${decodeTarget(target, outputs.subarray(0, -1))}`;
  }).filter((text) => text !== '');
}

describe('a table of pairs', () => {
  const rows = makeRows(400);
  const dataset = read(rows);

  test('is laid out for teacher forcing, each row once a pass, and a part of it held out', () => {
    const heldOut = dataset.heldOut(16).flatMap((block) => textsOf(dataset, block));
    const batches = dataset.batches({ batch: 16, k1: 1, k2: 1, seed: 3 });
    const pass = () =>
      Array.from({ length: batches.perEpoch }, () => {
        const batch = batches.next();
        expect(batch.tokens).toBe(batch.y.filter((target) => target >= 0).length);
        expect(batch.y.length / batch.rows).toBeLessThanOrEqual(batches.steps);
        return textsOf(dataset, batch as unknown as PairRows);
      }).flat();
    const [first, second] = [pass(), pass()];
    expect(first).not.toEqual(second);
    expect([...first, ...heldOut].sort()).toEqual(rows.toSorted());
    expect([...second, ...heldOut].sort()).toEqual(rows.toSorted());
    expect(
      dataset
        .training(16)
        .flatMap((block) => textsOf(dataset, block))
        .sort(),
    ).toEqual(first.sort());
    expect(heldOut.length).toBe(dataset.counts.heldOut);
    expect(heldOut.length).toBeGreaterThan(20);
  });

  test('holds out the same rows when others are added', () => {
    const more = read([...makeRows(100, 9), ...rows]);
    const held = new Set(more.heldOutPairs.map(({ text }) => text));
    expect(dataset.heldOutPairs.every(({ text }) => held.has(text))).toBe(true);
  });

  test('goes on at a place as if it had never stopped', () => {
    const options = { batch: 16, k1: 1, k2: 1, seed: 3 };
    const [whole, resumed] = [dataset.batches(options), dataset.batches(options)];
    for (let batch = 0; batch < 5; batch++) whole.next();
    resumed.cursor = whole.cursor;
    expect(resumed.next()).toEqual(whole.next());
  });

  test('less than a third of what is computed is padding', () => {
    const many = read(makeRows(2000, 4));
    const batches = many.batches({ batch: 32, k1: 1, k2: 1, seed: 1 });
    let [tokens, computed] = [0, 0];
    for (let batch = 0; batch < batches.perEpoch; batch++) {
      const { tokens: learned, y } = batches.next();
      tokens += learned;
      computed += y.length;
    }
    expect(1 - tokens / computed).toBeLessThan(1 / 3);
  });
});

test('the loss is over the characters of the targets and their ends', () => {
  const dataset = read(makeRows(30));
  expect(dataset.cost(Math.LN2, Int32Array.of(1, 2, -1, 0))).toEqual({ bits: 3, units: 3 });
  expect(dataset.uniform).toBeCloseTo(Math.log2(3 + 2), 10);
});

test('rows that are too long are left out of the training, and said', () => {
  const long = 'a'.repeat(10_000);
  const dataset = read([...makeRows(50), `${long}\tA`, `b\t${long}`]);
  expect(dataset.counts).toMatchObject({ skipped: 2 });
  expect(dataset.counts.train + dataset.counts.heldOut).toBe(50);
  expect(dataset.remarks).toEqual([
    `Left out, as they do not fit: 2 rows. Line 52: Its source has 10,000 characters, and at most ${longestText} can be learned. Line 53: Its target has 10,000 characters, and at most ${longestText} can be learned.`,
  ]);
});

test('rows without a target are counted', () => {
  const dataset = read([...makeRows(50), 'cab\t', 'bac\t']);
  expect(dataset.counts.empty).toBe(2);
  expect(dataset.remarks).toEqual(['Without a target, and left out: 2 rows.']);
});

test.each([
  [
    'too few rows',
    makeRows(12),
    'There are too few rows to learn from: 20 with a target are needed, and this table has 12.',
  ],
  [
    'targets that are all the same',
    Array.from({ length: 30 }, (_, index) => `word ${index}\tsame`),
    'All rows have the same `to`: two different targets are needed.',
  ],
  [
    'targets that are their sources',
    Array.from({ length: 30 }, (_, index) => `word ${index}\tword ${index}`),
    '`to` is the same as `from` on every row, so that there is nothing to learn: name another column.',
  ],
])('of %s nothing can be learned', (_, rows, message) => {
  expect(() => read(rows)).toThrow(message);
});

test('a held-out file is measured on, and nothing of the table is held out', () => {
  const dataset = read(makeRows(60), makeRows(10, 7));
  expect(dataset.counts).toMatchObject({ train: 60, heldOut: 10 });
  expect(() => read(makeRows(60), ['a\t'])).toThrow('No row of the held-out file has a target');
});

test('characters that the training never saw are named', () => {
  const { source } = read(makeRows(60)).vocabularies;
  const { read: tokens, unseen } = encodeSource(source, 'aßb€ß');
  expect(unseen).toEqual(['ß', '€']);
  expect(tokens.length).toBe(5);
  expect(encodeSource(source, 'abc').unseen).toEqual([]);
});

test('a source of few values with many targets each is one token', () => {
  const rows = Array.from({ length: 60 }, (_, index) => `${['de', 'fr', 'it'][index % 3]}\tname ${index}`);
  const dataset = read(rows);
  expect(dataset.isOneToMany).toBe(true);
  expect(dataset.baselines).toEqual([]);
  expect(dataset.vocabularies.source).toEqual({ kind: 'category', categories: ['de', 'fr', 'it'] });
  expect(encodeSource(dataset.vocabularies.source, ' fr ')).toEqual({ read: Int32Array.of(1), unseen: [] });
  expect(encodeSource(dataset.vocabularies.source, 'es')).toEqual({
    read: new Int32Array(),
    unseen: ['es'],
  });
  // The rows of every category are on both sides.
  expect(dataset.counts.heldOut).toBeGreaterThan(0);
  expect(dataset.counts.heldOut).toBeLessThan(30);
});

describe('rows of a held-out file whose category is not trained on', () => {
  const named = (categories: readonly string[], count: number) =>
    Array.from({ length: count }, (_, index) => `${categories[index % categories.length]}\tname ${index}`);
  const trained = named(['Arabic', 'Greek'], 60);

  test('are left out, and said', () => {
    const dataset = read(trained, named(['Greek', 'Korean'], 8));
    expect(dataset.counts).toMatchObject({ train: 60, heldOut: 4, skipped: 4 });
    expect(dataset.remarks[0]).toMatch(
      /^Of the held-out file: Left out, as they do not fit: 4 rows\. Line 3: Its category is none that is trained on\./,
    );
    const { vocabularies } = dataset;
    const heldOut = {
      source: ['from\tto', ...named(['Korean', 'Greek'], 8)].join('\n'),
      format: 'TSV' as const,
    };
    const source = ['from\tto', ...trained].join('\n');
    const resumed = new PairDataset({ source, format: 'TSV', columns, heldOut, vocabularies });
    expect(resumed.counts).toEqual(dataset.counts);
  });

  test('are none to measure on', () =>
    expect(() => read(trained, named(['Korean'], 8))).toThrow(
      'No row of the held-out file has a category that the table has: nothing can be measured on it.',
    ));
});
