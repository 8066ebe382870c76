// When a run's disk fails, the training goes on in memory, and what is said is true.
import { expect, test } from 'vitest';
import { Problem } from '../../src/protocol/problem.ts';
import { readModel, readRun } from '../../src/store/modelFolder.ts';
import { tinyRun } from '../soak/targets/store/tinyRun.ts';
import { MemoryFiles, observed } from '../store/memoryFiles.ts';

const directory = '/models/one';
const fresh = () => new MemoryFiles([['/models', 'directory']]);

/** Returns files on a disk that is full while `state.full` is set. */
function disk(files: MemoryFiles) {
  const state = { full: false };
  const failing = observed(files, (operation, path) => {
    if (state.full && operation === 'write')
      throw Object.assign(new Error(`ENOSPC: no space left on device, write '${path}'`), { code: 'ENOSPC' });
  });
  return { state, failing };
}

test('a disk that is full for a while costs nothing but a note', async () => {
  const files = fresh();
  const { state, failing } = disk(files);
  let writes = 0;
  const withRoom = observed(failing, (operation) => {
    // The manifest of each save is the last of its writes.
    if (operation === 'write') state.full = ++writes > 2 && writes < 5;
  });
  const { notes, result } = await tinyRun(withRoom, directory, 'GRU');
  expect(notes).toEqual([
    'The model could not be kept: the disk is full. Free some space on it. The training goes on, and tries again. Nothing of this run has been kept.',
    'The model can be kept again.',
  ]);
  expect(result.end).toBe('budget');
  expect(readRun(files, directory).earlier).toMatchObject({
    finished: true,
    history: { status: { result } },
  });
});

test.each([
  [null, 'Nothing of this run has been kept.'],
  ['LSTM', `The model that was in ${directory} before is as it was.`],
])('a disk that stays full ends the run of a folder with %s in a sentence', async (before, kept) => {
  const files = fresh();
  if (before) await tinyRun(files, directory, before);
  const old = [...files.entries];
  const { state, failing } = disk(files);
  // Nothing works but what is tried before the run begins.
  const filling = observed(failing, (operation) => {
    if (operation === 'rename' || operation === 'sync') state.full = true;
  });
  const failure = await tinyRun(filling, directory, 'GRU').catch((error: Error) => error);
  expect(failure).toBeInstanceOf(Problem);
  expect((failure as Problem).message).toBe(
    `The training has ended, but its model could not be kept: the disk is full. Free some space on it. ${kept}`,
  );
  if (before) expect([...files.entries]).toEqual(old);
  else expect(files.entries.has(directory)).toBe(false);
});

test('a disk that is full from the start is said before the training begins', async () => {
  const files = fresh();
  const { state, failing } = disk(files);
  state.full = true;
  let updates = 0;
  const failure = tinyRun(failing, directory, 'GRU', { saved: () => updates++ });
  await expect(failure).rejects.toThrow(
    `The model could not be kept in ${directory}: the disk is full. Free some space on it.`,
  );
  expect(updates).toBe(0);
});

test('a run that is cut short before anything was kept leaves the model of before, which goes on', async () => {
  const files = fresh();
  await tinyRun(files, directory, 'LSTM');
  // The second cell has other arrays, beside which a checkpoint of the first could not go on.
  let operations = 0;
  const cut = observed(files, (operation) => {
    if (operation === 'rename' && ++operations === 2) throw new Error('Killed');
  });
  await expect(tinyRun(cut, directory, 'GRU')).rejects.toThrow('Killed');
  expect(readModel(files, directory).manifest.architecture.layers[0].cell).toBe('LSTM');
  expect((await tinyRun(files, directory, null)).result.end).toBe('budget');
});
