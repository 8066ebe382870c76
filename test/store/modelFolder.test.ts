import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { Problem } from '../../src/protocol/problem.ts';
import type { Manifest } from '../../src/store/manifest.ts';
import { readManifest, readModel, readRun, readText } from '../../src/store/modelFolder.ts';
import { type Generation, ModelWriter } from '../../src/store/modelWriter.ts';
import { writeSafetensors } from '../../src/store/safetensors.ts';
import { configure } from '../../src/training/configuration.ts';
import { generation } from './generation.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-model-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const at = (name: string) => join(directory, name);

/** Writes a model as a separate run would. */
function write(kept: Generation): Manifest {
  const writer = new ModelWriter(nodeFiles, directory);
  writer.prepare();
  writer.write(kept);
  return readManifest(nodeFiles, directory);
}

const namedBy = ({ weights, text, checkpoint, history }: Manifest) =>
  ['model.json', weights, text, checkpoint, history].sort();

test('a model comes back as it was written, with its run, and the newer one replaces the older', () => {
  write(generation());
  const mixture = { shape: [2], data: Float32Array.of(3, 4) };
  const kept = { ...generation({ cell: 'LSTM', step: 200 }), mixture };
  const manifest = write(kept);
  const model = readModel(nodeFiles, directory);
  expect(model.manifest).toMatchObject({ ...kept.contents, step: 200 });
  expect(model.weights).toEqual(kept.weights);
  expect(model.mixture).toEqual(mixture);
  expect(readText(nodeFiles, directory, manifest)).toBe(kept.text);
  const { earlier, request } = readRun(nodeFiles, directory);
  expect(earlier).toMatchObject({ checkpoint: kept.checkpoint, history: kept.history, mixture });
  expect(request).toMatchObject({ ...kept.contents.wishes, documents: [kept.text], directory });
  expect(readdirSync(directory).sort()).toEqual(namedBy(manifest));
});

test('what the command line has said comes back with the request, apart from the settings that a `.rnn` file overrides', () => {
  const kept = generation();
  const wishes = {
    settings: { 'model.tokens': 'characters' },
    definition: 'cell Own\n  h[t] = tanh(W x[t] + U h[t-1] + b)\nmodel\n  tokens = characters\n',
    options: { 'model.tokens': 'words', 'train.seconds': null, 'train.epochs': 1, 'train.seed': 7 },
    cell: null,
  };
  write({ ...kept, contents: { ...kept.contents, wishes } });
  const { request } = readRun(nodeFiles, directory);
  expect(request).toMatchObject(wishes);
  expect(configure(request)).toMatchObject({
    model: { tokens: 'words' },
    train: { seconds: null, epochs: 1, seed: 7 },
  });
});

test('what killed runs have left is removed by the next one, and files of the user’s own are not', () => {
  write(generation());
  const own = ['weights.txt', 'notes.tmp', 'text-1.txt', 'history-of-rome.json', 'model.json.bak'];
  const left = [
    'model.json.4711.tmp',
    'model.json.4711.2.tmp',
    'weights-2.safetensors.4711.tmp',
    'weights-2.safetensors',
    'checkpoint-0123456789abcdef.safetensors',
    'history-0123456789abcdef.json.1.0.tmp',
    'text-0123456789abcdef.txt',
  ];
  for (const name of [...own, ...left]) writeFileSync(at(name), 'x');
  const manifest = write(generation({ seed: 2 }));
  expect(readdirSync(directory).sort()).toEqual([...namedBy(manifest), ...own].sort());
});

test('a folder without a model keeps what only looks like a part of one', () => {
  for (const name of ['history.json', 'checkpoint.safetensors']) writeFileSync(at(name), 'x');
  expect(readdirSync(directory)).toEqual(expect.arrayContaining(['history.json', 'checkpoint.safetensors']));
  write(generation());
  expect(readdirSync(directory)).toEqual(expect.arrayContaining(['history.json', 'checkpoint.safetensors']));
});

test('a folder whose model.json is of something else is not written to', () => {
  writeFileSync(at('model.json'), '{"format":"graph-model"}');
  expect(() => write(generation())).toThrow(/holds something else/);
  expect(readFileSync(at('model.json'), 'utf8')).toBe('{"format":"graph-model"}');
});

test('a folder that a run has not made stays, and one that it has made goes again where nothing is kept', () => {
  new ModelWriter(nodeFiles, directory).prepare();
  new ModelWriter(nodeFiles, at('new')).prepare();
  expect(readdirSync(directory)).toEqual([]);
});

test('the same text and weights are not written again', () => {
  const writer = new ModelWriter(nodeFiles, directory);
  const kept = generation();
  writer.write(kept);
  const before = readManifest(nodeFiles, directory);
  writer.write({ ...kept, history: { ...kept.history, title: 'Another' } });
  const after = readManifest(nodeFiles, directory);
  expect(after).toEqual({ ...before, history: after.history });
  expect(after.history).not.toBe(before.history);
});

test('without a checkpoint of its own, or one that is not finite, a generation keeps the one before', () => {
  const writer = new ModelWriter(nodeFiles, directory);
  const kept = generation();
  writer.write(kept);
  const [name, { shape }] = [...kept.weights][0];
  const weights = new Map([...kept.weights, [name, { shape, data: new Float32Array(shape[0]).fill(NaN) }]]);
  for (const checkpoint of [null, { ...kept.checkpoint!, weights }]) {
    writer.write({ ...kept, checkpoint });
    expect(readRun(nodeFiles, directory).earlier.checkpoint).toEqual(kept.checkpoint);
  }
});

test('a run that goes on keeps the checkpoint that it goes on from until it has one of its own', () => {
  const kept = generation();
  write(kept);
  const writer = new ModelWriter(nodeFiles, directory);
  writer.prepare(true);
  writer.write({ ...kept, checkpoint: null, history: { ...kept.history, title: 'Another' } });
  expect(readRun(nodeFiles, directory).earlier).toMatchObject({
    checkpoint: kept.checkpoint,
    history: { title: 'Another' },
  });
});

describe('folders of earlier versions are read', () => {
  /** Writes a folder as version 2 did: names do not tell the contents, and the run's files are not named. */
  function older(): Manifest {
    const manifest = write(generation());
    const move = (from: string, to: string) => {
      writeFileSync(at(to), readFileSync(at(from)));
      rmSync(at(from));
    };
    move(manifest.weights, 'weights-7.safetensors');
    move(manifest.checkpoint!, 'checkpoint.safetensors');
    move(manifest.history!, 'history.json');
    const { checkpoint, history, ...rest } = manifest;
    writeFileSync(
      at('model.json'),
      JSON.stringify({ ...rest, version: 2, weights: 'weights-7.safetensors' }),
    );
    return manifest;
  }

  test('with the run, and the next run leaves nothing of them', () => {
    older();
    expect(readModel(nodeFiles, directory).weights).toEqual(generation().weights);
    expect(readRun(nodeFiles, directory).earlier.checkpoint).toEqual(generation().checkpoint);
    const manifest = write(generation({ seed: 2 }));
    expect(readdirSync(directory).sort()).toEqual(namedBy(manifest));
  });

  test('of the first version, whose tokens were characters', () => {
    older();
    const { tokens, ...rest } = JSON.parse(readFileSync(at('model.json'), 'utf8'));
    writeFileSync(at('model.json'), JSON.stringify({ ...rest, version: 1 }));
    expect(readModel(nodeFiles, directory).manifest.tokens).toEqual({ kind: 'characters', longer: [] });
  });

  test('and one whose checkpoint is of another network cannot go on', () => {
    older();
    rmSync(at('history.json'));
    expect(() => readRun(nodeFiles, directory)).toThrow(/history of this run is missing/);
    expect(readModel(nodeFiles, directory).weights).toEqual(generation().weights);
  });
});

describe('what is not a whole model is refused with a sentence', () => {
  let manifest: Manifest;
  const edit = (change: (manifest: Manifest) => unknown) =>
    writeFileSync(at('model.json'), JSON.stringify(change(manifest)));
  /** Stores other weights, in a file whose name does not tell the contents, so that only the contents do. */
  const store = (...more: readonly [string, number[], number[]][]) => {
    const weights = new Map([
      ...generation().weights,
      ...more.map(([name, shape, data]) => [name, { shape, data: Float32Array.from(data) }] as const),
    ]);
    writeFileSync(at('weights-1.safetensors'), Buffer.concat(writeSafetensors(weights)));
    edit((all) => ({ ...all, weights: 'weights-1.safetensors' }));
  };
  const layers = (count: number, hidden: number) =>
    edit((all) => ({
      ...all,
      architecture: { ...all.architecture, layers: Array(count).fill({ cell: 'GRU', hidden }) },
    }));

  test.each<[string, () => void, RegExp]>([
    ['nothing', () => rmSync(at('model.json')), /no whole Unroll model in .*has kept nothing yet/],
    ['no weights', () => rmSync(at(manifest.weights)), /no whole Unroll model.*weights-.* is missing/],
    ['truncated weights', () => writeFileSync(at(manifest.weights), ''), /not what was written/],
    ['a truncated manifest', () => writeFileSync(at('model.json'), '{"for'), /model.json is damaged/],
    ['an empty manifest', () => writeFileSync(at('model.json'), ''), /model.json is damaged/],
    ['some other JSON', () => writeFileSync(at('model.json'), '[1]'), /is something else/],
    ['another version', () => edit((all) => ({ ...all, version: 99 })), /another version of Unroll/],
    ['a part missing', () => edit(({ vocabulary, ...rest }) => rest), /damaged at `vocabulary`/],
    ['a text without tokens', () => edit((all) => ({ ...all, tokens: null })), /damaged at `tokens`/],
    [
      'a regressor without its columns',
      () => edit((all) => ({ ...all, task: 'regressor' })),
      /damaged at `regression`/,
    ],
    [
      'a forecaster without numbers',
      () => edit((all) => ({ ...all, task: 'forecaster', vocabulary: null, tokens: null })),
      /damaged at `series`/,
    ],
    ['weights elsewhere', () => edit((all) => ({ ...all, weights: '../../secret' })), /damaged at `weights`/],
    ['a missing array', () => layers(2, 3), /layers.1.\S+ is missing/],
    ['an array of another shape', () => store(['output.b', [2], [1, 2]]), /output.b should be 4 and is 2/],
    ['an array too many', () => store(['other', [1], [1]]), /"other" is none of its parameters/],
    [
      'no number',
      () => store(['output.b', [4], [1, 2, 3, NaN]]),
      /output.b holds something that is no number/,
    ],
    ['three thousand layers', () => layers(3000, 3), /damaged at `architecture.layers`/],
    ['a huge network', () => layers(64, 4096), /parameters, and at most 500,000,000 are possible/],
    [
      'a link',
      () => {
        rmSync(at(manifest.weights));
        symlinkSync('/etc/passwd', at(manifest.weights));
      },
      /is a link, which is not followed/,
    ],
    [
      'a folder in its place',
      () => {
        rmSync(at(manifest.weights));
        mkdirSync(at(manifest.weights));
      },
      /is none/,
    ],
  ])('%s', (_, damage, sentence) => {
    manifest = write(generation());
    damage();
    expect(() => readModel(nodeFiles, directory)).toThrow(Problem);
    expect(() => readModel(nodeFiles, directory)).toThrow(sentence);
    // The next run replaces it with a whole model, unless it is somebody else's.
    if (/something else|is none/.test(sentence.source)) return;
    write(generation());
    expect(readModel(nodeFiles, directory).weights).toEqual(generation().weights);
  });

  test.each<[string, () => void, RegExp]>([
    ['another text', () => writeFileSync(at(manifest.text!), 'other'), /text-.* is not what was written/],
    ['no checkpoint', () => rmSync(at(manifest.checkpoint!)), /checkpoint-.* is missing/],
    ['no history', () => rmSync(at(manifest.history!)), /history of this run is missing/],
    [
      'a damaged history',
      () => writeFileSync(at(manifest.history!), '{}'),
      /history of this run is missing or damaged/,
    ],
    ['nothing kept', () => edit((all) => ({ ...all, checkpoint: null })), /Nothing has been kept/],
  ])('a run with %s cannot go on', (_, damage, sentence) => {
    manifest = write(generation());
    damage();
    expect(() => readRun(nodeFiles, directory)).toThrow(sentence);
  });
});
