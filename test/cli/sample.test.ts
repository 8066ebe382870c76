// Tests the built `sample` with a model that `train` has made.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';
import { unroll } from './unroll.ts';

const folder = temporaryFolder('cli');
const model = join(folder, 'model');

beforeAll(() => {
  const text = join(folder, 'text.txt');
  writeFileSync(text, 'red green blue, and no other\n'.repeat(100));
  const how = ['--cell', 'GRU', '--hidden', '16', '--layers', '1', '--epochs', '2', '--threads', '1'];
  expect(unroll('train', text, ...how, '--out', model).status).toBe(0);
});

const sample = (...args: string[]) => unroll('sample', model, ...args);

test('a seed says all, and it is said how much is quoted', () => {
  const bold = ['--length', '200', '--temperature', '3'];
  const first = sample(...bold, '--seed', '1');
  expect(first.status).toBe(0);
  expect(first.stdout).toHaveLength(200 + '\n'.length);
  expect(first.stderr).toMatch(
    /^Quoted from .*: \d+ % in runs of 20, \d+ % in runs of 30 .* run has \d+\.$/m,
  );
  expect(sample(...bold, '--seed', '1')).toEqual(first);
  expect(sample(...bold, '--seed', '2').stdout).not.toBe(first.stdout);
});

test('of the likeliest alone, whatever the temperature: what is always likeliest', () => {
  const sure = sample('--length', '100', '--temperature', '0').stdout;
  expect(sample('--length', '100', '--temperature', '3', '--top-k', '1').stdout).toBe(sure);
  expect(sample('--length', '100', '--temperature', '3', '--top-p', '0').stdout).toBe(sure);
});

test('what is no number is said', () => {
  const { status, stderr } = sample('--top-p', 'much');
  expect(status).toBe(1);
  expect(stderr).toMatch(/--top-p takes a number/);
});

test.each([
  ['--length', '0', 'takes a whole number from 1 to 1000000000'],
  ['--top-k', '1.5', 'takes a whole number from 0 to 1000000000'],
  ['--top-p', '1.5', 'takes a number from 0 to 1'],
  ['--seed', '0.5', 'takes a whole number from 0 to 4294967295'],
])('%s %s is refused', (option, value, said) => {
  const { stdout, stderr, status } = sample(option, value);
  expect([stdout, stderr, status]).toEqual(['', `unroll: ${option} ${said}, not "${value}".\n`, 1]);
});
