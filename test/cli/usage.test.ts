// The built command line says how it is called.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../../src/version.ts';

const cli = join(import.meta.dirname, '../../out/cli.cjs');
const unroll = (...args: string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { stdout, stderr, status };
};

test.each([[['--help']], [['-h']], [['help']]])('%j: all commands, on the standard output', (args) => {
  const { stdout, stderr, status } = unroll(...args);
  expect([stderr, status]).toEqual(['', 0]);
  for (const command of [
    'train',
    'apply',
    'sample',
    'export',
    'import',
    'evaluate',
    'trace',
    'check',
    'dynamics',
  ])
    expect(stdout).toMatch(new RegExp(`^ {2}unroll ${command} `, 'm'));
});

test('the help of a command is about it alone', () => {
  const { stdout, stderr, status } = unroll('trace', '--help');
  expect([stderr, status]).toEqual(['', 0]);
  expect(stdout).toMatch(/^Usage:\n {2}unroll trace .*\n$/);
});

test('the version', () =>
  expect(unroll('--version')).toEqual({ stdout: `${version}\n`, stderr: '', status: 0 }));

test.each([
  [['fly'], "unroll: There is no command 'fly'.\nUsage:\n  unroll train"],
  [[], 'Usage:\n  unroll train'],
  [['check', '--wings'], "unroll: Unknown option '--wings'."],
])('%j is refused', (args, said) => {
  const { stdout, stderr, status } = unroll(...args);
  expect([stdout, status]).toEqual(['', 2]);
  expect(stderr.startsWith(said)).toBe(true);
});
