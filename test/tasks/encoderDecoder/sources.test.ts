// Encoder-decoders that write for a category or for numbers, and those that cannot be trained.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEncoderDecoder, readRun } from '../../../src/store/modelFolder.ts';
import { random } from '../../../src/tape/random.ts';
import { openEncoderDecoder } from '../../../src/tasks/encoderDecoder/open.ts';
import { Controls } from '../../../src/training/controls.ts';
import { run } from '../../../src/worker/run.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { trainRequest } from '../../worker/trained.ts';
import { asPairs, engine, platform, RunRecord, settings, table } from './setting.ts';

const folder = temporaryFolder('encoder-decoder-sources');
const record = new RunRecord();
const source = table(500, 1);
const request = (more: object) => trainRequest(source, join(folder, 'model'), settings, more);

test('one of many texts is written for a category, which is judged by the loss', async () => {
  const next = random(3);
  const rows = Array.from({ length: 300 }, () => {
    const kind = Math.floor(next() * 2);
    const letters = Array.from(
      { length: 3 + Math.floor(next() * 5) },
      () => 'abxy'[2 * kind + Math.floor(next() * 2)],
    );
    return `${['first', 'second'][kind]}\t${letters.join('')}`;
  });
  const documents = [['kind\tname', ...rows].join('\n')];
  const directory = join(folder, 'categories');
  const quick = { ...settings, 'train.epochs': 8 };
  await run(
    { ...request({ documents, task: asPairs, settings: quick }), directory },
    platform,
    Controls.none(),
    record,
  );
  expect(record.start.metric).toBeNull();
  expect(record.start.layers).toBe('DecoderGRU 32');
  const stored = readEncoderDecoder(platform.files, directory);
  expect(stored.pairs.source).toEqual({ kind: 'category', categories: ['first', 'second'] });
  // A letter is one of two, and a name ends somewhere.
  expect(record.result.validationLoss).toBeLessThan(1.6);
  const model = openEncoderDecoder(engine, { ...stored, longest: stored.pairs.longest });
  for (const { text } of model.rewrite('first').rewritings) expect(text).toMatch(/^[ab]*$/);
  for (const { text } of model.rewrite('second').rewritings) expect(text).toMatch(/^[xy]*$/);
  expect(model.rewrite('third')).toEqual({ rewritings: [], unseen: ['third'] });
  model.dispose();
});

test('texts are written for numbers, also for some that the training never saw', async () => {
  const next = random(4);
  const rows = Array.from({ length: 300 }, () => {
    const size = next() * 20 - 10;
    const letters = Array.from(
      { length: 3 + Math.floor(next() * 5) },
      () => (size > 0 ? 'ab' : 'xy')[Math.floor(next() * 2)],
    );
    return `${size.toFixed(2)}\t${letters.join('')}`;
  });
  const documents = [['size\tname', ...rows].join('\n')];
  const directory = join(folder, 'numbers');
  const quick = { ...settings, 'train.epochs': 8 };
  await run(
    { ...request({ documents, task: asPairs, settings: quick }), directory },
    platform,
    Controls.none(),
    record,
  );
  expect(record.start.metric).toBeNull();
  const stored = readEncoderDecoder(platform.files, directory);
  expect(stored.pairs.source).toMatchObject({ kind: 'numbers', standardisation: [{}] });
  // A letter is one of two, and a name ends somewhere.
  expect(record.result.validationLoss).toBeLessThan(1.6);
  const model = openEncoderDecoder(engine, { ...stored, longest: stored.pairs.longest });
  for (const { text } of model.rewrite('7.3').rewritings) expect(text).toMatch(/^[ab]*$/);
  for (const { text } of model.rewrite('-12').rewritings) expect(text).toMatch(/^[xy]*$/);
  expect(model.rewrite('big')).toEqual({ rewritings: [], unseen: ['big'] });
  expect(model.align('7.3', 'ab')).toBeNull();
  model.dispose();
  const { request: again, earlier } = readRun(platform.files, directory);
  expect(earlier.vocabularies!.source).toEqual(stored.pairs.source);
  await run(
    { ...again, settings: { ...quick, 'train.epochs': 9 } },
    platform,
    Controls.none(),
    record,
    earlier,
  );
  expect(record.result.validationLoss).toBeLessThan(1.6);
});

describe('what cannot be trained is refused', () => {
  const rows = (target: (row: number) => string) =>
    ['from,to', ...Array.from({ length: 30 }, (_, row) => `text ${row},${target(row)}`)].join('\n');
  test.each<[string, object, string]>([
    ['a text', { documents: ['Once upon a time. '.repeat(90)] }, 'This is no table of texts'],
    [
      'targets that are all the same',
      { documents: [rows(() => 'a')], task: { ...asPairs, writes: 'to' } },
      'All rows have the same',
    ],
    [
      'targets that are their sources',
      { documents: [rows((row) => `text ${row}`)] },
      'so that there is nothing to learn: name another column',
    ],
    ['a column that is not there', { task: { ...asPairs, writes: 'sound' } }, 'has no column `sound`'],
    ['two tables', { documents: ['a,b\n', 'a,b\n'] }, 'these are 2: name one'],
    ['a backward direction', { settings: { 'model.direction': 'backward' } }, 'leave out `model.direction`'],
    [
      'a decoder that reads both ways',
      { settings: { 'model.layers': 'both GRU 8' } },
      '`model.encoder` may read both ways',
    ],
    ['tied outputs', { settings: { 'model.tied': true, 'model.embedding': 128 } }, 'cannot be tied'],
    ['words', { settings: { 'model.tokens': 'words' } }, 'reads and writes characters'],
    ['a pool', { settings: { 'model.pool': 'mean' } }, 'leave out `model.pool`'],
  ])('%s', async (_, more, sentence) => {
    const asked = { ...request({ task: asPairs, ...more }), directory: join(folder, 'refused') };
    await expect(run(asked, platform, Controls.none(), record)).rejects.toThrow(sentence);
  });
});
