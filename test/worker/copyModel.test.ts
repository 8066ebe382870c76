// A model is copied as a whole while a run replaces it.
import { expect, test } from 'vitest';
import { readManifest, readModel, readRun, readText } from '../../src/store/modelFolder.ts';
import { ModelWriter } from '../../src/store/modelWriter.ts';
import { importModel } from '../../src/worker/exchange/importModel.ts';
import { generation } from '../store/generation.ts';
import { MemoryFiles, observed } from '../store/memoryFiles.ts';

const [directory, to] = ['/models/run', '/models/copy'];

function copy(files: MemoryFiles, before: () => void): Promise<string> {
  const platform = {
    files: observed(files, before),
    memoryBytes: 1e9,
    breathe: async () => {},
  };
  const noEngine = () => Promise.reject(new Error('A copy needs no engine.'));
  return importModel(platform, noEngine, directory, to, null);
}

function begun(): { files: MemoryFiles; writer: ModelWriter } {
  const files = new MemoryFiles([['/models', 'directory']]);
  const writer = new ModelWriter(files, directory);
  writer.prepare();
  writer.write(generation({ step: 100 }));
  return { files, writer };
}

test('whichever moment a run saves at, the copy is one of its generations', async () => {
  const steps = new Set<number>();
  let at = 0;
  for (let was = true; was; at++) {
    const { files, writer } = begun();
    let countdown = at;
    await copy(files, () => {
      if (countdown-- === 0) writer.write(generation({ seed: 2, step: 200 }));
    });
    was = countdown < 0;
    const manifest = readManifest(files, to);
    steps.add(manifest.step);
    const { weights } = generation({ seed: manifest.step / 100 });
    expect(readModel(files, to).weights).toEqual(weights);
    readText(files, to, manifest);
    expect(readRun(files, to).earlier.checkpoint.step).toBe(manifest.step);
  }
  expect(at).toBeGreaterThan(10);
  expect([...steps].toSorted()).toEqual([100, 200]);
});

test('what a model works without may be missing, and nothing else of the folder is copied', async () => {
  const { files } = begun();
  const { history } = readManifest(files, directory);
  files.remove(`${directory}/${history}`);
  files.write(`${directory}/tokens.1.0.tmp`, [new Uint8Array(1)]);
  await copy(files, () => {});
  const names = files.list(directory).filter((name) => !name.startsWith('tokens'));
  expect(files.list(to).toSorted()).toEqual(names.toSorted());
  readModel(files, to);
});

test('a model without its weights or its text is no model', async () => {
  for (const part of ['weights', 'text'] as const) {
    const { files } = begun();
    files.remove(`${directory}/${readManifest(files, directory)[part]}`);
    await expect(copy(files, () => {})).rejects.toThrow(/no whole Unroll model/);
    expect(files.stat(to)).toBe(null);
  }
});
