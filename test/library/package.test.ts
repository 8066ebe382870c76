// Installs the package as somebody else would, and uses it: its README's program in Node, its types, and its page.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { packLibrary } from '../../scripts/library.ts';
import { launchChromium } from '../host/chromium.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder('library');
const installed = join(folder, 'node_modules/unroll-cells');
const shell = process.platform === 'win32';

beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'program', type: 'module' }));
  // TensorFlow.js is linked, and not asked for, since nothing is downloaded here.
  const options = ['--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...options, packLibrary(folder)], { cwd: folder, shell });
  mkdirSync(join(folder, 'node_modules/@tensorflow'));
  for (const name of ['tfjs', 'tfjs-core', 'tfjs-layers'])
    symlinkSync(
      join(root, 'node_modules/@tensorflow', name),
      join(folder, 'node_modules/@tensorflow', name),
      'junction',
    );
});

/** Runs a program in the folder. */
function runProgram(name: string, text: string): { stdout: string; stderr: string; status: number | null } {
  writeFileSync(join(folder, name), text);
  return spawnSync(process.execPath, [name], { cwd: folder, encoding: 'utf8' });
}

test('it needs TensorFlow.js beside it, and brings nothing of the extension', () => {
  const { peerDependencies, dependencies, version } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  );
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(peerDependencies).toEqual({
    '@tensorflow/tfjs': `^${own.devDependencies['@tensorflow/tfjs']}`,
  });
  expect([dependencies, version]).toEqual([undefined, own.version]);
  expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toContain('MIT');
});

test('the program of its README runs in Node', () => {
  const [, program] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(installed, 'README.md'), 'utf8'))!;
  const { stdout, status } = runProgram('readme.js', program);
  expect(status).toBe(0);
  expect(stdout).toContain("[ null, 1 ] [ 8, 20, 32 ] [ 'c[t-1]', 'h[t-1]' ] true");
});

test('what it cannot do is said in a sentence', () => {
  const { stdout } = runProgram(
    'refused.js',
    `import * as tf from '@tensorflow/tfjs';
    import { cells, Problem } from 'unroll-cells';
    const { cell, layer } = await cells(tf);
    for (const attempt of [
      () => cell('Jordan', { units: 2, inputs: 2 }),
      () => cell('cell A\\n  h[t] = tanh(W x[t] + U h[t-1])\\n  h[0] = tanh(V given)\\n', { units: 2, inputs: 2 }),
      () => layer({ cell: 'GRU', units: 2, activation: 'relu' }),
      () => layer({ cell: 'GRU', units: 2 }).resetStates(),
    ])
      try {
        attempt();
      } catch (error) {
        console.log(error instanceof Problem, error.message);
      }`,
  );
  const lines = stdout.split('\n').filter((line) => line.startsWith('true '));
  expect(lines).toEqual([
    expect.stringContaining("The cell Jordan reads the network's output"),
    expect.stringContaining('has no encoder'),
    expect.stringContaining('does not know `activation`'),
    expect.stringContaining('keeps no states'),
  ]);
});

test.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])('its types hold in a strict program, modules %s', (module, resolution) => {
  writeFileSync(
    join(folder, 'program.ts'),
    `import * as tf from '@tensorflow/tfjs';
    import { builtinCells, type Cell, cells, type CellLayerConfig, Problem } from 'unroll-cells';
    const { cell, layer } = await cells(tf);
    const config: CellLayerConfig = { cell: builtinCells.get('GRU') ?? 'GRU', units: 8, returnState: true };
    export const both = tf.layers.bidirectional({ layer: layer(config) as unknown as tf.RNN, mergeMode: 'sum' });
    export const lstm: Cell = cell('LSTM', { units: 4, inputs: 3 });
    export const read = await cells(tf, { read: async (build: 'relaxed' | 'simd' | 'single') => new Uint8Array(build.length) });
    export const problem: Error = new Problem('A sentence.');
    layer({ cell: 'GRU' });
    lstm.operation;
`,
  );
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      ...['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--types', ''],
      ...['--target', 'es2022', '--lib', 'es2024,dom', '--module', module, '--moduleResolution', resolution],
      'program.ts',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  const lines = [...stdout.matchAll(/^(\S+)\((\d+),\d+\): error/gm)].map(([, file, line]) => [file, line]);
  expect(lines).toEqual([
    ['program.ts', '9'],
    ['program.ts', '10'],
  ]);
});

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

test('its page trains the cell that stands there, and says what is wrong with another', async () => {
  const server = createServer(({ url = '' }, response) => {
    try {
      const body = readFileSync(join(folder, 'node_modules', decodeURI(url)));
      response.writeHead(200, { 'content-type': types[extname(url)] ?? 'text/plain' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/unroll-cells/example.html`);
    const said = page.locator('#said');
    await page.click('#train');
    await said.filter({ hasText: 'Trained.' }).waitFor({ timeout: 0 });
    const text = (await said.textContent())!;
    expect(Number(/error is ([\d.]+)\. Trained/.exec(text)![1])).toBeLessThan(0.5);
    await page.fill('#cell', 'cell Mine\n  h[t] = tanh(W x[t] + U h[t-2] + b) +\n');
    await page.click('#train');
    await said.filter({ hasNotText: 'Trained.' }).filter({ hasText: 'line' }).waitFor({ timeout: 0 });
  } finally {
    await browser.close();
    server.close();
  }
});
