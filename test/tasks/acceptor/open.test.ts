// An acceptor is trained through a run, stored, and opened again on both engines.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import type { RunResult, RunStart } from '../../../src/protocol/run.ts';
import { parseManifest } from '../../../src/store/manifest.ts';
import { readManifest, readModel, readRun } from '../../../src/store/modelFolder.ts';
import { random } from '../../../src/tape/random.ts';
import { openAcceptorFiller } from '../../../src/tasks/acceptor/fill.ts';
import { openAcceptor } from '../../../src/tasks/acceptor/open.ts';
import { Controls } from '../../../src/training/controls.ts';
import { run } from '../../../src/worker/run.ts';
import type { RunListener } from '../../../src/worker/runRecorder.ts';
import { readKernels } from '../../kernels/modules.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { trainRequest } from '../../worker/trained.ts';

const folder = temporaryFolder('acceptor');
const platform = nodePlatform(join(import.meta.dirname, '../../../out'));
let engines: readonly Engine[];
let start: RunStart;
let result: RunResult;

/** Rows of random letters by whether one of them is an x. */
function table(rows: number, seed: number): string {
  const next = random(seed);
  const lines = Array.from({ length: rows }, () => {
    const letters = Array.from({ length: 1 + Math.floor(next() * 20) }, () => 'abcd'[Math.floor(next() * 4)]);
    const has = next() < 0.5;
    if (has) letters[Math.floor(next() * letters.length)] = 'x';
    return `${letters.join('')}\t${has ? 'with' : 'without'}`;
  });
  return ['text\tmeaning', ...lines].join('\n');
}

const listener: RunListener = {
  started(started) {
    start = started;
  },
  paused() {},
  resumed() {},
  progress() {},
  saved() {},
  ended(ended) {
    result = ended;
  },
};

const settings = {
  'model.layers': 'both GRU 12',
  'model.embedding': 8,
  'train.seconds': null,
  'train.epochs': 12,
  'train.batch': 20,
};
const request = (more: object) => trainRequest(table(400, 1), join(folder, 'model'), settings, more);
const asAcceptor = { kind: 'acceptor', reads: null, writes: null, heldOut: null } as const;

beforeAll(async () => {
  const wasm = await startWasm({ read: readKernels, threads: 1, spawn: null });
  engines = [wasm!, (await startTfjs('', 'cpu')).engine];
  await run(request({ task: asAcceptor }), platform, Controls.none(), listener);
});

test('the manifest has the task, the columns, the classes and the pool', () => {
  const { task, table: stored, metric } = readManifest(platform.files, join(folder, 'model'));
  expect(task).toBe('acceptor');
  expect(stored).toEqual({
    format: 'TSV',
    reads: ['text'],
    writes: 'meaning',
    isBare: false,
    classes: ['with', 'without'],
    pool: 'max',
    heldOutApart: false,
  });
  expect(metric!.value).toBeGreaterThan(0.9);
  expect(start.rows!.train + start.rows!.heldOut).toBe(400);
});

test('the manifest of an older model, which does not say whether labels are bare, is read', () => {
  const manifest = readManifest(platform.files, join(folder, 'model'));
  const { isBare: _, ...older } = manifest.table!;
  expect(parseManifest(JSON.stringify({ ...manifest, table: older }))).toEqual(manifest);
});

test('a run ends with what it took for what on the held-out rows, at their lines', () => {
  const { classes, counts, rows, isOfFile } = result.confusion!;
  const lines = table(400, 1).split('\n');
  expect([classes, isOfFile]).toEqual([['with', 'without'], true]);
  expect(counts.reduce((sum, [, , of]) => sum + of, 0)).toBe(start.rows!.heldOut);
  const right = counts.reduce((sum, [target, predicted, of]) => sum + (target === predicted ? of : 0), 0);
  expect(right / start.rows!.heldOut).toBeCloseTo(result.metric!, 10);
  expect(rows.length).toBeGreaterThan(10);
  for (const { line, text, target, predicted } of rows) {
    expect(lines[line - 1]).toBe(`${text}\t${classes[target]}`);
    expect(counts.some(([of, as]) => of === target && as === predicted)).toBe(true);
  }
  const { history } = readRun(platform.files, join(folder, 'model')).earlier;
  expect(history.status).toMatchObject({ result: { confusion: result.confusion } });
});

test('both engines name the classes, in the order of the rows', () => {
  const model = readModel(platform.files, join(folder, 'model'));
  const lines = table(100, 2).split('\n').slice(1);
  const texts = lines.map((line) => line.split('\t')[0]);
  const [found, reference] = engines.map((engine) => {
    const acceptor = openAcceptor(engine, { ...model, classes: model.manifest.table!.classes });
    const classified = acceptor.classify(['', ...texts]);
    acceptor.dispose();
    expect(classified.shift()).toBeNull();
    return classified.map((each) => each!);
  });
  const right = found.filter(({ label }, row) => lines[row].endsWith(`\t${label}`));
  expect(right.length).toBeGreaterThan(90);
  for (const [row, { label, probability }] of found.entries()) {
    expect(probability).toBeGreaterThanOrEqual(0.5);
    expect(probability).toBeLessThanOrEqual(1);
    expect(reference[row].probability).toBeCloseTo(probability, 4);
    if (probability > 0.501) expect(reference[row].label).toBe(label);
  }
});

test('rows are filled in where they have no label, and all are read where that is asked for', async () => {
  const { manifest, ...model } = readModel(platform.files, join(folder, 'model'));
  const filler = openAcceptorFiller(engines[0], { ...model, table: manifest.table! });
  const fill = (head: string, lines: readonly string[], of: 'missing' | 'all' = 'missing') =>
    filler.fill({ head, text: lines.join('\n'), from: 0, to: lines.length }, of, async () => {});
  const lines = ['abxab\t', 'abab\twithout', 'ab\twith', 'cdcd\twitho', 'dd'];
  const { rows, column, problem } = await fill('text\tmeaning', lines);
  expect([column, problem]).toEqual(['meaning', null]);
  expect(rows.map(({ line, given }) => [line, given])).toEqual([
    [0, ''],
    [3, 'witho'],
  ]);
  expect(rows[0]).toMatchObject({
    candidates: [{ value: 'with', text: 'with' }],
    cell: { from: { line: 0, character: 6 }, to: { line: 0, character: 6 } },
  });
  expect(rows[0].candidates[0].probability).toBeGreaterThan(0.9);
  expect(rows[1].candidates).toMatchObject([{ value: 'without', text: 'without' }]);
  expect((await fill('text\tmeaning', lines, 'all')).rows.map(({ line }) => line)).toEqual([0, 1, 2, 3]);
  const text = await fill('', ['abxab', '', 'abab'], 'all');
  expect(text.problem).toContain('This is no table with the columns `text`, `meaning`');
  expect(text.rows.map(({ line, cell, candidates: [{ value }] }) => [line, cell, value])).toEqual([
    [0, null, 'with'],
    [2, null, 'without'],
  ]);
  const passage = { head: 'text\tmeaning', text: 'ab\tx\nabxab\t', from: 1, to: 2 };
  const { value, tokens } = filler.evidence!(passage)!;
  expect([value, tokens.map(({ from, to }) => [from.line, from.character, to.character])]).toEqual([
    'with',
    [0, 1, 2, 3, 4].map((character) => [1, character, character + 1]),
  ]);
  // The x is what makes the class.
  expect(Math.max(...tokens.map(({ attribution }) => attribution))).toBe(tokens[2].attribution);
  expect(filler.evidence!({ ...passage, from: 5, to: 6 })).toBeNull();
  expect((await fill('n\tmeaning', ['1\t'])).problem).toContain('The table has no column `text`');
  expect((await fill('text\tn', ['ab\t1'])).problem).toContain('no column `meaning` to fill in: add one');
  filler.dispose();
});

test('a run goes on from disk as what it was', async () => {
  const { request: stored, earlier } = readRun(platform.files, join(folder, 'model'));
  expect(stored.task).toEqual({ kind: 'acceptor', reads: ['text'], writes: 'meaning', heldOut: null });
  const { steps } = await run(stored, platform, Controls.none(), listener, earlier);
  expect(steps).toBeGreaterThan(earlier.checkpoint.step);
});

test('a `.rnn` file may say what its network is for', async () => {
  const definition = 'model\n  layers = GRU 8\n  pool = mean\ntask\n  reads = text\n  writes = meaning';
  const directory = join(folder, 'said');
  await run({ ...request({ definition }), directory }, platform, Controls.none(), listener);
  expect(readManifest(platform.files, directory)).toMatchObject({
    task: 'acceptor',
    table: { reads: ['text'], writes: 'meaning', pool: 'mean' },
  });
});

test('rows of a file of their own are measured on, and not trained on', async () => {
  const directory = join(folder, 'apart');
  const heldOut = `${table(50, 3)}\nabc\tneither\n`;
  const task = { ...asAcceptor, heldOut };
  const result = await run({ ...request({ task }), directory }, platform, Controls.none(), listener);
  expect(start.rows).toEqual({ train: 400, heldOut: 50, skipped: 1, empty: 0 });
  expect(result.learnedHeldOut).toBe(false);
  expect(() => readRun(platform.files, directory)).toThrow('measured on a file of its own');
});

describe('what cannot be trained is refused', () => {
  const many = ['text,label', ...Array.from({ length: 1000 }, (_, row) => `text ${row},label ${row}`)].join(
    '\n',
  );
  const rows = (label: string) => Array.from({ length: 30 }, (_, row) => `text ${row},${label}`);
  test.each<[string, object, string]>([
    ['a text', { documents: ['Once upon a time. '.repeat(90)], task: asAcceptor }, 'This is no table'],
    [
      'a header alone',
      { documents: ['text,label\n'], task: { ...asAcceptor, writes: 'label' } },
      'There are too few rows',
    ],
    [
      'one class',
      { documents: [['text,label', ...rows('a')].join('\n')], task: { ...asAcceptor, writes: 'label' } },
      'All rows have the same',
    ],
    [
      'a thousand classes',
      { documents: [many], task: { ...asAcceptor, writes: 'label' } },
      'has 1000 different labels',
    ],
    [
      'no column of classes',
      { documents: [many], task: asAcceptor },
      'No column looks like classes: name the one to fill in',
    ],
    [
      'a column that is not there',
      { task: { ...asAcceptor, writes: 'class' } },
      'has no column `class`: its columns are `text`, `meaning`',
    ],
    [
      'a column read and written',
      { task: { ...asAcceptor, reads: ['text'], writes: 'text' } },
      'cannot be read, too',
    ],
    [
      'two columns of one name',
      { documents: [['text,a,a', ...rows('x,y')].join('\n')], task: { ...asAcceptor, writes: 'a' } },
      '2 columns `a`',
    ],
    ['two tables', { documents: ['a,b\n', 'a,b\n'], task: asAcceptor }, 'these are 2: name one'],
    [
      'a backward direction',
      { settings: { 'model.direction': 'backward' }, task: asAcceptor },
      'leave out `model.direction`',
    ],
    ['a pool of a language model', { definition: 'model\n  pool = max' }, 'leave out `model.pool`'],
    ['a language model that reads both ways', {}, 'leave out `both`'],
  ])('%s', async (_, more, sentence) => {
    const asked = { ...request(more), directory: join(folder, 'refused') };
    await expect(run(asked, platform, Controls.none(), listener)).rejects.toThrow(sentence);
  });

  test('an acceptor’s manifest without its table', () => {
    const manifest = readManifest(platform.files, join(folder, 'model'));
    const { table: _, ...others } = manifest;
    expect(() => parseManifest(JSON.stringify(others))).toThrow('damaged at `table`');
  });
});

describe('a run that begins with the weights of an earlier one', () => {
  /** The table with a third class, whose rows have a letter that is new. */
  const grown = `${table(400, 1)}\n${Array.from({ length: 40 }, (_, row) => `${'abcd'.slice(0, 1 + (row % 4))}q${row}\tother`).join('\n')}`;
  const short = { ...settings, 'train.epochs': 1 };
  const begin = async (name: string, more: object) => {
    const asked = trainRequest(grown, join(folder, name), short, { task: asAcceptor, ...more });
    const { furtherMetrics } = await run(asked, platform, Controls.none(), listener);
    return furtherMetrics!['network alone'];
  };

  test('knows at once what that one knew, and says so', async () => {
    const anew = await begin('anew', {});
    const again = await begin('again', { begins: join(folder, 'model') });
    expect(start.remarks[0]).toBe(
      'The run begins with the weights of the earlier one, as they were before it learned the held-out rows; one output is new.',
    );
    expect(anew).toBeLessThan(0.8);
    expect(again).toBeGreaterThan(0.9);
  });

  test('begins anew where that one cannot be read, and says why', async () => {
    await begin('lost', { begins: join(folder, 'nowhere') });
    expect(start.remarks[0]).toMatch(
      /^The weights of the earlier run cannot be used, so that this one begins anew\. There is no whole Unroll model/,
    );
  });
});

test('with balanced weights it is judged by the macro F1, beside the baseline’s', async () => {
  const few = { ...settings, 'train.epochs': 1, 'train.classWeights': 'balanced' };
  const balanced = request({ task: asAcceptor, settings: few, directory: join(folder, 'balanced') });
  await run(balanced, platform, Controls.none(), listener);
  expect(start.metric).toMatchObject({ name: 'macro F1', lowerIsBetter: false });
  // One of two classes is never named, so that its F1 is 0.
  expect(start.baselines[0].value).toBeLessThan(0.5);
  expect(result.furtherMetrics!.accuracy).toBeGreaterThan(0);
});

test('class weights without classes have no effect, and that is said', async () => {
  const few = { ...settings, 'model.layers': 'GRU 12', 'train.epochs': 1, 'train.classWeights': 'balanced' };
  await run(request({ settings: few, directory: join(folder, 'text') }), platform, Controls.none(), listener);
  expect(start.remarks).toContain(
    'Only an acceptor has class weights: here `train.classWeights` has no effect.',
  );
});
