// A model is removed in one window while another one writes its next generation.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isBeingRemoved, removeFolder } from '../../../src/editor/models/removeFolder.ts';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { readManifest, readModel, readText } from '../../../src/store/modelFolder.ts';
import { ModelWriter } from '../../../src/store/modelWriter.ts';
import { generation } from '../../store/generation.ts';

/** Called when the manifest of a folder has been removed, and its other files not yet. */
let meanwhile: () => void;

// The files that are there at the beginning are removed one by one, as Node does it, and what comes later stays.
vi.mock('node:fs/promises', async (original) => {
  const actual = await original<{ rm: typeof rm }>();
  const stepwise: typeof rm = async (path, options) => {
    let files: string[] = [];
    try {
      files = readdirSync(String(path)).sort();
    } catch {
      return;
    }
    for (const file of files) {
      await actual.rm(join(String(path), file), options);
      if (file === 'model.json') meanwhile();
    }
    if (readdirSync(String(path)).length === 0) await actual.rm(path, options);
  };
  return { ...actual, rm: stepwise };
});

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unroll-remove-'));
  directory = join(root, 'model');
});
afterEach(() => rmSync(root, { recursive: true }));

test('what is written meanwhile is a whole model', async () => {
  const writer = new ModelWriter(nodeFiles, directory);
  writer.prepare();
  writer.write(generation({ step: 100 }));
  meanwhile = () => writer.write(generation({ step: 200, seed: 2 }));
  await removeFolder(directory);
  expect(readdirSync(root)).toEqual(['model']);
  expect(readModel(nodeFiles, directory).manifest.step).toBe(200);
  expect(readText(nodeFiles, directory, readManifest(nodeFiles, directory))).toBe(generation().text);
});

test('nothing is left, also of one that a killed window has not removed', async () => {
  meanwhile = () => {};
  for (const folder of [directory, `${directory}.removed`]) {
    const writer = new ModelWriter(nodeFiles, folder);
    writer.prepare();
    writer.write(generation());
  }
  expect(readdirSync(root).map(isBeingRemoved)).toEqual([false, true]);
  await removeFolder(directory);
  expect(readdirSync(root)).toEqual([]);
});
