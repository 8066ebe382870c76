// The built `train` and `apply` with a table of numbers.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { random } from '../../../src/tape/random.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { unroll } from '../unroll.ts';

const folder = temporaryFolder('forecast');
const model = join(folder, 'model');

function write(name: string, contents: string): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** A season of a day of 24 hours, with noise. */
function table(rows: number): string {
  const next = random(1);
  const lines = Array.from({ length: rows }, (_, hour) => {
    const at = new Date(Date.UTC(2026, 0, 1, hour)).toISOString().slice(0, 16).replace('T', ' ');
    return `${at},${(15 + 8 * Math.sin((2 * Math.PI * hour) / 24) + next() - 0.5).toFixed(2)}`;
  });
  return ['time,temperature °C', ...lines, ''].join('\n');
}

const numbers = () => write('hours.csv', table(600));

beforeAll(() => {
  const how = ['--hidden', '16', '--epochs', '60', '--threads', '1', '--out', model, '--json'];
  const { stdout, status } = unroll('train', numbers(), '--task', 'forecaster', ...how);
  expect(status).toBe(0);
  const json = JSON.parse(stdout);
  expect(json).toMatchObject({
    task: 'forecaster',
    metric: { name: 'NRMSE', unit: '', lowerIsBetter: true },
    lossUnit: 'bits per number',
    rows: { train: 540, heldOut: 60, skipped: 0, empty: 0 },
  });
  expect(json.metrics['coverage of 80 % intervals']).toBeGreaterThan(0.5);
  const value = (name: string) => json.baselines.find((each: { name: string }) => each.name === name).value;
  expect(json.metric.value).toBeLessThan(value('last value'));
});

test('the next rows are written, with their times and intervals', () => {
  const out = join(folder, 'next.csv');
  const { stderr, status } = unroll('apply', model, numbers(), '--steps', '24', '--out', out);
  expect({ stderr, status }).toEqual({
    stderr: 'After 600 rows, 24 more are expected, with intervals that are to hold 80 %.\n',
    status: 0,
  });
  const [header, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n');
  expect(header).toBe('time,temperature °C,temperature °C lower,temperature °C upper');
  expect(lines).toHaveLength(24);
  for (const [index, line] of lines.entries()) {
    const [time, value, lower, upper] = line.split(',');
    expect(time).toBe(`2026-01-26 ${String(index).padStart(2, '0')}:00`);
    const expected = 15 + 8 * Math.sin((2 * Math.PI * (600 + index)) / 24);
    expect(Math.abs(Number(value) - expected)).toBeLessThan(3);
    expect(Number(lower)).toBeLessThan(Number(upper));
  }
});

test('months without signs go on as months', () => {
  const rows = Array.from({ length: 12 }, (_, month) => `${202401 + month},${10 + month}`);
  const months = write('months.csv', ['month,temperature °C', ...rows, ''].join('\n'));
  const { stdout } = unroll('apply', model, months, '--steps', '2');
  expect(stdout.split('\n').map((line) => line.split(',')[0])).toEqual(['month', '202501', '202502', '']);
});

test('a model that reads more than it writes forecasts one row, in the digits that its column needs', () => {
  const rows = Array.from({ length: 120 }, (_, t) => `${(1e9 + Math.sin(t / 3)).toFixed(4)},${t % 7}`);
  const file = write('two.csv', ['level,day of week', ...rows, ''].join('\n'));
  const out = join(folder, 'two');
  const how = [
    '--task',
    'forecaster',
    '--writes',
    'level',
    '--hidden',
    '8',
    '--epochs',
    '20',
    '--threads',
    '1',
  ];
  const trained = unroll('train', file, ...how, '--out', out);
  expect(trained.stderr).toContain('Only the next row can be forecast, since `day of week` is read');
  const { stdout, stderr, status } = unroll('apply', out, file);
  expect({ stderr, status }).toEqual({
    stderr: 'After 120 rows, 1 more is expected, with intervals that are to hold 80 %.\n',
    status: 0,
  });
  expect(stdout).toMatch(/^level,level lower,level upper\n(\d+(\.\d{1,8})?,?){3}\n$/);
  const [lower, upper] = stdout.trimEnd().split(',').slice(-2).map(Number);
  expect(lower).toBeLessThan(upper);
  expect(unroll('apply', out, file, '--steps', '2').stderr).toContain(
    'This model reads `day of week` and does not write it, so that nothing can be forecast but the next row.',
  );
});

test('the same seed gives the same intervals, and a wider share wider ones', () => {
  const run = (...more: string[]) => unroll('apply', model, numbers(), '--steps', '3', ...more).stdout;
  expect(run('--seed', '2')).toBe(run('--seed', '2'));
  expect(run('--seed', '2')).not.toBe(run('--seed', '3'));
  const width = (text: string) => {
    const [, , lower, upper] = text.split('\n')[1].split(',').map(Number);
    return upper - lower;
  };
  expect(width(run('--interval', '95'))).toBeGreaterThan(width(run('--interval', '50')));
});

test.each([
  [['--steps', '0'], '--steps takes a whole number from 1 to 100000, not "0".'],
  [['--interval', '100'], '--interval takes a number below 100.'],
])('%j is answered with a sentence', (more, message) => {
  const { stderr, status } = unroll('apply', model, numbers(), ...more);
  expect({ stderr, status }).toEqual({ stderr: `unroll: ${message}\n`, status: 1 });
});

test('a table that is none, or lacks a column, is answered with a sentence', () => {
  expect(unroll('apply', model, write('text.txt', 'just words\n')).stderr).toContain(
    'is no table of numbers',
  );
  expect(unroll('apply', model, write('other.csv', 'time,rain\n1,2\n2,3\n')).stderr).toContain(
    'The table has no column `temperature °C`',
  );
  const words = write('words.csv', 'name,place\na,b\nc,d\n');
  expect(unroll('train', words, '--task', 'forecaster').stderr).toContain(
    'No column of the table holds numbers',
  );
  expect(unroll('sample', model).stderr).toContain(
    'This model is a forecaster, which reads numbers and no text.',
  );
  expect(unroll('train', words, '--task', 'forecaster', '--held-out', words).stderr).toContain(
    'A forecaster holds out the newest rows of its table',
  );
});
