// A command that makes a model leaves no folder behind when there is none.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { inModelDirectory } from '../../src/cli/temporary.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-temporary-'));
  vi.stubEnv('TMPDIR', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const refuse = async (): Promise<never> => {
  throw new Error('refused');
};

test('a temporary folder with a model stays', async () => {
  const made = await inModelDirectory(undefined, async (directory) => {
    writeFileSync(join(directory, 'model.json'), '{}');
    return directory;
  });
  expect(existsSync(join(made, 'model.json'))).toBe(true);
  rmSync(made, { recursive: true });
});

test('an empty one does not', async () => {
  await expect(inModelDirectory(undefined, refuse)).rejects.toThrow('refused');
  expect(readdirSync(folder)).toEqual([]);
});

test('one in which something was written stays when its run fails', async () => {
  const fail = async (directory: string) => {
    writeFileSync(join(directory, 'history.json'), '{}');
    return refuse();
  };
  await expect(inModelDirectory(undefined, fail)).rejects.toThrow('refused');
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a folder that was named stays, even where it is empty', async () => {
  const named = mkdtempSync(join(folder, 'named-'));
  await expect(inModelDirectory(named, refuse)).rejects.toThrow('refused');
  expect(existsSync(named)).toBe(true);
});
