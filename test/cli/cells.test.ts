// Tests the built `trace` and `check` on cells by name and by file, and `check` itself on every built-in cell.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { builtinCells } from '../../src/cells/index.ts';
import { checkCommand } from '../../src/cli/check.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli } from './unroll.ts';

const folder = temporaryFolder('cli');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const unroll = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) =>
    execFile(process.execPath, [cli, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('trace: the Babylonian cell goes to the square root of 2', async () => {
  const { code, stdout } = await unroll('trace', 'Babylonian', '--symbols', 'aaaaaa', '--json');
  expect(code).toBe(0);
  const { cell, symbols, values } = JSON.parse(stdout);
  expect({ cell, symbols }).toEqual({ cell: 'Babylonian', symbols: 'aaaaaa' });
  const wanted = [2, 3 / 2, 17 / 12, 577 / 408, 665857 / 470832, Math.SQRT2, Math.SQRT2];
  expect(values.h).toEqual(wanted.map((value) => [expect.closeTo(value, 11)]));
});

test('trace: as a table, a line a step', async () => {
  const path = file('two.rnn', 'cell A\n  g[t] = 2 * h[t-1]\n  h[t] = g[t] + 1\n');
  const { stdout } = await unroll('trace', path, '--symbols', 'a b');
  expect(stdout).toBe(`A over "a b"
1 unit, initial weights, t = 0 before the start

t  symbol         g         h
0                    0.000000
1  a       0.000000  1.000000
2  ␣       2.000000  3.000000
3  b       6.000000  7.000000
`);
});

function expectRight(printed: string, name: string): void {
  const { cell, worst, perParameter } = JSON.parse(printed);
  expect(cell).toBe(name);
  expect(worst).toBeLessThanOrEqual(1e-5);
  expect(worst).toBe(Math.max(...Object.values<number>(perParameter)));
}

test.each([...builtinCells.keys()])('check %s', async (name) => {
  let printed = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  await checkCommand([name, '--json']).finally(() => write.mockRestore());
  expectRight(printed, name);
});

// One has a state, one gives the distribution itself, and one reads from an encoder.
test.each(['LSTM', 'HMM', 'AdditiveAttention'])('the built check %s', async (name) => {
  const { code, stdout } = await unroll('check', name, '--json');
  expect(code).toBe(0);
  expectRight(stdout, name);
});

test('train: a cell that has to be the only layer is, unless more are asked for', async () => {
  const text = file('words.txt', 'some words that come again and again\n'.repeat(40));
  const wanted = [
    'train',
    text,
    '--cell',
    'HMM',
    '--hidden',
    '4',
    '--epochs',
    '1',
    '--out',
    join(folder, 'hmm'),
  ];
  expect(await unroll(...wanted)).toMatchObject({ code: 0 });
  const { code, stderr } = await unroll(...wanted, '--layers', '2');
  expect(code).toBe(1);
  expect(stderr).toMatch(/no layer can stand above it: make it the last one\.$/m);
});

test('check: the last cell of a file, and of a cell that leaves the numbers it fails', async () => {
  const path = file('log.rnn', 'cell A\n  h[t] = W x[t]\ncell B\n  h[t] = log(W x[t] - 9)\n');
  const { code, stdout, stderr } = await unroll('check', path, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ cell: 'B', verdict: 'not a number', worst: 'NaN' });
  expect(stderr).toMatch(/^unroll: The gradients of B are not numbers/);
});

describe('what is no cell is said in a sentence', () => {
  test.each<[string[], RegExp]>([
    [['check'], /^unroll: Name a cell: LSTM, .* or a \.rnn file\.$/],
    [['check', 'LTSM'], /^unroll: There is no cell LTSM: did you mean LSTM\?$/],
    [['trace', 'Nonsense'], /^unroll: There is no cell Nonsense: name LSTM, /],
    [['trace', join(folder, 'none.rnn')], /^unroll: There is no file .*none\.rnn that can be read\.$/],
    [['check', file('empty.rnn', '# nothing\n')], /empty\.rnn has no cell: one begins with/],
    [
      ['check', file('wrong.rnn', 'cell A\n\n  h[t] = tanh(W z[t])\n')],
      /wrong\.rnn has a mistake in line 3: .*`z\[t\]`/,
    ],
    [
      ['trace', file('wrongs.rnn', 'cell A\r\n  h[t] = tanh(W z[t])\r\n  g[t] = 1 +\r\n  k[t] = )\r\n')],
      /has a mistake in line 2: .*\(2 more come after it\.\)$/,
    ],
    [['trace', 'LSTM', '--hidden', '0'], /--hidden takes a whole number from 1 to 4096, not "0"\.$/],
    [['trace', 'LSTM', '--seed', '1.5'], /--seed takes a whole number from 0 to 4294967295, not "1\.5"\.$/],
    [['train', cli, '--layers', '2.5'], /--layers takes a whole number from 1 to 64, not "2\.5"\.$/],
  ])('%s', async (args, sentence) => {
    const { code, stdout, stderr } = await unroll(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd()).toMatch(sentence);
  });
});
