// Models of every task but that of texts go to a folder for PyTorch and come back.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import type { TaskChoice } from '../../src/protocol/task.ts';
import { readBestState, readManifest, readRun } from '../../src/store/modelFolder.ts';
import { readSafetensors, writeSafetensors } from '../../src/store/safetensors.ts';
import { Controls } from '../../src/training/controls.ts';
import { exportPytorch } from '../../src/worker/exchange/exportPytorch.ts';
import { importModel } from '../../src/worker/exchange/importModel.ts';
import { run } from '../../src/worker/run.ts';
import { tagged } from '../data/columns/tagged.ts';
import { readKernels } from '../kernels/modules.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { largest, many, pairs, seriesText, sized, table, waits } from './tasks.ts';
import { trainRequest } from './trained.ts';

const folder = temporaryFolder('pytorch-tasks');
const platform = nodePlatform(join(import.meta.dirname, '../../out'));
const silent = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };
let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

interface Case {
  readonly text: string;
  readonly task: TaskChoice;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly definition?: string;
}

const named = { reads: null, writes: null, heldOut: null } as const;
const cases: Readonly<Record<string, Case>> = {
  acceptor: {
    text: table,
    task: { kind: 'acceptor', ...named },
    settings: { 'model.layers': 'both GRU 6', 'model.embedding': 6, 'train.classWeights': 'balanced' },
    definition: 'task\n  kind = acceptor\n  teach = last 3\n',
  },
  regressor: {
    text: waits,
    task: { kind: 'regressor', ...named },
    settings: { 'model.layers': 'both GRU 6', 'model.embedding': 6, 'train.classWeights': 'balanced' },
    definition: 'task\n  kind = regressor\n  teach = last 3\n',
  },
  'regressor of numbers': {
    text: largest,
    task: { kind: 'regressor', ...named },
    settings: { 'model.layers': 'Jordan 6' },
  },
  transducer: {
    text: tagged(60, 1),
    task: { kind: 'transducer', ...named },
    settings: { 'model.layers': 'both LSTM 6', 'model.embedding': 6 },
  },
  'encoder-decoder': {
    text: pairs,
    task: { kind: 'encoder-decoder', reads: ['text'], writes: 'short', heldOut: null },
    settings: {
      'model.encoder': 'both GRU 6',
      'model.layers': 'AdditiveAttention 6, GRU 6',
      'model.embedding': 6,
    },
  },
  'one-to-many': {
    text: many,
    task: { kind: 'encoder-decoder', reads: ['kind'], writes: 'name', heldOut: null },
    settings: { 'model.layers': 'DecoderLSTM 6', 'model.embedding': 6 },
  },
  'texts for numbers': {
    text: sized,
    task: { kind: 'encoder-decoder', ...named },
    settings: { 'model.layers': 'DecoderLSTM 6', 'model.embedding': 6 },
  },
  forecaster: {
    text: seriesText,
    task: { kind: 'forecaster', reads: null, writes: null },
    settings: { 'model.layers': 'GRU 6', 'model.embedding': 0, 'train.k1': 20, 'train.k2': 20 },
  },
};

async function trainedModel(name: string, { text, task, settings, definition = '' }: Case): Promise<string> {
  const directory = join(folder, name);
  const all = { 'train.epochs': 3, 'train.batch': 8, ...settings };
  const request = trainRequest(text, directory, all, { task, definition });
  await run(request, platform, Controls.none(), silent);
  return directory;
}

const own = async () => engine;
const imported = (from: string, to: string) => importModel(platform, own, from, join(folder, to), null);
const weightsIn = (directory: string) =>
  readSafetensors(readFileSync(join(directory, readManifest(nodeFiles, directory).weights)));

describe.each(Object.entries(cases))('%s', (name, of) => {
  let model: string;
  let exported: string;
  beforeAll(async () => {
    model = await trainedModel(name, of);
    exported = join(folder, `${name}-exported`);
    exportPytorch({ files: nodeFiles, directory: model }, { files: nodeFiles, directory: exported });
  });

  const read = (file: string) => readFileSync(join(exported, file), 'utf8');

  /** Copies the exported folder. */
  function copy(to: string): { path: string; edit: (file: string, by: (text: string) => string) => void } {
    const path = join(folder, `${name}-${to}`);
    cpSync(exported, path, { recursive: true });
    return {
      path,
      edit: (file, by) => writeFileSync(join(path, file), by(readFileSync(join(path, file), 'utf8'))),
    };
  }

  test('is imported in its own format, file by file', async () => {
    await imported(model, `${name}-copied`);
    const copied = join(folder, `${name}-copied`);
    expect(readManifest(nodeFiles, copied)).toEqual(readManifest(nodeFiles, model));
    expect(weightsIn(copied)).toEqual(weightsIn(model));
    expect(readRun(nodeFiles, copied).request.documents).toEqual([of.text]);
  });

  test('comes back as it was: weights, table, and a run that can go on', async () => {
    const said = await imported(exported, `${name}-back`);
    const [before, after] = [model, join(folder, `${name}-back`)].map((each) =>
      readManifest(nodeFiles, each),
    );
    const layers = ['model.encoder', 'model.layers'].flatMap((name) => (of.settings[name] as string) ?? []);
    expect(said.startsWith(layers.join(' → '))).toBe(true);
    const back = join(folder, `${name}-back`);
    const [was, is] = [weightsIn(model), weightsIn(back)].map((weights) => new Map(weights));
    // How the network is mixed with n-grams is learned again, with the weights that have come back.
    expect(is.delete('mixture')).toBe(was.delete('mixture'));
    expect(is).toEqual(was);
    for (const key of [
      'task',
      'table',
      'regression',
      'tagging',
      'pairs',
      'series',
      'architecture',
      'direction',
      'lossUnit',
    ] as const)
      expect(after[key]).toEqual(before[key]);
    expect(after.metric?.name).toBe(before.metric?.name);
    expect(after.provenance.imported?.program).toMatch(/^Unroll /);
    const { request, earlier } = readRun(nodeFiles, back);
    expect(request.documents).toEqual([of.text]);
    expect(earlier.checkpoint.weights).toEqual(earlier.checkpoint.best.weights);
    if (of.definition) expect(request.definition).toContain('teach = last 3');
  });

  test('what was measured in PyTorch is measured here again', async () => {
    const trainedThere = (path: string, metric: number) => {
      const file = join(path, 'model.safetensors');
      const about = {
        torch: '2.11.0',
        update: '7',
        seconds: '1',
        metric: `${metric}`,
        learned_held_out: 'false',
      };
      writeFileSync(file, Buffer.concat(writeSafetensors(readSafetensors(readFileSync(file)), about)));
    };
    await imported(exported, `${name}-measured`);
    const { metric, lossUnit } = readManifest(nodeFiles, join(folder, `${name}-measured`));
    const [network] = readRun(nodeFiles, join(folder, `${name}-measured`)).earlier.history.points.validations;
    // Of many texts none is the right one, and the loss is what such a network is judged by.
    const judged = network.metric ?? network.loss;
    const right = copy('right');
    trainedThere(right.path, judged + 0.001);
    expect(await imported(right.path, `${name}-right-back`)).toContain(metric?.name ?? lossUnit);
    const found = readManifest(nodeFiles, join(folder, `${name}-right-back`));
    expect([found.step, found.learnedHeldOut]).toEqual([7, false]);
    const wrong = copy('wrong');
    trainedThere(wrong.path, judged + 0.3 * Math.max(1, judged));
    await expect(imported(wrong.path, `${name}-wrong-back`)).rejects.toThrow(
      'model.py computes something else than cells.rnn and config.json say',
    );
  });

  test('rows say which of them are held out', () => {
    const file = readdirSync(exported).find((each) => each.endsWith('.jsonl'))!;
    const rows = read(file)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { heldOut: boolean });
    const held = rows.filter(({ heldOut }) => heldOut).length;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(rows.length / 4);
  });

  test('what does not fit is said', async () => {
    const table = copy('table');
    table.edit('text.txt', (text) =>
      name === 'acceptor'
        ? text.replaceAll('without', 'no')
        : name === 'transducer'
          ? text.replaceAll('\tN', '\tNN')
          : name === 'forecaster'
            ? text.replace('50.000', '51.000')
            : name.startsWith('regressor')
              ? text.replaceAll(/\d\n/g, '9\n')
              : text.replace(/[Bb]|tall/g, 'ż'),
    );
    await expect(imported(table.path, `${name}-none`)).rejects.toThrow(
      /text\.txt is not the table that the network was trained for: its (classes|features|standardisation|sources|targets) are not those in vocabulary\.json/,
    );
    const wide = copy('wide');
    wide.edit('config.json', (text) => text.replace('"hidden": 6', '"hidden": 7'));
    await expect(imported(wide.path, `${name}-none`)).rejects.toThrow(
      /model\.safetensors does not fit config\.json and cells\.rnn/,
    );
    const changed = copy('changed');
    changed.edit('model.py', (text) => text.replace('nn.init.zeros_(self.output.bias)', 'pass'));
    await expect(imported(changed.path, `${name}-none`)).rejects.toThrow(/model\.py was changed at `pass`/);
    rmSync(join(changed.path, 'text.txt'));
    await expect(imported(changed.path, `${name}-none`)).rejects.toThrow(/text\.txt is missing/);
  });
});

test('an imported acceptor has the metric of the run: that of the network with n-grams of the classes', async () => {
  const [model, exported, back] = ['same', 'same-exported', 'same-back'].map((name) => join(folder, name));
  await trainedModel('same', cases.acceptor);
  exportPytorch({ files: nodeFiles, directory: model }, { files: nodeFiles, directory: exported });
  // The state that the run was measured with had not learned the held-out rows.
  const { weights } = readBestState(nodeFiles, model);
  writeFileSync(join(exported, 'model.safetensors'), Buffer.concat(writeSafetensors(weights)));
  const said = await imported(exported, 'same-back');
  const [before, after] = [model, back].map((each) => readRun(nodeFiles, each).earlier.history.status);
  if (before.kind !== 'ended' || after.kind !== 'ended') throw new Error('A run has not ended.');
  expect(after.result.metric).toBeCloseTo(before.result.metric!, 6);
  expect(after.result.furtherMetrics).toEqual(before.result.furtherMetrics);
  expect(readManifest(nodeFiles, back).metric).toEqual(readManifest(nodeFiles, model).metric);
  expect(said).toMatch(
    /on held-out rows with n-grams of the classes \(the network alone 0\.\d+, the n-grams alone/,
  );
});

test('a model that was measured on a file of its own stays here', async () => {
  const model = await trainedModel('apart', {
    ...cases.acceptor,
    task: { kind: 'acceptor', ...named, heldOut: table },
  });
  const to = { files: nodeFiles, directory: join(folder, 'apart-exported') };
  expect(() => exportPytorch({ files: nodeFiles, directory: model }, to)).toThrow(
    /measured on a file of its own, which is not kept with it/,
  );
});

test('outputs that are pooled and read again are said in no PyTorch', async () => {
  const model = await trainedModel('pooled', { ...cases.acceptor, settings: { 'model.layers': 'Jordan 4' } });
  const to = { files: nodeFiles, directory: join(folder, 'pooled-exported') };
  expect(() => exportPytorch({ files: nodeFiles, directory: model }, to)).toThrow(/Export it as ONNX/);
});
