// Tests the built `dynamics` with cells, and with a model that `train` has made.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';
import { unroll } from './unroll.ts';

const folder = temporaryFolder('cli');
const model = join(folder, 'model');
const text = join(folder, 'text.txt');

beforeAll(() => {
  writeFileSync(text, 'red green blue, and no other\n'.repeat(100));
  const how = ['--cell', 'GRU', '--hidden', '16', '--layers', '2', '--epochs', '2', '--threads', '1'];
  expect(unroll('train', text, ...how, '--out', model).status).toBe(0);
});

const dynamics = (...args: string[]) => unroll('dynamics', ...args);

test('a chaotic map in a file', () => {
  const file = join(folder, 'logistic.rnn');
  writeFileSync(file, 'cell Logistic\n  h[t] = 4 * h[t-1] * (1 - h[t-1])\n  h[0] = 0.3\n');
  const { stdout, status } = dynamics(file, '--hidden', '1', '--json');
  expect(status).toBe(0);
  const { exponents, dimension, sentence } = JSON.parse(stdout);
  expect(dimension).toBe(1);
  expect(exponents[0]).toBeCloseTo(Math.LN2, 1);
  expect(sentence).toMatch(/^States that differ by little part, .* this is chaotic\.$/);
});

test('numbers that JSON has none of are told from each other, and from what is missing', () => {
  const file = join(folder, 'squares.rnn');
  writeFileSync(file, 'cell Squares\n  h[t] = h[t-1] * h[t-1]\n  h[0] = 3\n');
  const exponents = (...args: string[]) => JSON.parse(dynamics(...args, '--json').stdout).exponents;
  expect(exponents(file, '--hidden', '1')).toEqual(['NaN']);
  expect(exponents('FeedForward', '--exponents', '2', '--steps', '20').map(Number)).toEqual([
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
});

test('a cell by itself, as text', () => {
  const { stdout, status } = dynamics('Elman', '--hidden', '4', '--symbols', 'ab');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Elman with 4 units and initial weights, over "ab" again and again\nStates that /);
  expect(stdout).toMatch(/\nThe Lyapunov exponents, in nats a step, over 900 steps:\n(.*\n){5}\n/);
  expect(stdout).toMatch(/\nlayers\.0\.U +\d\.\d{3}\n$/);
  expect(dynamics('FeedForward', '--steps', '20').stdout).toContain('Differences between states vanish');
});

test('a trained model along its own text and along another one', () => {
  const own = JSON.parse(dynamics(model, '--steps', '200', '--exponents', '2', '--json').stdout);
  expect(own).toMatchObject({ steps: 180, dimension: 32 });
  expect(own.exponents).toHaveLength(2);
  expect(Object.keys(own.radii)).toContain('layers.1.U_z');
  const other = join(folder, 'other.txt');
  writeFileSync(other, 'blue, and no other red\n'.repeat(10));
  const along = JSON.parse(dynamics(model, other, '--steps', '200', '--exponents', '2', '--json').stdout);
  expect(along.exponents).not.toEqual(own.exponents);
});

test('a byte-order mark and the line ends of Windows are read as in training', () => {
  const along = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return dynamics(model, join(folder, name), '--steps', '100', '--exponents', '1', '--json').stdout;
  };
  const lines = 'blue, and\nno other red\n'.repeat(20);
  expect(along('windows.txt', `\ufeff${lines.replaceAll('\n', '\r\n')}`)).toBe(along('plain.txt', lines));
});

test('a model that reads backward reads the end of a text, from there to its beginning', () => {
  const [cell, backward, forward] = ['backward.rnn', 'backward', 'forward'].map((name) => join(folder, name));
  writeFileSync(cell, 'model\n  layers = GRU 8\n  direction = backward\n');
  expect(
    unroll('train', text, '--cell', cell, '--epochs', '2', '--threads', '1', '--out', backward).status,
  ).toBe(0);
  // The same network, which reads forward.
  cpSync(backward, forward, { recursive: true });
  const manifest = join(forward, 'model.json');
  writeFileSync(
    manifest,
    JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), direction: 'forward' }),
  );

  const written = `${'red green blue\n'.repeat(20)}${'and no other\n'.repeat(20)}`;
  const [ahead, reversed] = ['ahead.txt', 'reversed.txt'].map((name) => join(folder, name));
  writeFileSync(ahead, written);
  writeFileSync(reversed, [...written].reverse().join(''));
  const along = (model: string, file: string) =>
    JSON.parse(dynamics(model, file, '--steps', '100', '--exponents', '2', '--json').stdout);
  expect(along(backward, ahead)).toEqual(along(forward, reversed));
  expect(along(backward, ahead)).not.toEqual(along(forward, ahead));
});

test.each([
  [['None'], /^unroll: There is no cell None/],
  [['DecoderGRU'], /The cell DecoderGRU reads `given` from an encoder/],
  [['GRU', '--steps', '2'], /--steps takes a whole number from 10 to 1000000, not "2"\.$/],
  [[folder], /^unroll: .*model/],
])('%j is answered with a sentence', (args, expected) => {
  const { stderr, status } = dynamics(...args);
  expect(status).toBe(1);
  expect(stderr.trim()).toMatch(expected);
});
