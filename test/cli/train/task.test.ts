// Tests which task `train` trains for, by its arguments and a `.rnn` file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { taskArgument } from '../../../src/cli/train/task.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { unroll } from '../unroll.ts';

const folder = temporaryFolder('task');
const heldOut = join(folder, 'held-out.csv');
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `item of size ${from + at},${100 + 3 * (from + at)}\n`).join(
    '',
  );
writeFileSync(heldOut, `text,price\n${rows(300, 330)}`);

const definition = (kind: string) => `task\n  kind = ${kind}\n`;
const choose = (values: Readonly<Record<string, string>>, file: string | null) =>
  taskArgument({ secrets: false, ...values }, file);

test.each([
  ['nothing', {}, null, undefined],
  ['a file, which is read elsewhere', {}, definition('regressor'), undefined],
  ['columns alone', { writes: 'a' }, null, { kind: 'acceptor', reads: null, writes: 'a', heldOut: null }],
  ['columns beside a file without a task', { writes: 'a' }, 'model\n  tied = true\n', { kind: 'acceptor' }],
  [
    'columns beside a file',
    { reads: 'a,b', writes: 'c' },
    definition('encoder-decoder'),
    { kind: 'encoder-decoder', reads: ['a', 'b'], writes: 'c' },
  ],
  [
    'columns beside a file of a forecaster',
    { writes: 'a,b' },
    definition('forecaster'),
    { kind: 'forecaster', reads: null, writes: ['a', 'b'] },
  ],
  [
    'a held-out file beside a file',
    { 'held-out': heldOut },
    definition('regressor'),
    { kind: 'regressor', heldOut: expect.stringContaining('price') },
  ],
  ['--task, whatever the file says', { task: 'acceptor' }, definition('regressor'), { kind: 'acceptor' }],
])('%s', async (_, values, file, expected) => {
  const chosen = await choose(values, file);
  if (expected) expect(chosen).toMatchObject(expected);
  else expect(chosen).toBeUndefined();
});

test.each([
  [
    'a held-out file of a forecaster',
    { 'held-out': heldOut },
    definition('forecaster'),
    /A forecaster holds out the newest rows/,
  ],
  [
    'columns of a language model',
    { task: 'language model', writes: 'a' },
    definition('acceptor'),
    /--reads, --writes and --held-out belong/,
  ],
  ['a task that there is not', { task: 'tagger' }, null, /--task is one of language model, /],
])('refuses %s', (_, values, file, sentence) => expect(choose(values, file)).rejects.toThrow(sentence));

test('a held-out file does not change the task that the `.rnn` file names', () => {
  const table = join(folder, 'table.csv');
  const file = join(folder, 'regressor.rnn');
  writeFileSync(table, `text,price\n${rows(0, 300)}`);
  writeFileSync(
    file,
    'model\n  layers = GRU 8\n\ntask\n  kind = regressor\n  reads = text\n  writes = price\n',
  );
  const how = ['--cell', file, '--held-out', heldOut, '--epochs', '1', '--threads', '1', '--json'];
  const { stdout, stderr, status } = unroll('train', table, ...how);
  expect(stderr).not.toContain('labels');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ task: 'regressor', metric: { name: 'RMSE' } });
});
