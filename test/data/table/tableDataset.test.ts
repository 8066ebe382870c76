import { expect, test } from 'vitest';
import type { Batch, Rows } from '../../../src/data/dataset.ts';
import { longestRow, TableDataset } from '../../../src/data/table/tableDataset.ts';
import { random } from '../../../src/tape/random.ts';

const columns = { reads: ['text'], writes: 'label' };

function makeTable(rows: number, seed = 1): string[] {
  const next = random(seed);
  return Array.from({ length: rows }, (_, index) => {
    const length = 1 + Math.floor(next() * 30);
    const text = Array.from({ length }, () => 'abc'[Math.floor(next() * 3)]).join('');
    return `${text}${index}\t${text.endsWith('a') ? 'yes' : 'no'}`;
  });
}

const read = (rows: readonly string[]) =>
  new TableDataset({
    source: ['text\tlabel', ...rows].join('\n'),
    format: 'TSV',
    columns,
    heldOut: null,
    tokens: 'characters',
  });

/** Returns the texts of the rows of a block, each with its label. */
function textsOf({ tokenizer, classes }: TableDataset, { rows, x, y }: Rows): string[] {
  const steps = x.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const own = (of: Int32Array) => of.subarray(row * steps, (row + 1) * steps);
    const tokens = own(x).filter((token) => token >= 0);
    const targets = own(y).filter((target) => target >= 0);
    // The one target is that of the last token, and all behind it is padding.
    expect(targets.length).toBe(Math.min(1, tokens.length));
    if (tokens.length > 0) expect(own(y)[tokens.length - 1]).toBe(targets[0]);
    expect(
      own(x)
        .subarray(tokens.length)
        .every((token) => token === -1),
    ).toBe(true);
    return tokens.length > 0 ? `${tokenizer.decode(tokens)}\t${classes[targets[0]]}` : '';
  }).filter((text) => text !== '');
}

const rows = makeTable(230);
const dataset = read(rows);
const heldOut = dataset.heldOut(16).flatMap((block) => textsOf(dataset, block));

function pass(of: TableDataset, batches = of.batches({ batch: 16, k1: 1, k2: 1, seed: 3 })): string[][] {
  const found: Batch[] = Array.from({ length: batches.perEpoch }, () => batches.next());
  for (const batch of found) {
    expect(batch.rows).toBe(batches.batch);
    expect(batch.restart).toBe(true);
    expect(batch.carry).toBe(batch.x.length / batch.rows);
    expect(batch.carry).toBeLessThanOrEqual(batches.steps);
    expect(batch.tokens).toBe(batch.x.filter((token) => token >= 0).length);
  }
  return found.map((batch) => textsOf(of, batch));
}

test('every row is either trained on, once in a pass, or held out', () => {
  expect([...pass(dataset).flat(), ...heldOut].sort()).toEqual([...rows].sort());
  expect(heldOut.length).toBeGreaterThan(10);
  expect(heldOut.length).toBeLessThan(40);
});

test('rows stay held out when others are added', () => {
  const more = read([...makeTable(100, 2), ...rows, ...makeTable(100, 4)]);
  const now = more.heldOut(50).flatMap((block) => textsOf(more, block));
  expect(now.filter((text) => rows.includes(text)).sort()).toEqual([...heldOut].sort());
});

test('batches have rows of similar length, in another order in every pass', () => {
  const batches = dataset.batches({ batch: 16, k1: 1, k2: 1, seed: 3 });
  const first = pass(dataset, batches);
  const second = pass(dataset, batches);
  expect(batches.epoch).toBe(2);
  expect(second).not.toEqual(first);
  const spread = first.map((texts) => {
    const lengths = texts.map((text) => text.indexOf('\t'));
    return Math.max(...lengths) - Math.min(...lengths);
  });
  // Rows of all lengths, from 2 to 33, would spread over nearly thirty steps.
  expect(spread.reduce((sum, each) => sum + each) / spread.length).toBeLessThan(10);
});

test('with balanced weights all classes teach the same, however many rows they have', () => {
  const rare = makeTable(300, 7).filter((row, index) => row.endsWith('no') || index % 10 === 0);
  const source = ['text\tlabel', ...rare].join('\n');
  const counts = ['none', 'balanced'].map((classWeights) => {
    const of = new TableDataset({
      source,
      format: 'TSV',
      columns,
      heldOut: null,
      tokens: 'characters',
      classWeights: classWeights as 'none' | 'balanced',
    });
    const batches = of.batches({ batch: 16, k1: 1, k2: 1, seed: 3 });
    const passes = [pass(of, batches).flat(), pass(of, batches).flat()];
    const yes = passes.map((texts) => texts.filter((text) => text.endsWith('\tyes')).length);
    return { rows: passes[0].length, yes, rare: new Set(passes.flat()).size };
  });
  const [plain, balanced] = counts;
  expect(balanced.rows).toBe(plain.rows);
  expect(plain.yes[0]).toBeLessThan(0.1 * plain.rows);
  for (const yes of balanced.yes) expect(Math.abs(yes - balanced.rows / 2)).toBeLessThanOrEqual(1);
  // A frequent row that one pass leaves out is in another.
  expect(balanced.rare).toBeGreaterThan(0.7 * plain.rare);
});

test('the same seed has the same order, also from a place in the middle', () => {
  const options = { batch: 16, k1: 1, k2: 1, seed: 5 };
  const [whole, late, other] = [
    dataset.batches(options),
    dataset.batches(options),
    dataset.batches({ ...options, seed: 6 }),
  ];
  for (let i = 0; i < 20; i++) whole.next();
  late.cursor = whole.cursor;
  const expected = textsOf(dataset, whole.next());
  expect(textsOf(dataset, late.next())).toEqual(expected);
  other.cursor = { position: whole.cursor.position - 1, epoch: whole.cursor.epoch };
  expect(textsOf(dataset, other.next())).not.toEqual(expected);
  expect(() => {
    late.cursor = { position: 1000, epoch: 0 };
  }).toThrow('does not fit its table');
});

test('the held-out part is learned with as many other rows', () => {
  const shape = { batch: 40, steps: 40 };
  const texts = pass(dataset, dataset.heldOutBatches(shape)!).flat();
  expect(texts).toHaveLength(2 * heldOut.length);
  for (const text of heldOut) expect(texts).toContain(text);
});

test('the baseline is the accuracy of the commonest class', () => {
  const share = heldOut.filter((text) => text.endsWith('no')).length / heldOut.length;
  expect(dataset.baselines).toEqual([{ name: 'commonest class', value: share }]);
  expect(dataset.uniform).toBe(1);
});

test('rows without a label, and rows that do not fit, are said and left out', () => {
  const { counts, remarks } = read([...rows, 'unknown\t', 'alone', '\tyes']);
  expect(counts).toMatchObject({ skipped: 2, empty: 1 });
  expect(counts.train + counts.heldOut).toBe(rows.length);
  expect(remarks).toEqual([
    'Without a label, and left out: 1 row.',
    'Left out, as they do not fit: 2 rows. Line 233: It has 1 column, and the header has 2. Line 234: Its `text` is empty.',
  ]);
});

test('of a long row, its beginning is read', () => {
  const long = `${'a'.repeat(longestRow)}b`;
  const table = read([...rows, ...Array.from({ length: 30 }, (_, index) => `${long}${index}\tno`)]);
  expect(table.remarks).toEqual(['30 rows are long: the first 400 tokens of a row are read.']);
  expect(table.batches({ batch: 16, k1: 1, k2: 1, seed: 1 }).steps).toBe(longestRow);
});

test('the row that networks are looked into with is the longest that fits', () => {
  const { tokens } = dataset.probed(20)!;
  expect(tokens.length).toBe(20);
  expect(dataset.probed(1)).toBeNull();
});

test.each([
  [
    'few rows',
    makeTable(19),
    'There are too few rows to learn from: 20 with a label are needed, and this table has 19.',
  ],
  [
    'one class',
    makeTable(50).map((row) => row.replace(/\t.*/, '\tyes')),
    'All rows have the same `label`, `yes`',
  ],
  ['a column of anything', makeTable(300).map((row, index) => `${row}${index}`), 'has 300 different labels'],
])('%s cannot be learned from', (_, of, sentence) => expect(() => read(of)).toThrow(sentence));

test('where the last steps are taught, the last one alone is measured', () => {
  const source = ['text\tlabel', ...rows].join('\n');
  const dataset = new TableDataset({
    ...{ source, format: 'TSV', columns, heldOut: null, tokens: 'characters' },
    taught: 2,
  });
  const counted = ({ y }: Pick<Rows, 'y'>) => y.filter((target) => target >= 0).length;
  // Each text has at least two characters.
  expect(counted(dataset.batches({ batch: 10, k1: 1, k2: 1, seed: 1 }).next())).toBe(20);
  expect(dataset.heldOut(1).map(counted)).toEqual(dataset.heldOut(1).map(() => 1));
});
