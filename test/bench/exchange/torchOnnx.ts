// Holds the reading of ONNX files to its claim with files that PyTorch writes: what is read gives the
// probabilities that PyTorch gives.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { readOnnx } from '../../../src/export/onnx/readOnnx.ts';
import { architecture } from '../../../src/training/configuration.ts';
import { furthest, probabilities } from '../../export/networks.ts';
import { readKernels } from '../../kernels/modules.ts';
import { atMost } from '../rows.ts';
import type { RowMaker } from './rowMaker.ts';

const bound = 1e-5;
/** The tokens of the script's networks: the first stands for every unknown character. */
const vocabulary = JSON.stringify(['', ...'abcdefghijk']);

export const torchOnnxRows: RowMaker = async function* ({ say, only }) {
  if (only) return;
  const python = ['python3', '/usr/bin/python3'].find(
    (command) => spawnSync(command, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
  );
  if (python === undefined) {
    say('No ONNX files of PyTorch were read: no python3 here has torch.');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'unroll-torch-'));
  try {
    const script = fileURLToPath(new URL('torch_onnx.py', import.meta.url));
    const written = spawnSync(python, [script, folder], { encoding: 'utf8' });
    if (written.status !== 0) throw new Error(`torch_onnx.py failed: ${written.stderr}`);
    const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
    for (const name of globSync('*.onnx', { cwd: folder }).toSorted())
      yield atMost(
        `ONNX of PyTorch, ${name.slice(0, -5)}: difference of probabilities`,
        difference(engine, join(folder, name)),
        bound,
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
};

function difference(engine: Engine, path: string): number {
  const model = readOnnx(readFileSync(path), vocabulary);
  const built = architecture(model.tokenizer.size, model.architecture, model.cells);
  const { x, y, last } = JSON.parse(readFileSync(path.replace(/onnx$/, 'json'), 'utf8'));
  const found = probabilities(engine, { architecture: built, weights: model.weights }, x);
  const row = found.length / x.length;
  const ends = [1, 2].flatMap((end) => [...found.subarray(end * row - built.outputs, end * row)]);
  return furthest(last ? Float32Array.from(ends) : found, Float32Array.from(y));
}
