// An encoder-decoder is trained through a run, stored, opened again, and measured beside slow ways to the same figures.
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { characterErrorRate } from '../../../src/data/pairs/editDistance.ts';
import { PairDataset } from '../../../src/data/pairs/pairDataset.ts';
import { boundaryOf, decodeTarget } from '../../../src/data/pairs/pairs.ts';
import { freeRunningLoss } from '../../../src/protocol/metric.ts';
import { parseManifest } from '../../../src/store/manifest.ts';
import { readEncoderDecoder, readManifest, readModel, readRun } from '../../../src/store/modelFolder.ts';
import { random } from '../../../src/tape/random.ts';
import { openPairFiller } from '../../../src/tasks/encoderDecoder/fill.ts';
import { exactMatch } from '../../../src/tasks/encoderDecoder/measure.ts';
import { openEncoderDecoder } from '../../../src/tasks/encoderDecoder/open.ts';
import { Controls } from '../../../src/training/controls.ts';
import { lossOf } from '../../../src/training/measure.ts';
import { run } from '../../../src/worker/run.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { trainRequest } from '../../worker/trained.ts';
import { asPairs, engine, platform, RunRecord, settings, table } from './setting.ts';

const folder = temporaryFolder('encoder-decoder');
const record = new RunRecord();
const modelFolder = join(folder, 'model');
const source = table(500, 1);
const request = (more: object) => trainRequest(source, modelFolder, settings, more);
beforeAll(async () => {
  await run(request({ task: asPairs }), platform, Controls.none(), record);
});

const open = () => {
  const stored = readEncoderDecoder(platform.files, modelFolder);
  return openEncoderDecoder(engine, { ...stored, longest: stored.pairs.longest });
};

test('the manifest has the task, the columns and both vocabularies', () => {
  const { task, pairs, metric, vocabulary, tokens, architecture } = readManifest(platform.files, modelFolder);
  expect([task, vocabulary, tokens]).toEqual(['encoder-decoder', null, null]);
  expect(pairs).toMatchObject({
    format: 'TSV',
    reads: ['word'],
    writes: 'turned',
    source: { kind: 'characters', rareKinds: 1 },
    longest: 5,
    heldOutApart: false,
  });
  expect(pairs!.source.kind === 'characters' && pairs!.source.characters.toSorted().join('')).toBe(
    '0123456789abc',
  );
  expect(pairs!.target.characters.toSorted().join('')).toBe('0123456789ABC');
  expect(architecture.encoder).toEqual([{ cell: 'GRU', hidden: 16, bidirectional: true }]);
  expect(metric).toMatchObject({ name: 'exact match', value: record.result.metric });
});

test('it learns to rewrite, and is judged by exact matches', () => {
  expect(record.result.metric).toBeGreaterThan(0.9);
  expect(record.result.metric).toBe(Math.max(...record.points.validations.map(({ metric }) => metric!)));
  expect(record.result.furtherMetrics!['character error rate']).toBeLessThan(0.1);
  expect(record.start).toMatchObject({
    layers: 'both GRU 16 → DecoderGRU 32',
    lossUnit: 'bits per token',
    metric: { name: 'exact match', lowerIsBetter: false },
    baselines: [{ name: 'copying the source', value: 0 }],
  });
});

test('samples are held-out rows with what is written for them', () => {
  const { text, temperature } = record.points.samples.at(-1)!;
  expect(temperature).toBeNull();
  const lines = text.split('\n');
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) {
    const [word, written, mark, right] = line.split(/ → | {2}(?=[✓✗])|(?<=✗) /);
    const turned = `${word.at(-1)}${word.slice(0, -1).toUpperCase()}`;
    expect(mark === '✓' ? written : right).toBe(turned);
    expect(mark === '✓').toBe(written === turned);
  }
});

/** Trains no step, so that much is still wrong, and measures in slow ways. */
test('exact match, error rate and free-running loss are those of the definitions', () => {
  const { architecture, weights, vocabularies, pairs } = readEncoderDecoder(platform.files, modelFolder);
  const { reads, writes } = pairs;
  const dataset = new PairDataset({
    source: table(300, 5),
    format: 'TSV',
    columns: { reads, writes },
    heldOut: null,
    vocabularies,
  });
  // Weights that are disturbed write some rows right and others wrong.
  const next = random(8);
  const disturbed = new Map(
    [...weights].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => value + 0.5 * (next() - 0.5)) },
    ]),
  );
  const shape = {
    batch: 8,
    steps: 8,
    positions: 8,
    optimizer: { kind: 'sgd' },
    dropout: 0,
    seed: 1,
  } as const;
  const network = engine.train(architecture, shape, disturbed);
  const longest = 12;
  const metric = exactMatch(dataset, (of) => engine.predictTarget(architecture, of), longest);
  const { metric: share, furtherMetrics } = metric.of(network, []);
  const boundary = boundaryOf(vocabularies.target);
  /** Returns the logits after a target's beginning, which is read anew at once. */
  const logitsAfter = (pair: { source: Int32Array }, begun: readonly number[]) => {
    const height = shape.batch;
    const steps = 16;
    const [sources, x, y] = [8, steps, steps].map((width) => new Int32Array(height * width).fill(-1));
    for (let row = 0; row < height; row++) sources[row * 8] = 0;
    sources.set(pair.source, 0);
    x.set([boundary, ...begun], 0);
    y[begun.length] = 1;
    let found = new Float32Array();
    network.logits(x, y, height, (_, logits) => (found = logits.slice()), sources);
    return found;
  };
  let [nats, tokens] = [0, 0];
  const written = dataset.heldOutPairs.map((pair) => {
    const begun: number[] = [];
    let [ended, text] = [false, ''];
    const right = [...pair.target, boundary];
    while (!ended || begun.length < right.length) {
      const logits = logitsAfter(pair, begun);
      const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
      if (begun.length < right.length) nats += Math.log(sum) - logits[right[begun.length]];
      logits[0] = Number.NEGATIVE_INFINITY;
      const token = logits.indexOf(Math.max(...logits));
      ended ||= token === boundary || text.length >= longest;
      if (!ended) text += decodeTarget(vocabularies.target, [token]);
      begun.push(token);
    }
    tokens += right.length;
    return { written: text, right: pair.label };
  });
  const exact = written.filter((each) => each.written === each.right).length / written.length;
  expect(exact).toBeGreaterThan(0);
  expect(exact).toBeLessThan(1);
  expect(share).toBe(exact);
  expect(furtherMetrics!['character error rate']).toBeCloseTo(characterErrorRate(written), 10);
  expect(furtherMetrics![freeRunningLoss]).toBeCloseTo(nats / tokens / Math.LN2, 3);
  // Reading its own mistakes makes it worse.
  const forced = lossOf(dataset, network, dataset.heldOut(shape.batch));
  expect(furtherMetrics![freeRunningLoss]).toBeGreaterThan(forced);
  network.dispose();
});

test('a target is written with its alternatives, and with the probability of each character', () => {
  const model = open();
  const { rewritings, unseen } = model.rewrite('cab7');
  expect(unseen).toEqual([]);
  expect(rewritings[0].text).toBe('7CAB');
  expect(rewritings.length).toBeGreaterThan(3);
  expect(new Set(rewritings.map(({ text }) => text)).size).toBe(rewritings.length);
  expect(rewritings.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1 + 1e-6);
  for (const { text, probability, characters } of rewritings) {
    expect(characters.map((each) => each.text).join('')).toBe(text);
    expect(characters.at(-1)!.text).toBe('');
    expect(characters.reduce((product, each) => product * each.probability, 1)).toBeCloseTo(probability, 8);
  }
  expect(model.rewrite('cab7', { alternatives: false }).rewritings[0].text).toBe('7CAB');
  model.dispose();
});

test('what has been begun is gone on with', () => {
  const model = open();
  const { rewritings } = model.rewrite('cab7', { begun: '7C' });
  expect(rewritings.every(({ text }) => text.startsWith('7C'))).toBe(true);
  expect(rewritings[0]).toMatchObject({ text: '7CAB' });
  const [whole] = model.rewrite('cab7').rewritings;
  expect(rewritings[0].probability).toBeGreaterThanOrEqual(whole.probability);
  model.dispose();
});

test('a character that the training never saw is named, and an empty or endless source is not read', () => {
  const model = open();
  expect(model.rewrite('cßb7').unseen).toEqual(['ß']);
  expect(model.rewrite('cßb7').rewritings.length).toBeGreaterThan(0);
  expect(model.rewrite('')).toEqual({ rewritings: [], unseen: [] });
  expect(model.rewrite('a'.repeat(10_000)).rewritings).toEqual([]);
  model.dispose();
});

test('rows are filled in where they have no target, and one that is asked for alone may have been begun', async () => {
  const filler = openPairFiller(engine, readEncoderDecoder(platform.files, modelFolder));
  const head = 'word\tturned';
  const lines = ['ab3\t', 'cc1\t1CC', 'b2\t', 'caß5\t'];
  const fill = (from: number, to: number, of: 'missing' | 'all' = 'missing', text = lines) =>
    filler.fill({ head, text: text.join('\n'), from, to }, of, async () => {});
  const { rows, column, problem } = await fill(0, 4);
  expect([column, problem]).toEqual(['turned', null]);
  expect(rows.map(({ line, given, candidates: [{ value }] }) => [line, given, value])).toEqual([
    [0, '', '3AB'],
    [2, '', '2B'],
    [3, '', rows[2].candidates[0].value],
  ]);
  expect(rows[0].cell).toEqual({ from: { line: 0, character: 4 }, to: { line: 0, character: 4 } });
  expect(rows.map(({ unseen }) => unseen)).toEqual([undefined, undefined, ['ß']]);
  const begun = await fill(1, 2, 'missing', ['ab3\t', 'cc1\t1C']);
  expect(begun.rows[0].given).toBe('1C');
  expect(begun.rows[0].candidates[0]).toMatchObject({ value: '1CC', text: '1CC' });
  // A cell that is whole has nothing missing.
  expect((await fill(1, 2)).rows).toEqual([]);
  expect((await fill(0, 4, 'all')).rows.map(({ line }) => line)).toEqual([0, 1, 2, 3]);
  const text = await filler.fill({ head: '', text: 'ab3\n\nb2', from: 0, to: 3 }, 'all', async () => {});
  expect(text.problem).toContain('This is no table with the columns `word`, `turned`');
  expect(text.rows.map(({ line, cell, candidates: [{ value }] }) => [line, cell, value])).toEqual([
    [0, null, '3AB'],
    [2, null, '2B'],
  ]);
  // A line of another text, and a row without the column, have no cell of which anything could be said.
  const said = (head: string, text: string) => filler.rewritings!({ head, text, from: 0, to: 1 });
  expect(said(head, 'ab3\t')!.rewritings[0].text).toBe('3AB');
  expect(said('', 'ab3\n\nb2')).toBeNull();
  expect(said('word\tother', 'ab3\t')).toBeNull();
  filler.dispose();
});

test('where it looks is shown of a decoder with attention, and of no other', async () => {
  expect(record.points.samples.at(-1)!.alignments).toBeUndefined();
  const model = open();
  expect(model.align('cab7', '7CAB')).toBeNull();
  model.dispose();
  const directory = join(folder, 'attention');
  const attentive = { ...settings, 'model.layers': 'AdditiveAttention 24', 'train.epochs': 10 };
  await run(
    { ...request({ task: asPairs, settings: attentive }), directory },
    platform,
    Controls.none(),
    record,
  );
  const filler = openPairFiller(engine, readEncoderDecoder(platform.files, directory));
  const passage = { head: 'word\tturned', text: 'cab7\t', from: 0, to: 1 };
  const { rewritings, alignment, line } = filler.rewritings!(passage)!;
  expect(line).toBe(0);
  expect(alignment!.source).toEqual(['c', 'a', 'b', '7']);
  expect(alignment!.target).toEqual([...rewritings[0].text, '']);
  for (const row of alignment!.weights)
    expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
  expect(filler.rewritings!({ ...passage, from: 3, to: 4 })).toBeNull();
  filler.dispose();
  const kept = readRun(platform.files, directory).earlier.history.points.samples.at(-1)!.alignments!;
  expect(kept.length).toBeGreaterThan(3);
  for (const { source, target, weights } of kept)
    expect([weights.length, weights[0].length]).toEqual([target.length, source.length]);
});

test('a run goes on from disk as what it was', async () => {
  const { request: stored, earlier } = readRun(platform.files, modelFolder);
  expect(stored.task).toEqual({ kind: 'encoder-decoder', reads: ['word'], writes: 'turned', heldOut: null });
  const { steps } = await run(stored, platform, Controls.none(), record, earlier);
  expect(steps).toBeGreaterThan(earlier.checkpoint.step);
});

test('a `.rnn` file may say what its network is for, and bring its decoder', async () => {
  const definition = [
    'cell Own',
    '  h[t] = tanh(W x[t] + U h[t-1] + C given + b)',
    '  h[0] = tanh(A given)',
    'model',
    '  encoder = LSTM 6',
    '  layers = Own 8',
    'task',
    '  kind = encoder-decoder',
    '  reads = word',
    '  writes = turned',
  ].join('\n');
  const directory = join(folder, 'said');
  const quick = { ...settings, 'train.epochs': 1 };
  await run({ ...request({ definition, settings: quick }), directory }, platform, Controls.none(), record);
  const { task, cells, architecture } = readManifest(platform.files, directory);
  expect(task).toBe('encoder-decoder');
  expect(Object.keys(cells).sort()).toEqual(['LSTM', 'Own']);
  expect(architecture).toMatchObject({
    encoder: [{ cell: 'LSTM', hidden: 6 }],
    layers: [{ cell: 'Own', hidden: 8 }],
  });
});

test('the manifest of an older model, which does not say whether targets are bare, is read', () => {
  const manifest = readManifest(platform.files, modelFolder);
  const { isBare: _, ...older } = manifest.pairs!;
  expect(parseManifest(JSON.stringify({ ...manifest, pairs: older }))).toEqual(manifest);
});

test('what rewrites continues no text', () => {
  expect(() => readModel(platform.files, modelFolder)).toThrow('rewrites texts and continues none');
  const { pairs: _, ...others } = readManifest(platform.files, modelFolder);
  expect(() => parseManifest(JSON.stringify(others))).toThrow('damaged at `pairs`');
});

test('a run that begins with the weights of an earlier one knows at once what that one knew', async () => {
  // A letter that is new stands first, so that the tokens of the others are other ones.
  const grown = `${source}\n${Array.from({ length: 12 }, (_, row) => `zzzzzzzz${row % 10}\t${row % 10}ZZZZZZZZ`).join('\n')}`;
  const after = async (name: string, more: object) => {
    const short = { ...settings, 'train.epochs': 1 };
    const asked = trainRequest(grown, join(folder, name), short, { task: asPairs, ...more });
    return (await run(asked, platform, Controls.none(), record)).metric!;
  };
  const anew = await after('anew', {});
  const again = await after('again', { begins: modelFolder });
  expect(record.start.remarks[0]).toMatch(/^The run begins with the weights of the earlier one/);
  expect(again).toBeGreaterThan(anew + 0.3);
});

test('with scheduled sampling it learns too, and where there is no decoder that is said', async () => {
  const sampling = { ...settings, 'train.scheduledSampling': 0.5 };
  await run(
    request({ task: asPairs, settings: sampling, directory: join(folder, 'sampling') }),
    platform,
    Controls.none(),
    record,
  );
  expect(record.start.remarks.join()).not.toContain('scheduled sampling');
  expect(record.result.metric).toBeGreaterThan(0.5);
  // The same run without it reads the true tokens alone, and comes to other weights.
  const [plain, sampled] = ['model', 'sampling'].map((name) =>
    readEncoderDecoder(platform.files, join(folder, name)).weights.get('output.b'),
  );
  expect(sampled).not.toEqual(plain);
  const classes = [
    'text\tclass',
    ...Array.from({ length: 40 }, (_, row) => `${row}\t${row % 2 ? 'odd' : 'even'}`),
  ];
  const acceptor = trainRequest(
    classes.join('\n'),
    join(folder, 'acceptor'),
    { 'train.epochs': 1, 'train.scheduledSampling': 0.5 },
    { task: { kind: 'acceptor', reads: null, writes: null, heldOut: null } },
  );
  await run(acceptor, platform, Controls.none(), record);
  expect(record.start.remarks).toContain(
    'Only an encoder-decoder has scheduled sampling: here `train.scheduledSampling` has no effect.',
  );
});
