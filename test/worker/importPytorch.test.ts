// A model that is exported for PyTorch and imported again suggests the same; what does not fit is refused in a sentence.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { suggestionDefaults } from '../../src/completion/decoding/suggest.ts';
import { importFrom } from '../../src/editor/workers/oneRequest.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { readManifest, readModel, readRun } from '../../src/store/modelFolder.ts';
import { readSafetensors, writeSafetensors } from '../../src/store/safetensors.ts';
import { random } from '../../src/tape/random.ts';
import { exportPytorch } from '../../src/worker/exchange/exportPytorch.ts';
import { importModel } from '../../src/worker/exchange/importModel.ts';
import { closeModel, openModel } from '../../src/worker/openModel.ts';
import { readKernels } from '../kernels/modules.ts';
import { script, start, trained } from './trained.ts';

let folder: string;
let engine: Engine;
/** A trained model, and its export, which tests change in copies. */
let model: string;
let exported: string;

const text = Array.from(
  { length: 60 },
  (_, i) => `Jan 10 06:${10 + (i % 50)} INFO accepted password for user${i % 7}\n`,
).join('');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-pytorch-'));
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  model = await trained(text, {
    'model.layers': 'GRU 12, LSTM 10',
    'train.epochs': 8,
    'train.learningRate': 0.02,
    'model.tokens': 'words',
  });
  exported = join(folder, 'exported');
  exportPytorch({ files: nodeFiles, directory: model }, { files: nodeFiles, directory: exported });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(model, { recursive: true });
});

let copies = 0;
/** Copies the exported folder. @param change changes files, by name */
function copy(
  change: (files: { edit: (name: string, by: (text: string) => string) => void; path: string }) => void,
) {
  const path = join(folder, `copy-${++copies}`);
  cpSync(exported, path, { recursive: true });
  change({
    path,
    edit: (name, by) => writeFileSync(join(path, name), by(readFileSync(join(path, name), 'utf8'))),
  });
  return path;
}

const platform = nodePlatform(join(import.meta.dirname, '../../out'));
const own = async () => engine;
const imported = async (from: string, named: Parameters<typeof importModel>[4] = null) => {
  const to = join(folder, `imported-${++copies}`);
  const said = await importModel(platform, own, from, to, named);
  return { to, said };
};

async function suggestions(directory: string): Promise<string[]> {
  const opened = await openModel(engine, platform, directory, null, { now: () => 0 });
  const found: string[] = [];
  for (const end of [20, 31, 45, 200, 260]) {
    const before = text.slice(0, end);
    const cursor = { document: `${end}`, offset: 0, before, after: '', typed: 0 };
    const [suggestion] = await opened.completer.suggest(
      { ...cursor, ...suggestionDefaults, count: 1 },
      async () => {},
    );
    found.push(suggestion?.text ?? '');
  }
  closeModel(opened);
  return found;
}

test('nothing changed: the same weights, tokens and suggestions', async () => {
  const { to, said } = await imported(exported);
  const [before, after] = [readModel(nodeFiles, model), readModel(nodeFiles, to)];
  expect(after.weights).toEqual(before.weights);
  expect(after.tokenizer.symbols).toEqual(before.tokenizer.symbols);
  expect(after.architecture).toEqual(before.architecture);
  expect(after.manifest.provenance).toMatchObject({
    source: 'a.log',
    languageId: 'log',
    imported: { folder: exported },
  });
  expect(said).toMatch(
    /^GRU 12, LSTM 10, \d\.\d{3} bits per character on held-out text, which the model had learned before$/,
  );
  // The model has learned the held-out text since it was measured there, and is measured again.
  expect(after.manifest.validationLoss).toBeLessThan(before.manifest.validationLoss!);
  const { status } = readRun(nodeFiles, to).earlier.history;
  expect(status).toMatchObject({ result: { learnedHeldOut: true, learnedBefore: true } });
  const found = await suggestions(to);
  expect(found.filter((each) => each !== '').length).toBeGreaterThan(2);
  expect(found).toEqual(await suggestions(model));
});

test('its training can go on here', async () => {
  const { to } = await imported(exported);
  const { request, earlier } = readRun(nodeFiles, to);
  expect(request.settings).toMatchObject({
    'train.k1': 10,
    'train.optimizer': 'adam',
    'model.tokens': 'words',
  });
  expect(request.definition).toContain('layers = GRU 12, LSTM 10');
  expect(earlier.checkpoint.weights).toEqual(readModel(nodeFiles, to).weights);
});

/** Makes every matrix as wide as config.json says, with random numbers. */
function fillAgain(path: string, hidden: number): void {
  const file = join(path, 'model.safetensors');
  const next = random(5);
  const shape = (name: string, old: readonly number[]) => {
    const [layer] = /\d/.exec(name) ?? [];
    if (name === 'output.W') return [old[0], hidden];
    if (layer !== '1') return old;
    return old.length === 1 ? [hidden] : /\.W_/.test(name) ? [hidden, old[1]] : [hidden, hidden];
  };
  const wider = [...readSafetensors(readFileSync(file))].map(([name, weight]) => {
    const sizes = shape(name, weight.shape);
    const size = sizes.reduce((a, b) => a * b, 1);
    return [name, { shape: sizes, data: Float32Array.from({ length: size }, () => next() - 0.5) }] as const;
  });
  writeFileSync(file, Buffer.concat(writeSafetensors(new Map(wider))));
}

const wide = (text: string) => text.replace('"hidden": 10', '"hidden": 14');

test('a layer that was made wider is imported', async () => {
  const from = copy(({ edit, path }) => {
    edit('config.json', wide);
    fillAgain(path, 14);
  });
  const { to, said } = await imported(from);
  expect(said).toMatch(/^GRU 12, LSTM 14,/);
  expect(readManifest(nodeFiles, to).architecture.layers[1]).toEqual({ cell: 'LSTM', hidden: 14 });
  await suggestions(to);
});

test('another text is read if it is named', async () => {
  const other = text.replaceAll('password', 'publickey');
  const { to } = await imported(
    copy(({ path }) => rmSync(join(path, 'text.txt'))),
    {
      text: other,
      source: 'b.log',
      uri: 'file:///b.log',
    },
  );
  const { provenance, text: kept } = readManifest(nodeFiles, to);
  expect(provenance).toMatchObject({ source: 'b.log', uri: 'file:///b.log' });
  expect(readFileSync(join(to, kept!), 'utf8')).toBe(other);
});

test('a comment in model.py, or train.py changed, is no change of the equations', async () => {
  const from = copy(({ edit }) => {
    edit(
      'model.py',
      (python) => `# Tried on Monday.\n\n${python.replace('def step', '# here\n    def step')}`,
    );
    edit('train.py', () => 'print("mine")');
  });
  await imported(from);
});

const metric = (path: string, bits: number) => {
  const file = join(path, 'model.safetensors');
  const about = { torch: '2.4.0', update: '7', seconds: '1.5', batch: '4', k1: '10', k2: '10' };
  writeFileSync(
    file,
    Buffer.concat(
      writeSafetensors(readSafetensors(readFileSync(file)), { ...about, bits_per_character: `${bits}` }),
    ),
  );
};

test('what PyTorch measured is measured here again', async () => {
  const bits = readManifest(nodeFiles, (await imported(exported)).to).validationLoss!;
  const { to } = await imported(copy(({ path }) => metric(path, bits + 0.001)));
  expect(readManifest(nodeFiles, to)).toMatchObject({
    step: 7,
    provenance: { engine: 'PyTorch 2.4.0', imported: { program: 'PyTorch 2.4.0' } },
  });
  // A model.py that is written otherwise and computes the same is one.
  await imported(
    copy(({ edit, path }) => {
      metric(path, bits);
      edit('model.py', (python) => python.replace('outputs = []', 'outputs = list()'));
    }),
  );
  await expect(imported(copy(({ path }) => metric(path, bits + 0.3)))).rejects.toThrow(
    /^model\.py computes something else than cells\.rnn says: .* Write the equations of model\.py into cells\.rnn as well/,
  );
});

describe('is refused', () => {
  type Change = Parameters<typeof copy>[0];
  test.each<[string, Change, RegExp]>([
    [
      'a layer wider in config.json alone',
      ({ edit }) => edit('config.json', wide),
      /^model\.safetensors does not fit config\.json and cells\.rnn: layers\.1\.\S+ should be .* train again with --fresh\.$/,
    ],
    [
      'a layer more in config.json alone',
      ({ edit }) =>
        edit('config.json', (json) =>
          json.replace('"layers": [', '"layers": [{"cell": "GRU", "hidden": 5},'),
        ),
      /^model\.safetensors does not fit/,
    ],
    [
      'a cell that there is not',
      ({ edit }) => edit('config.json', (json) => json.replace('"LSTM"', '"GRO"')),
      /^config\.json names the cell GRO, which is not in cells\.rnn\. It has GRU, LSTM\.$/,
    ],
    [
      'a mistake in cells.rnn',
      ({ edit }) => edit('cells.rnn', (cells) => cells.replace('tanh', 'tahn')),
      /^cells\.rnn has a mistake in line \d+: There is no function `tahn`/,
    ],
    [
      'an equation of model.py that was changed',
      ({ edit }) => edit('model.py', (python) => python.replace('torch.tanh', 'torch.relu')),
      /^model\.py was changed at `g = torch\.relu\(.*`, which cells\.rnn does not have\. Write the equations/,
    ],
    [
      'JSON that is none',
      ({ edit }) => edit('config.json', (json) => json.slice(0, 50)),
      /^config\.json is not valid JSON: .* Mend it, or export the model again\.$/,
    ],
    [
      'a value that is none',
      ({ edit }) => edit('config.json', (json) => json.replace('"k2": 10', '"k2": "ten"')),
      /^config\.json has a mistake at `train\.k2`: .*\. Mend it there\.$/,
    ],
    [
      'another vocabulary',
      ({ edit }) => edit('vocabulary.json', (json) => json.replace('"tokens":[""', '"tokens":["","§"')),
      /^(vocabulary\.json does not describe|model\.safetensors does not fit)/,
    ],
    [
      'no vocabulary',
      ({ path }) => rmSync(join(path, 'vocabulary.json')),
      /^vocabulary\.json is missing in .*\. Copy it from the export again\.$/,
    ],
    [
      'no text',
      ({ path }) => rmSync(join(path, 'text.txt')),
      / has no text\.txt, .*: put the text there, or name it: unroll import .* --text FILE\.$/,
    ],
    [
      'weights that are cut short',
      ({ path }) =>
        writeFileSync(
          join(path, 'model.safetensors'),
          readFileSync(join(path, 'model.safetensors')).subarray(0, 999),
        ),
      /^The weights cannot be read: the file is truncated/,
    ],
    [
      'another format',
      ({ edit }) => edit('config.json', (json) => json.replace('"version": 1', '"version": 9')),
      /another version of Unroll \(format 9; this one reads 1\)/,
    ],
  ])('%s', async (_, change, message) => {
    const from = copy(change);
    const to = join(folder, `refused-${++copies}`);
    await expect(importModel(platform, own, from, to, null)).rejects.toThrow(message);
    expect(readdirSync(folder)).not.toContain(to);
  });

  test('a folder with no model', async () => {
    await expect(imported(tmpdir())).rejects.toThrow(
      / holds no model that can be imported: .* Name such a folder, or an ONNX file\.$/,
    );
  });
});

test('a model that was exported as it is comes back as it was', async () => {
  const { to } = await imported(model);
  expect(readModel(nodeFiles, to)).toEqual(readModel(nodeFiles, model));
  expect(readdirSync(to).toSorted()).toEqual(readdirSync(model).toSorted());
});

describe('the worker that the editor starts, and the command line', () => {
  test('import the same', async () => {
    const [editor, command] = [join(folder, 'worker'), join(folder, 'command')];
    const request = { type: 'import', from: exported, directory: editor, text: null, settings: {} } as const;
    const answer = await importFrom(start('exporter'), request);
    const { uri, languageId } = readModel(nodeFiles, model).manifest.provenance;
    expect(answer).toEqual({
      kind: 'imported',
      model: expect.stringMatching(/^GRU 12, LSTM 10,/),
      capabilities: expect.arrayContaining(['suggest', 'train again']),
      ...{ uri, languageId },
    });
    const run = promisify(execFile)(process.execPath, [script('cli'), 'import', exported, '--out', command]);
    expect((await run).stdout).toBe(`${command}\n`);
    expect(readModel(nodeFiles, command).weights).toEqual(readModel(nodeFiles, editor).weights);
  });

  test('say what is wrong', async () => {
    const directory = join(folder, 'none');
    const request = { type: 'import', from: folder, directory, text: null, settings: {} } as const;
    await expect(importFrom(start('exporter'), request)).rejects.toThrow(
      'holds no model that can be imported',
    );
    const run = promisify(execFile)(process.execPath, [script('cli'), 'import']);
    await expect(run).rejects.toThrow(/Name a folder that was exported/);
  });
});
