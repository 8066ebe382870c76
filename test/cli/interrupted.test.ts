// `apply` that is interrupted says so and writes nothing; what it writes replaces a file as a whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { writeWhole } from '../../src/cli/writeWhole.ts';
import { Problem } from '../../src/protocol/problem.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli } from './unroll.ts';

const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    writeFileSync: (...[path, text, options]: Parameters<typeof fs.writeFileSync>) => {
      if (!disk.isFull) return fs.writeFileSync(path, text, options);
      // Some bytes are written before the disk is full.
      fs.writeFileSync(path, String(text).slice(0, 2), options);
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    },
  };
});

const root = temporaryFolder('interrupted');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
  disk.isFull = false;
});
const at = (name: string) => join(folder, name);

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with a sentence', async (signal) => {
  const child = spawn(process.execPath, [cli, 'apply', at('model'), '-', '--out', at('out.csv')]);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  // More than a pipe holds is taken only when the command reads.
  await new Promise((resolve) => child.stdin.write('a,b\n'.repeat(100_000), resolve));
  child.kill(signal);
  expect(await once(child, 'close')).toEqual([130, null]);
  expect(said).toBe('unroll: The work on - was stopped before its end, and nothing is written.\n');
  expect(readdirSync(folder)).toEqual([]);
});

test('a file is replaced as a whole, with the permissions that it had', () => {
  writeFileSync(at('a.csv'), 'before', { mode: 0o640 });
  const { ino } = statSync(at('a.csv'));
  writeWhole(at('a.csv'), 'after');
  expect(readFileSync(at('a.csv'), 'utf8')).toBe('after');
  expect(statSync(at('a.csv')).mode & 0o777).toBe(0o640);
  // It is another file: the one of before was whole until then.
  expect(statSync(at('a.csv')).ino).not.toBe(ino);
  expect(readdirSync(folder)).toEqual(['a.csv']);
});

test('a file whose name is as long as it can be is replaced, too', () => {
  const name = at(`${'a'.repeat(251)}.csv`);
  writeWhole(name, 'before');
  writeWhole(name, 'after');
  expect(readFileSync(name, 'utf8')).toBe('after');
});

test('a link stays one, and what it leads to is replaced', () => {
  writeFileSync(at('a.csv'), 'before');
  symlinkSync(at('a.csv'), at('link.csv'));
  symlinkSync(at('none.csv'), at('dangling.csv'));
  writeWhole(at('link.csv'), 'after');
  writeWhole(at('dangling.csv'), 'new');
  expect(['a.csv', 'none.csv'].map((name) => readFileSync(at(name), 'utf8'))).toEqual(['after', 'new']);
  expect(readdirSync(folder)).toEqual(['a.csv', 'dangling.csv', 'link.csv', 'none.csv']);
});

test('where it cannot be written, the file of before is there, and nothing beside it', () => {
  writeFileSync(at('a.csv'), 'before');
  disk.isFull = true;
  expect(() => writeWhole(at('a.csv'), 'after')).toThrow('the disk is full');
  expect(readFileSync(at('a.csv'), 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['a.csv']);
  expect(() => writeWhole(at('none/a.csv'), 'after')).toThrow(Problem);
  expect(existsSync(at('none'))).toBe(false);
});

// Root may write what is only to be read.
test.skipIf(process.getuid?.() === 0)('a file that may only be read is refused', () => {
  writeFileSync(at('a.csv'), 'before');
  chmodSync(at('a.csv'), 0o444);
  expect(() => writeWhole(at('a.csv'), 'after')).toThrow('you may not do that there');
  expect(readFileSync(at('a.csv'), 'utf8')).toBe('before');
});
