// The example in docs/onnx.md is a program that runs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { exportOnnx } from '../../src/worker/exchange/exportOnnx.ts';
import { writeRandomModel } from '../worker/randomModel.ts';
import { builtin, tokenizer } from './networks.ts';

const root = join(import.meta.dirname, '../..');

test('the program in JavaScript writes text', () => {
  const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/onnx.md'), 'utf8'))!;
  // Packages are found from the folder of the script.
  const script = join(root, 'out/reports/onnx-example.mjs');
  mkdirSync(join(root, 'out/reports'), { recursive: true });
  writeFileSync(script, example);
  const cwd = mkdtempSync(join(tmpdir(), 'unroll-onnx-'));
  try {
    writeRandomModel(join(cwd, 'model'), { tokenizer, cells: builtin('MGU', 'GRU') });
    exportOnnx(
      { files: nodeFiles, directory: join(cwd, 'model') },
      { files: nodeFiles, directory: join(cwd, 'model-onnx') },
      { optionalStates: false },
    );
    const { stdout, stderr, status } = spawnSync(process.execPath, [script], { cwd, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    // Random weights write some token of the vocabulary at almost every step.
    expect(stdout.length).toBeGreaterThan(150);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
