import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { isFileError } from '../../../src/store/files.ts';

let directory: string;
const at = (name: string) => join(directory, name);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-files-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isFileError(error)) return error.code;
    throw error;
  }
  return 'none';
}

test('what is written in parts comes back, and its digest is that of the whole', () => {
  nodeFiles.write(at('a'), [Uint8Array.of(1, 2), Uint8Array.of(3)]);
  nodeFiles.sync(at('a'));
  nodeFiles.rename(at('a'), at('b'));
  nodeFiles.sync(directory);
  expect(nodeFiles.read(at('b'), 3)).toEqual(Uint8Array.of(1, 2, 3));
  expect(nodeFiles.list(directory)).toEqual(['b']);
  expect(nodeFiles.stat(at('b'))).toEqual({ kind: 'file', size: 3 });
  const whole = nodeFiles.digest([Uint8Array.of(1, 2, 3)]);
  expect(nodeFiles.digest([Uint8Array.of(1), Uint8Array.of(2, 3)])).toBe(whole);
  nodeFiles.remove(at('b'));
  nodeFiles.remove(at('b'));
  expect(nodeFiles.stat(at('b'))).toBeNull();
});

test('only regular files of a bounded size are read, and none is waited for', () => {
  writeFileSync(at('large'), '1234');
  symlinkSync(at('large'), at('link'));
  mkdirSync(at('folder'));
  expect(codeOf(() => nodeFiles.read(at('large'), 3))).toBe('EFBIG');
  expect(codeOf(() => nodeFiles.read(at('link'), 9))).toBe('ELOOP');
  expect(codeOf(() => nodeFiles.read(at('folder'), 9))).toBe('EISDIR');
  expect(codeOf(() => nodeFiles.read(at('none'), 9))).toBe('ENOENT');
});

test('a file is read by position, through a link too', () => {
  writeFileSync(at('file'), '123456');
  symlinkSync(at('file'), at('link'));
  mkdirSync(at('folder'));
  const file = nodeFiles.open(at('link'));
  const read = new Uint8Array(4);
  expect(file.size).toBe(6);
  expect(file.read(read, 1)).toBe(4);
  expect(Buffer.from(read).toString()).toBe('2345');
  expect(file.read(read, 4)).toBe(2);
  expect(file.read(read, 9)).toBe(0);
  file.close();
  expect(codeOf(() => nodeFiles.open(at('folder')))).toBe('EISDIR');
  expect(codeOf(() => nodeFiles.open(at('none')))).toBe('ENOENT');
});

test('a temporary file has no name, and keeps what is written to it', () => {
  const file = nodeFiles.makeTemporary(at('temporary'));
  expect(nodeFiles.list(directory)).toEqual([]);
  file.append(Uint8Array.of(1, 2, 3));
  file.append(Uint8Array.of(4));
  const read = new Uint8Array(3);
  expect(file.read(read, 1)).toBe(3);
  expect(read).toEqual(Uint8Array.of(2, 3, 4));
  file.close();
  expect(codeOf(() => nodeFiles.makeTemporary(at('none/temporary')))).toBe('ENOENT');
});

test.skipIf(process.platform === 'win32')('a pipe is not waited for', () => {
  execFileSync('mkfifo', [at('pipe')]);
  expect(codeOf(() => nodeFiles.read(at('pipe'), 9))).toBe('EINVAL');
  expect(codeOf(() => nodeFiles.open(at('pipe')))).toBe('EINVAL');
});

test('a folder is made with those above it, and where a file stands it is said', () => {
  nodeFiles.makeDirectory(at('a/b/c'));
  nodeFiles.makeDirectory(at('a/b/c'));
  expect(nodeFiles.stat(at('a/b/c'))?.kind).toBe('directory');
  nodeFiles.removeDirectory(at('a/b/c'));
  writeFileSync(at('file'), '');
  expect(codeOf(() => nodeFiles.makeDirectory(at('file')))).toBe('EEXIST');
  expect(codeOf(() => nodeFiles.makeDirectory(at('file/a')))).toBe('ENOTDIR');
});
