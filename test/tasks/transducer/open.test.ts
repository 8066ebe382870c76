// A transducer is trained through a run, stored, and opened again on both engines.
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { readTagged, writeTags } from '../../../src/data/columns/readTagged.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import type { RunStart } from '../../../src/protocol/run.ts';
import { parseManifest } from '../../../src/store/manifest.ts';
import { readManifest, readModel, readRun } from '../../../src/store/modelFolder.ts';
import { openTransducerFiller } from '../../../src/tasks/transducer/fill.ts';
import { fillMissingTags, openTransducer } from '../../../src/tasks/transducer/open.ts';
import { Controls } from '../../../src/training/controls.ts';
import { run } from '../../../src/worker/run.ts';
import type { RunListener } from '../../../src/worker/runRecorder.ts';
import { tagged } from '../../data/columns/tagged.ts';
import { readKernels } from '../../kernels/modules.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { trainRequest } from '../../worker/trained.ts';

const folder = temporaryFolder('transducer');
const directory = join(folder, 'model');
const platform = nodePlatform(join(import.meta.dirname, '../../../out'));
let engines: readonly Engine[];
let start: RunStart;

const listener: RunListener = {
  started(started) {
    start = started;
  },
  paused() {},
  resumed() {},
  progress() {},
  saved() {},
  ended() {},
};

const settings = {
  'model.layers': 'both LSTM 12',
  'model.embedding': 12,
  'train.epochs': 12,
  'train.batch': 10,
  'train.learningRate': 0.02,
};
const asTransducer = { kind: 'transducer', reads: null, writes: null, heldOut: null } as const;
const request = (more: object) => trainRequest(tagged(300, 1), directory, settings, more);

beforeAll(async () => {
  engines = [
    (await startWasm({ read: readKernels, threads: 1, spawn: null }))!,
    (await startTfjs('', 'cpu')).engine,
  ];
  await run(request({ task: asTransducer }), platform, Controls.none(), listener);
});

test('the tokens of any text have tags: of a column file beside those that are given, and of prose', () => {
  const { manifest, ...model } = readModel(platform.files, directory);
  const { classes } = manifest.tagging!;
  const filler = openTransducerFiller(engines[0], { ...model, tagging: manifest.tagging! });
  const tokensOf = (text: string, from = 0, to = text.length) => {
    const { offsets, tags } = filler.tags!({ text, from, to });
    expect(offsets).toHaveLength(tags.length + 1);
    return tags.flatMap((value, index) =>
      value ? [{ form: text.slice(offsets[index], offsets[index + 1]), at: offsets[index], ...value }] : [],
    );
  };
  const columns = tagged(20, 2);
  const found = tokensOf(columns);
  const lines = columns.split('\n').filter((line) => line !== '');
  expect(found.map(({ form, given }) => `${form}\t${given}`)).toEqual(lines);
  const right = found.filter(({ ranked: [best], given }) => best.tag === given);
  expect(right.length).toBeGreaterThan(0.9 * found.length);
  for (const { ranked } of found) {
    expect(ranked.map(({ tag, index }) => classes[index] === tag)).not.toContain(false);
    expect(ranked[0].probability).toBeGreaterThanOrEqual(ranked[1].probability);
  }
  const prose = columns
    .trimEnd()
    .split('\n\n')
    .map((sentence) => `${sentence.replaceAll(/\t.*\n?/g, ' ').trim()}.`)
    .join('\n');
  const words = tokensOf(prose).filter(({ form }) => form !== '.');
  expect(words.map(({ form }) => form)).toEqual(found.map(({ form }) => form));
  expect(words.every(({ given }) => given === null)).toBe(true);
  const agreeing = words.filter(({ ranked: [best] }, index) => best.tag === found[index].given);
  expect(agreeing.length).toBeGreaterThan(0.8 * words.length);
  // Of a passage from the midst of a line on, only the tokens that begin within it have tags.
  const [from, to] = [columns.indexOf('\n', 100) + 3, columns.indexOf('\n', 200) + 1];
  const part = tokensOf(columns, from, to);
  expect(part.map(({ at }) => at)).toEqual(found.map(({ at }) => at).filter((at) => at >= from && at < to));
  filler.dispose();
});

test('tags are filled in at their places, and a text without tokens and tags says so', async () => {
  const { manifest, ...model } = readModel(platform.files, directory);
  const filler = openTransducerFiller(engines[0], { ...model, tagging: manifest.tagging! });
  const lines = tagged(20, 2).split('\n');
  const bare = lines.map((line, index) => (index % 3 === 0 ? line.replace(/\t.*/, '\t') : line));
  const fill = (text: string, of: 'missing' | 'all' = 'missing') =>
    filler.fill({ head: '', text, from: 3, to: 40 }, of, async () => {});
  const { rows, problem } = await fill(bare.join('\n'));
  expect(problem).toBeNull();
  const wanted = bare.flatMap((line, index) => (/\t$/.test(line) && index >= 3 && index < 40 ? [index] : []));
  expect(rows.map(({ line }) => line)).toEqual(wanted);
  const right = rows.filter(({ line, candidates: [best], cell }) => {
    const { character } = cell!.from;
    return bare[line].slice(0, character) + best.text + bare[line].slice(cell!.to.character) === lines[line];
  });
  expect(right.length).toBeGreaterThan(0.9 * rows.length);
  const all = await fill(bare.join('\n'), 'all');
  expect(all.rows.length).toBeGreaterThan(rows.length);
  expect(await fill('Once upon a time, there was a king.\n'.repeat(9))).toMatchObject({
    rows: [],
    problem: expect.stringContaining('open a file of the same columns'),
  });
  filler.dispose();
});

test('the manifest has the task, the columns, the features and the tags', () => {
  const { task, tagging, metric, architecture } = readManifest(platform.files, directory);
  expect(task).toBe('transducer');
  expect(tagging).toMatchObject({
    format: 'columns',
    reads: null,
    writes: null,
    width: 2,
    classes: ['D', 'N', 'V'],
    heldOutApart: false,
  });
  expect(tagging!.features).toContain('wwalk');
  expect(architecture.embedding).toBe(12);
  // The word alone does not tell: the baseline is below this.
  expect(start.baselines[0].value).toBeLessThan(0.97);
  expect(metric!.value).toBeGreaterThan(0.99);
});

test('both engines name the tags of all tokens, of long sentences too', () => {
  const { manifest, ...model } = readModel(platform.files, directory);
  const { sentences } = readTagged(tagged(60, 2), 'columns');
  const long = sentences.flat();
  expect(long.length).toBeGreaterThan(200);
  const [found, reference] = engines.map((engine) => {
    const transducer = openTransducer(engine, { ...model, ...manifest.tagging! });
    const tags = transducer.tag([...sentences, long]);
    transducer.dispose();
    return tags;
  });
  for (const [row, sentence] of [...sentences, long].entries()) {
    expect(found[row]).toHaveLength(sentence.length);
    for (const [token, { label, probability }] of found[row].entries()) {
      expect(reference[row][token].probability).toBeCloseTo(probability, 3);
      if (probability > 0.9) expect(label).toBe(sentence[token].tag);
    }
  }
});

test('the missing tags of a document are found with their places, and others stay', () => {
  const { manifest, ...model } = readModel(platform.files, directory);
  const tagging = manifest.tagging!;
  const transducer = openTransducer(engines[0], { ...model, ...tagging });
  const source = 'the\tD\ndog\tN\nwalk\tMINE\n\r\nthe\r\nwalk\r\nsees\t\r\n\n\tN\n';
  const { missing, read } = fillMissingTags(transducer, source, tagging);
  transducer.dispose();
  expect(missing.map(({ form, tag }) => `${form} ${tag}`)).toEqual(['the D', 'walk N', 'sees V']);
  expect(missing.every(({ probability }) => probability > 0.5 && probability <= 1)).toBe(true);
  expect(read.misfits).toEqual([{ line: 9, message: 'It has a tag without a token.' }]);
  expect(writeTags(source, missing)).toBe(
    'the\tD\ndog\tN\nwalk\tMINE\n\r\nthe\tD\r\nwalk\tN\r\nsees\tV\r\n\n\tN\n',
  );
});

test('a run goes on from disk as what it was', async () => {
  const { request: stored, earlier } = readRun(platform.files, directory);
  expect(stored.task).toEqual(asTransducer);
  const { steps } = await run(stored, platform, Controls.none(), listener, earlier);
  expect(steps).toBeGreaterThan(earlier.checkpoint.step);
});

test('a `.rnn` file may say that its network is a transducer', async () => {
  const definition =
    'model\n  layers = GRU 8\n  embedding = 8\ntask\n  kind = transducer\n  teach = last step';
  const asked = { ...request({ definition }), directory: join(folder, 'said') };
  await run(asked, platform, Controls.none(), listener);
  expect(readManifest(platform.files, asked.directory)).toMatchObject({ task: 'transducer' });
});

test('a file of its own is measured on, and not trained on', async () => {
  const task = { ...asTransducer, heldOut: tagged(30, 3) };
  const asked = { ...request({ task }), directory: join(folder, 'apart') };
  const result = await run(asked, platform, Controls.none(), listener);
  expect(start.rows).toEqual({ train: 300, heldOut: 30, skipped: 0, empty: 0 });
  expect(result.learnedHeldOut).toBe(false);
  expect(() => readRun(platform.files, asked.directory)).toThrow('measured on a file of its own');
});

test('a transducer’s manifest without what it tags is damaged', () => {
  const { tagging: _, ...others } = readManifest(platform.files, directory);
  expect(() => parseManifest(JSON.stringify(others))).toThrow('damaged at `tagging`');
});
