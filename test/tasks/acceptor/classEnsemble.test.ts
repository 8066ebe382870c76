// Acceptors with n-grams of the classes beside the network, from a run to a model that is opened again.
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { shareOfRight } from '../../../src/data/classMetrics.ts';
import { hash } from '../../../src/data/table/hash.ts';
import { labelledRows } from '../../../src/data/table/labelledRows.ts';
import { readTable } from '../../../src/data/table/readTable.ts';
import { isRowHeldOut } from '../../../src/data/table/tableDataset.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import type { RunResult } from '../../../src/protocol/run.ts';
import { readBestState, readManifest, readModel, readRun, readText } from '../../../src/store/modelFolder.ts';
import { random } from '../../../src/tape/random.ts';
import { countTable, openClassEnsemble } from '../../../src/tasks/acceptor/classEnsemble.ts';
import { learnWeights, mix, networkAlone } from '../../../src/tasks/acceptor/classMixture.ts';
import { openAcceptor } from '../../../src/tasks/acceptor/open.ts';
import { Controls } from '../../../src/training/controls.ts';
import { openFiller } from '../../../src/worker/fillers.ts';
import { run } from '../../../src/worker/run.ts';
import { readKernels } from '../../kernels/modules.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { trainRequest } from '../../worker/trained.ts';

const folder = temporaryFolder('ensemble');
const platform = nodePlatform(join(import.meta.dirname, '../../../out'));
const model = join(folder, 'words');
let engine: Engine;
let result: RunResult;
let notes: string[];

const syllables = [
  ['ka', 'lo', 'mi', 'tu', 'ne'],
  ['lok', 'nim', 'uta', 'ke', 'en'],
  ['mak', 'tol', 'nu', 'ike', 'mo'],
];

/** Words of made-up languages, which have the same letters in other orders. */
function words(rows: number, seed: number): { word: string; language: number }[] {
  const next = random(seed);
  return Array.from({ length: rows }, () => {
    const language = Math.floor(next() * syllables.length);
    const length = 4 + Math.floor(next() * 5);
    const word = Array.from({ length }, () => syllables[language][Math.floor(next() * 5)]).join('');
    return { word, language };
  });
}

const table = ['word\tlanguage', ...words(600, 1).map(({ word, language }) => `${word}\tL${language}`)].join(
  '\n',
);

const train = async (source: string, directory: string, settings: object, task: object = {}) => {
  notes = [];
  const choice = { kind: 'acceptor', reads: null, writes: null, heldOut: null, ...task } as const;
  const all = { 'model.layers': 'GRU 6', 'train.seconds': null, 'train.epochs': 2, ...settings };
  result = await run(trainRequest(source, directory, all, { task: choice }), platform, Controls.none(), {
    started() {},
    paused() {},
    resumed() {},
    saved() {},
    ended() {},
    progress: (_, points) => notes.push(...points.notes.map(({ text }) => text)),
  });
};

beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  await train(table, model, {});
});

const heldOut = () => labelledRows(readTable(table, 'TSV'), { reads: ['word'], writes: 'language' }).rows;

/** Reads what the network says of texts, before it has learned the held-out rows. */
function logarithms(texts: readonly string[]): Float64Array[] {
  const { manifest, architecture, weights, tokenizer } = readBestState(platform.files, model);
  const { classes } = manifest.table!;
  const acceptor = openAcceptor(engine, { architecture, weights, tokenizer: tokenizer!, classes });
  const ranked = acceptor.rank(texts);
  acceptor.dispose();
  return ranked.map((row) =>
    Float64Array.from(classes, (label) => Math.log(row!.find((each) => each.label === label)!.probability)),
  );
}

test('a run ends with the figures of network, n-grams and both, each row measured by weights from other rows', () => {
  const { 'network alone': network, 'n-grams alone': ngrams } = result.furtherMetrics!;
  expect(result.metric).toBeGreaterThan(network + 0.1);
  expect(notes).toContain(
    `The model is the network with n-grams of the classes: together they have accuracy ${result.metric!.toFixed(3)} on held-out rows, the network alone ${network.toFixed(3)}, the n-grams alone ${ngrams.toFixed(3)}.`,
  );
  // Once more, slowly.
  const rows = heldOut().filter(isRowHeldOut);
  const counts = countTable(table, readManifest(platform.files, model).table!, { withHeldOut: false });
  const said = logarithms(rows.map(({ text }) => text));
  const weighed = rows.map(({ text, label }, index) => ({
    opinions: [said[index], counts.likelihoods(text), counts.priors()] as const,
    target: Number(label.slice(1)),
    fold: Math.floor(hash(text) / 10) % 20,
  }));
  const taken = weighed.map(({ opinions, target, fold }) => {
    const p = mix(opinions, learnWeights(weighed.filter((row) => row.fold !== fold)));
    return { target, predicted: p.indexOf(Math.max(...p)) };
  });
  expect(result.metric).toBeCloseTo(shareOfRight(taken), 10);
  const { counts: cells } = result.confusion!;
  const diagonal = cells.reduce((sum, [target, as, of]) => sum + (target === as ? of : 0), 0);
  expect(diagonal / rows.length).toBeCloseTo(result.metric!, 10);
  const byNetwork = said.map((row, index) => ({
    target: weighed[index].target,
    predicted: row.indexOf(Math.max(...row)),
  }));
  expect(network).toBeCloseTo(shareOfRight(byNetwork), 10);
});

test('the manifest has the figure of the whole model, and the checkpoint that of the network', () => {
  expect(readManifest(platform.files, model).metric!.value).toBe(result.metric);
  const { earlier } = readRun(platform.files, model);
  expect(earlier.checkpoint.best.metric).toBe(result.furtherMetrics!['network alone']);
  expect(earlier.history.status).toMatchObject({ result: { furtherMetrics: result.furtherMetrics } });
});

test('a stored model names the classes of rows and of their beginnings better with the n-grams', async () => {
  const stored = readModel(platform.files, model);
  const { classes } = stored.manifest.table!;
  const others = words(300, 2);
  const ensemble = openClassEnsemble(stored.mixture, stored.manifest.table!, true, () => table);
  const [together, alone] = [ensemble, null].map((each) =>
    openAcceptor(engine, { ...stored, classes, ensemble: each }),
  );
  for (const length of [Number.POSITIVE_INFINITY, 6]) {
    const texts = others.map(({ word }) => word.slice(0, length));
    const right = (of: typeof together) =>
      of.classify(texts).filter((each, row) => each!.label === `L${others[row].language}`).length;
    expect(right(together)).toBeGreaterThan(right(alone) + 30);
  }
  together.dispose();
  alone.dispose();
  const filler = openFiller(engine, platform.files, model);
  const text = others.map(({ word }) => `${word}\t`).join('\n');
  const passage = { head: 'word\tlanguage', text, from: 0, to: others.length };
  const { rows } = await filler.fill(passage, 'missing', async () => {});
  const right = rows.filter(({ candidates }, row) => candidates[0].value === `L${others[row].language}`);
  expect(right.length / others.length).toBeGreaterThan(0.9);
  for (const { candidates } of rows)
    expect(candidates.reduce((sum, { probability }) => sum + probability!, 0)).toBeLessThanOrEqual(1 + 1e-9);
  filler.dispose();
});

test('the n-grams have counted the held-out rows where the network has learned them', () => {
  const { learnedHeldOut, table: stored, ...manifest } = readManifest(platform.files, model);
  expect(learnedHeldOut).toBe(true);
  expect(readText(platform.files, model, { learnedHeldOut, table: stored, ...manifest })).toBe(table);
  const [text] = heldOut()
    .filter(isRowHeldOut)
    .map((row) => row.text);
  const surest = (hasLearned: boolean) =>
    Math.max(...countTable(table, stored!, { withHeldOut: hasLearned }).likelihoods(text));
  expect(surest(true)).toBeGreaterThan(surest(false));
});

test('n-grams that know nothing leave the network as it is', async () => {
  // The classes are drawn.
  const next = random(3);
  const rows = words(400, 3).map(({ word }) => `${word}\t${next() < 0.5 ? 'heads' : 'tails'}`);
  const directory = join(folder, 'drawn');
  await train(['text\tcoin', ...rows].join('\n'), directory, {});
  expect(readModel(platform.files, directory).mixture).toBeNull();
  expect(result.metric).toBe(result.furtherMetrics!['network alone']);
  expect(notes.some((text) => text.startsWith('N-grams of the classes do not help the network'))).toBe(true);
});

test('rows of a file that is measured on are never counted', async () => {
  const measured = ['word\tlanguage', ...words(60, 4).map((row) => `${row.word}\tL${row.language}`)];
  const directory = join(folder, 'apart');
  await train(table, directory, {}, { heldOut: measured.join('\n') });
  const { table: stored, learnedHeldOut } = readManifest(platform.files, directory);
  expect([stored!.heldOutApart, learnedHeldOut]).toEqual([true, false]);
  const [own] = countTable(table, stored!, { withHeldOut: false }).priors();
  expect(own).toBe(countTable(table, stored!, { withHeldOut: true }).priors()[0]);
  expect(result.metric).toBeGreaterThan(result.furtherMetrics!['network alone']);
});

test('weights of another size are damage', () => {
  const { table: stored } = readManifest(platform.files, model);
  const damaged = { shape: [3], data: Float32Array.from(networkAlone) };
  expect(() => openClassEnsemble(damaged, stored!, true, () => table)).toThrow(
    'The weights of this model are damaged: its mixture has another size. Train the model again.',
  );
});
