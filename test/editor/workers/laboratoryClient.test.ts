// Tests the built laboratory in a thread of its own, as the host runs it.
import { expect, test } from 'vitest';
import { builtinCells } from '../../../src/cells/index.ts';
import { examine } from '../../../src/editor/workers/oneRequest.ts';
import type { Examination, Finding, LaboratoryRequest } from '../../../src/protocol/laboratory.ts';
import { start } from '../../worker/trained.ts';

const laboratory = start('laboratory');
const never = new AbortController().signal;

const request = (
  cell: string,
  examination: Examination,
  definition = builtinCells.get(cell)!,
): LaboratoryRequest => ({ definition, source: 'mine.rnn', cell, examination });

test.each<[string, Examination, (finding: Finding) => void]>([
  [
    'LSTM',
    { kind: 'gradients' },
    (finding) => {
      expect(finding).toMatchObject({ kind: 'gradients', agrees: true });
      expect(finding.text).toMatch(/^The gradients of LSTM are right/);
      expect(finding.text).toMatch(/^layers\.1\.U_f +\d\.\de-\d+$/m);
    },
  ],
  [
    'Babylonian',
    { kind: 'trace', symbols: 'aaa', model: null },
    ({ text }) => expect(text).toMatch(/^2 {2}a +1\.416667$/m),
  ],
  [
    'GRU',
    { kind: 'graph', hidden: 6, vocabulary: 9 },
    ({ text }) => {
      expect(text).toMatch(/^A layer of GRU: 6 units, 9 symbols$/m);
      expect(text).toMatch(/^\d+: matmul\(output\.W\) .* : 9$/m);
      expect(text).toMatch(/^\d+: weightGradient\(layers\.0\.U_g\)/m);
    },
  ],
])('%s: %o', async (cell, examination, check) => {
  const finding = await examine(laboratory, request(cell, examination), never);
  expect(finding!.kind).toBe(examination.kind);
  check(finding!);
});

const pair = 'cell A\n  h[t] = tanh(W x[t])\n\ncell B\n  h[t] = tanh(W z[t])\n';

test('a cell is examined beside one that is unfinished', async () => {
  const finding = await examine(laboratory, request('A', { kind: 'gradients' }, pair), never);
  expect(finding).toMatchObject({ agrees: true });
});

test.each<[string, string, string]>([
  ['B', pair, 'mine.rnn has a mistake in line 5: `z[t]` has no equation'],
  ['C', pair, 'mine.rnn has no cell `C`: name `A` or `B`, or write it.'],
])('%s is a failure with a sentence', async (cell, definition, sentence) => {
  await expect(examine(laboratory, request(cell, { kind: 'gradients' }, definition), never)).rejects.toThrow(
    sentence,
  );
});

test('gradients that are no numbers are said', async () => {
  const definition = 'cell A\n  h[t] = log(W x[t] - 9)\n';
  const finding = await examine(laboratory, request('A', { kind: 'gradients' }, definition), never);
  expect(finding).toMatchObject({ agrees: false, sentence: expect.stringMatching(/are not numbers/) });
});

test('cancelled, it gives nothing', async () => {
  // The cell is wide enough to take longer than anyone waits.
  const wide = 'cell A\n  p[t] = tanh(W x[t] + U p[t-1])\n  h[t] = V p[t]\n  width p = 4000\n';
  const abort = new AbortController();
  const finding = examine(laboratory, request('A', { kind: 'gradients' }, wide), abort.signal);
  abort.abort();
  expect(await finding).toBeNull();
  expect(await examine(laboratory, request('A', { kind: 'gradients' }, wide), abort.signal)).toBeNull();
});

test('a worker that cannot be loaded is a failure with a sentence', async () => {
  await expect(examine(start('none'), request('GRU', { kind: 'gradients' }), never)).rejects.toThrow(
    'The laboratory failed',
  );
});
