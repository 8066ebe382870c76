// Two windows share a folder of models: whatever one does while the other writes, there is a whole model, or none.
import { describe, expect, test } from 'vitest';
import { type Files, isFileError } from '../../src/store/files.ts';
import { readManifest, readModel, readRun, readText } from '../../src/store/modelFolder.ts';
import { type Generation, ModelWriter } from '../../src/store/modelWriter.ts';
import { generation } from './generation.ts';
import { MemoryFiles, observed } from './memoryFiles.ts';

const directory = '/models/run';

/** Returns the files of two windows, which are the same. */
function windows(): [MemoryFiles, MemoryFiles] {
  const first = new MemoryFiles([['/models', 'directory']], '1.0');
  return [first, Object.assign(new MemoryFiles([], '2.0'), { entries: first.entries })];
}

function expectWhole(files: MemoryFiles): void {
  const manifest = readManifest(files, directory);
  readModel(files, directory);
  readText(files, directory, manifest);
  readRun(files, directory);
}

/**
 * Has a window write, and does something else before one of its operations.
 * @param write calls `begin` before the operations that are counted
 * @returns whether there was that operation
 */
function interrupted(
  files: MemoryFiles,
  at: number,
  write: (files: Files, begin: () => void) => void,
  act: () => void,
): boolean {
  let countdown = Infinity;
  const watched = observed(files, () => {
    if (countdown-- === 0) act();
  });
  try {
    write(watched, () => {
      countdown = at;
    });
  } catch (error) {
    // The other window takes a file that is being written for one that a killed run has left.
    if (!isFileError(error)) throw error;
  }
  return countdown < 0;
}

const states: Record<string, (step: number) => Generation> = {
  // The same run in both windows: of the same seed, it comes to the same weights.
  'the same states': (step) => generation({ seed: step, step }),
  'other states': (step) => generation({ seed: step + 1, step }),
};

describe.each(Object.entries(states))('a run that goes on in two windows, with %s', (_, state) => {
  const own = states['the same states'];

  /** Continues the run in the folder. */
  function goOn(files: Files, steps: readonly number[]): void {
    const writer = new ModelWriter(files, directory);
    writer.prepare(true);
    for (const step of steps) writer.write(state(step));
  }

  test.each([[[200]], [[300]], [[200, 300]], [[300, 200]]])('is whole where the other writes %j', (steps) => {
    let at = 0;
    for (let was = true; was; at++) {
      const [files, other] = windows();
      const write = (watched: Files, begin: () => void) => {
        const writer = new ModelWriter(watched, directory);
        writer.prepare();
        writer.write(own(100));
        begin();
        writer.write(own(200));
      };
      was = interrupted(files, at, write, () => goOn(other, steps));
      expectWhole(files);
    }
    expect(at).toBeGreaterThan(20);
  });

  test('is whole where it is written while the other begins to go on with it', () => {
    // The best state has not become better: the next generation has the weights of the one before.
    let at = 0;
    for (let was = true; was; at++) {
      const [files, other] = windows();
      const writer = new ModelWriter(files, directory);
      writer.prepare();
      const kept = own(100);
      writer.write(kept);
      was = interrupted(
        other,
        at,
        (watched, begin) => {
          begin();
          goOn(watched, [200]);
        },
        () => writer.write({ ...kept, history: { ...kept.history, title: 'Another' } }),
      );
      expectWhole(files);
    }
    expect(at).toBeGreaterThan(20);
  });
});

test('a part that both windows have made stays in its place while only the other’s manifest names it', () => {
  const [files, other] = windows();
  let isFull = false;
  const moved: string[] = [];
  const watched = observed(files, (operation, path) => {
    if (operation === 'rename') moved.push(path);
    if (isFull && operation === 'write' && path.includes('model.json'))
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  });
  const writer = new ModelWriter(watched, directory);
  writer.prepare();
  writer.write(generation({ seed: 100 }));
  const theirs = new ModelWriter(other, directory);
  theirs.prepare(true);
  theirs.write(generation({ seed: 200 }));
  const { weights } = readManifest(files, directory);
  isFull = true;
  for (let save = 0; save < 2; save++) {
    moved.length = 0;
    expect(() => writer.write(generation({ seed: 200 }))).toThrow('full');
    expect(moved.filter((path) => path.endsWith(weights))).toEqual([]);
    expectWhole(files);
  }
  isFull = false;
  writer.write(generation({ seed: 300 }));
  expect(files.list(directory)).not.toContain(weights);
  expectWhole(files);
});
