import { expect, test } from 'vitest';
import { readManifest, readModel, readRun, readText } from '../../src/store/modelFolder.ts';
import { longText, text, tinyRun } from '../soak/targets/store/tinyRun.ts';
import { MemoryFiles, observed } from '../store/memoryFiles.ts';

const directory = '/models/one';

const filesWith = (contents: string) =>
  new MemoryFiles([
    ['/models', 'directory'],
    [longText.path, new TextEncoder().encode(contents)],
  ]);

const inBlocks = { isLong: true };

test('a run in blocks comes to the same weights as one on the same text in memory', async () => {
  const [long, short] = [filesWith(text), filesWith('')];
  const { result } = await tinyRun(long, directory, 'GRU', inBlocks);
  const whole = await tinyRun(short, directory, 'GRU');
  expect(result.validationLoss).toBe(whole.result.validationLoss);
  expect(result.steps).toBe(whole.result.steps);
  expect(readModel(long, directory).weights).toEqual(readModel(short, directory).weights);
});

test('of its text, the end is kept with the length and the digest', async () => {
  const files = filesWith(text);
  await tinyRun(files, directory, 'GRU', inBlocks);
  const manifest = readManifest(files, directory);
  expect(manifest.provenance.characters).toBe(text.length);
  expect(manifest.provenance.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(readText(files, directory, manifest)).toBe(text.slice(-200));
});

test('what becomes of the file once it is read is all the same to the run', async () => {
  const files = filesWith(text);
  const gone = observed(files, (operation) => {
    if (operation === 'sync') files.entries.delete(longText.path);
  });
  const { result } = await tinyRun(gone, directory, 'GRU', inBlocks);
  expect(files.entries.has(longText.path)).toBe(false);
  expect(result.end).toBe('budget');
});

test('a run goes on with its text, and with no other one', async () => {
  const files = filesWith(text);
  await tinyRun(files, directory, 'GRU', inBlocks);
  const { step } = readRun(files, directory, [longText]).earlier.checkpoint;
  await tinyRun(files, directory, null, inBlocks);
  expect(readRun(files, directory, [longText]).earlier.checkpoint.step).toBe(2 * step);
  const before = [...files.entries];

  files.entries.set(longText.path, new TextEncoder().encode(text.replace('well', 'lost')));
  await expect(tinyRun(files, directory, null, inBlocks)).rejects.toThrow(
    'The text is another one than this run has been trained on',
  );
  files.entries.delete(longText.path);
  await expect(tinyRun(files, directory, null, inBlocks)).rejects.toThrow(
    `There is no file ${longText.path} that can be read.`,
  );
  files.entries.set(longText.path, before.find(([path]) => path === longText.path)![1]);
  expect([...files.entries].sort()).toEqual(before.sort());
  expect(() => readRun(files, directory)).toThrow(
    'Only the end of the text of this run is kept, and a.log cannot be read again: the run cannot go on.',
  );
});

test('a run that is stopped while its text is read ends with a sentence, and leaves no folder', async () => {
  const files = filesWith(text);
  await expect(tinyRun(files, directory, 'GRU', { ...inBlocks, stopped: true })).rejects.toThrow(
    'The training was stopped while its text was read: nothing has been learned.',
  );
  expect(files.entries.has(directory)).toBe(false);
});
