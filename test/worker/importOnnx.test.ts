// A model that is exported as ONNX and imported again has the same weights, and completes with the text that is named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { readModel, readRun } from '../../src/store/modelFolder.ts';
import { exportOnnx } from '../../src/worker/exchange/exportOnnx.ts';
import { importModel } from '../../src/worker/exchange/importModel.ts';
import { readKernels } from '../kernels/modules.ts';
import { trained } from './trained.ts';

const text = 'red green blue\n'.repeat(200);
const named = { text, source: 'colours.txt', uri: null };

let folder: string;
let model: string;
let exported: string;
let engine: Engine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-onnx-'));
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  model = await trained(text, {
    'model.layers': 'GRU 9, MGU 7',
    'model.tokens': 'characters',
    'train.epochs': 4,
  });
  exported = join(folder, 'exported');
  exportOnnx({ files: nodeFiles, directory: model }, { files: nodeFiles, directory: exported });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(model, { recursive: true });
});

const platform = nodePlatform(join(import.meta.dirname, '../../out'));
const imported = (from: string, to: string, text: typeof named | null = named) =>
  importModel(platform, async () => engine, from, join(folder, to), text);

test.each(['', '/model.onnx'])('exported%s: the same weights, and a run that can go on', async (path) => {
  const to = `imported${path.length}`;
  const said = await imported(exported + path, to);
  expect(said).toMatch(/^GRU 9, MGU 7, \d\.\d{3} bits per character on held-out text$/);
  const [before, after] = [readModel(nodeFiles, model), readModel(nodeFiles, join(folder, to))];
  expect(after.weights).toEqual(before.weights);
  expect(after.tokenizer.symbols).toEqual(before.tokenizer.symbols);
  expect(after.manifest.provenance).toMatchObject({
    source: 'colours.txt',
    imported: { folder: join(exported, 'model.onnx'), program: 'another program (ONNX)' },
  });
  expect(readRun(nodeFiles, join(folder, to)).request.settings).toMatchObject({
    'model.layers': 'GRU 9, MGU 7',
  });
});

test('a text is needed', async () => {
  await expect(imported(exported, 'without', null)).rejects.toThrow(
    /model\.onnx comes without its text, from which suggestions are made too\. Name the text: unroll import /,
  );
});
