// The example of the README is a program that runs.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('what stands in the README runs', async () => {
  const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))!;
  const outfile = join(root, 'out/reports/readme-example.mjs');
  await build({
    // The bundle is built anew.
    stdin: { contents: example.replace('./out/cells.js', './src/library/cells.ts'), resolveDir: root },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    loader: { '.rnn': 'text' },
    external: ['@tensorflow/tfjs'],
  });
  const { stdout, status } = spawnSync(process.execPath, [outfile], { cwd: root, encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toContain("[ null, 1 ] [ 8, 20, 32 ] [ 'c[t-1]', 'h[t-1]' ]");
});
