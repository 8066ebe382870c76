// The worker that the editor starts, and the command line, write an ONNX model and its vocabulary.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExport } from '../../src/editor/workers/oneRequest.ts';
import { decodeModel } from '../../src/export/onnx/format.ts';
import { onnxModel } from '../../src/export/onnx/onnxModel.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { readModel } from '../../src/store/modelFolder.ts';
import { builtin, tokenizer } from '../export/networks.ts';
import { writeRandomModel } from './randomModel.ts';
import { start } from './trained.ts';

const built = (name: string) => join(import.meta.dirname, `../../out/${name}.cjs`);
const command = (...args: string[]) =>
  promisify(execFile)(process.execPath, [built('cli'), 'export', ...args]);

let directory: string;
let from: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-onnx-'));
  from = join(directory, 'model');
  writeRandomModel(from, { tokenizer, cells: builtin('GRU', 'MGU') });
});
afterAll(() => rmSync(directory, { recursive: true }));

const ways: Record<string, (to: string) => Promise<unknown>> = {
  worker: (to) => runExport(start('exporter'), { type: 'export', format: 'onnx', directory: from, to }),
  command: (to) => command(from, '--format', 'onnx', '--out', to),
};

test.each(Object.keys(ways))('%s: writes a folder, and overwrites nothing', async (way) => {
  const to = join(directory, way);
  await ways[way](to);
  const { bytes, vocabulary } = onnxModel(readModel(nodeFiles, from));
  expect(readdirSync(to).toSorted()).toEqual(['model.onnx', 'vocabulary.json']);
  expect(readFileSync(join(to, 'model.onnx')).equals(bytes)).toBe(true);
  expect(JSON.parse(readFileSync(join(to, 'vocabulary.json'), 'utf8'))).toEqual(vocabulary);
  await expect(ways[way](to)).rejects.toThrow('is not empty: name a folder that is, or a new one.');
});

test('states that have to be given', async () => {
  const to = join(directory, 'required');
  await command(from, '--format', 'onnx', '--states', 'required', '--out', to);
  const { graph } = decodeModel(readFileSync(join(to, 'model.onnx')));
  const constants = new Set(graph!.initializers.map(({ name }) => name));
  const inputs = graph!.inputs.map(({ name }) => name);
  expect(inputs).toEqual(['tokens', 'layers.0.h-1', 'layers.1.h-1']);
  expect(inputs.filter((name) => constants.has(name))).toEqual([]);
  await expect(command(from, '--states', 'required', '--out', `${to}2`)).rejects.toThrow(
    '--states is optional or required, and goes with `--format onnx`.',
  );
});
