import { describe, expect, test } from 'vitest';
import {
  comparisonCsv,
  comparisonMarkdown,
  labels,
  type Order,
  type Row,
  sorted,
} from '../../../media/panel/comparison.ts';
import { emptyPoints, type RunSnapshot } from '../../../src/protocol/run.ts';
import { longRun } from '../../host/panelPage.ts';

const { start } = longRun(1);
const run = (title: string, layers: string | null, date = '2026-01-01T12:00:00.000Z'): RunSnapshot => ({
  title,
  date,
  status: { kind: 'running' },
  start: layers === null ? null : { ...start!, layers },
  progress: null,
  points: emptyPoints(),
});

describe('runs are called by what tells them apart', () => {
  test.each<[string, RunSnapshot[], string[]]>([
    ['their cells', [run('a.log', 'GRU 8'), run('a.log', 'LSTM 8')], ['GRU 8', 'LSTM 8']],
    ['their texts', [run('a.log', 'GRU 8'), run('b.log', 'GRU 8')], ['a.log, GRU 8', 'b.log, GRU 8']],
    [
      'what there is',
      [run('a.log with GRU', 'GRU 8'), run('a.log with Mine', null)],
      ['a.log with GRU, GRU 8', 'a.log with Mine'],
    ],
  ])('%s', (_, runs, expected) => expect(labels(runs)).toEqual(expected));

  test('their times', () => {
    const [first, second] = labels([
      run('a.log', 'GRU 8'),
      run('a.log', 'GRU 8', '2026-01-02T12:00:00.000Z'),
    ]);
    expect(first).toMatch(/^a\.log, GRU 8, .*1/);
    expect(second).not.toBe(first);
  });
});

const row = (label: string, loss: number | null, remark = ''): Row => ({
  label,
  loss,
  tokensPerSecond: 1234.5,
  parameters: 99,
  seconds: loss,
  remark,
});
const rows = [row('b', null, 'No.'), row('c', 2), row('a', 3)];

test.each<[Order, string]>([
  [{ by: 'loss', descending: false }, 'cab'],
  [{ by: 'loss', descending: true }, 'acb'],
  [{ by: 'label', descending: false }, 'abc'],
  [{ by: 'label', descending: true }, 'cba'],
])('sorted by %o, what is not known is last', (order, expected) => {
  expect(
    sorted(rows, order)
      .map(({ label }) => label)
      .join(''),
  ).toBe(expected);
});

test('as CSV and as Markdown', () => {
  expect(comparisonCsv([row('GRU 8, GRU 8', 2)])).toBe(
    'run,bits per character,tokens/s,parameters,seconds,remark\r\n"GRU 8, GRU 8",2.000,1235,99,2.0,\r\n',
  );
  expect(comparisonMarkdown([row('a|b', null, 'No.')])).toBe(
    '| run | bits per character | tokens/s | parameters | seconds | remark |\n' +
      '| --- | ---: | ---: | ---: | ---: | --- |\n' +
      '| a\\|b |  | 1,235 | 99 |  | No. |\n',
  );
});
