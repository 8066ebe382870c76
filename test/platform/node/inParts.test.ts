// Node's own functions are called for few bytes at a time, as they are for the 2 GiB and more of a large checkpoint.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { hashInParts, readInParts, writeInParts } from '../../../src/platform/node/inParts.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

vi.mock(import('node:fs'), { spy: true });

const path = join(temporaryFolder('in-parts'), 'file');
const bytes = Uint8Array.from({ length: 10 }, (_, index) => index);
const most = 4;

beforeEach(() => vi.clearAllMocks());

function opened<T>(flags: string, use: (file: number) => T): T {
  const file = openSync(path, flags);
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** Returns the number of bytes of each call, the argument after that of the place in the array. */
const lengths = ({ mock }: { readonly mock: { readonly calls: readonly (readonly unknown[])[] } }) =>
  mock.calls.map((call) => Number(call[3]));

test.each([
  ['from where it stands', null, 0],
  ['from a place', 3, 3],
])('a file is read %s, as far as it goes', (_, position, from) => {
  writeFileSync(path, bytes);
  const into = new Uint8Array(12);
  const length = opened('r', (file) => readInParts(file, into, position, most));
  expect(into.subarray(0, length)).toEqual(bytes.subarray(from));
  expect(Math.max(...lengths(vi.mocked(fs.readSync)))).toBe(most);
});

test('a file is written whole', () => {
  opened('w', (file) => writeInParts(file, bytes, most));
  expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
  expect(lengths(vi.mocked(fs.writeSync))).toEqual([4, 4, 2]);
});

test('a digest is that of the whole', () => {
  const hash = createHash('sha256');
  const update = vi.spyOn(hash, 'update');
  hashInParts(hash, bytes, most);
  expect(update.mock.calls.map(([part]) => part.length)).toEqual([4, 4, 2]);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('parts are small enough for Node by default', () => {
  // The memory of such an array is taken by what is written into it alone, and nothing is.
  const large = new Uint8Array(2 ** 31);
  expect(() => createHash('sha256').update(large)).toThrow();
  writeFileSync(path, bytes);
  expect(() => opened('r', (file) => fs.readSync(file, large, 0, large.length, null))).toThrow(
    /out of range/,
  );
  expect(opened('r', (file) => readInParts(file, large, null))).toBe(bytes.length);
  expect(large.subarray(0, bytes.length)).toEqual(bytes);
});
