// The built command line says how it is called.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { usage } from '../../src/cli/usage.ts';
import { version } from '../../src/version.ts';
import { root } from '../host/tools.ts';
import { temporaryIn } from '../leftovers.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli, env, unroll } from './unroll.ts';

const folder = temporaryFolder('usage');

test.each([[['--help']], [['-h']], [['help']]])('%j: all commands, on the standard output', (args) => {
  const { stdout, stderr, status } = unroll(...args);
  expect([stderr, status]).toEqual(['', 0]);
  for (const command of [
    'train',
    'apply',
    'sample',
    'export',
    'import',
    'evaluate',
    'trace',
    'check',
    'dynamics',
  ])
    expect(stdout).toMatch(new RegExp(`^ {2}unroll ${command} `, 'm'));
});

test('docs/command-line.md has all commands with their options, as the help has', () => {
  const page = readFileSync(join(root, 'docs/command-line.md'), 'utf8');
  const [, block] = page.match(/^```\n(unroll .*?)^```$/ms)!;
  expect(block).toBe(usage(null).replace('Usage:\n', '').replace(/^ {2}/gm, ''));
  for (const option of ['--help', '--version']) expect(page).toContain(option);
});

test.each(['train', 'apply', 'sample', 'export', 'import', 'evaluate', 'trace', 'check', 'dynamics'])(
  'the help of %s has every option that it takes',
  (command) => {
    const [path] = globSync(`src/cli/{,${command}/}${command}.ts`, { cwd: root });
    const taken = readFileSync(join(root, path), 'utf8').matchAll(/([\w-]+)'?: \{ type: '(string|boolean)'/g);
    const options = [...taken].map(([, name]) => name);
    expect(options).not.toEqual([]);
    for (const option of options) expect(usage(command), option).toMatch(new RegExp(`[[ ]--${option}[\\] ]`));
  },
);

test('the help of a command is about it alone', () => {
  const { stdout, stderr, status } = unroll('trace', '--help');
  expect([stderr, status]).toEqual(['', 0]);
  expect(stdout).toMatch(/^Usage:\n {2}unroll trace .*\n$/);
});

test('the version', () =>
  expect(unroll('--version')).toEqual({ stdout: `${version}\n`, stderr: '', status: 0 }));

test.each([
  [['fly'], "unroll: There is no command 'fly'.\nUsage:\n  unroll train"],
  [[], 'Usage:\n  unroll train'],
  [['check', '--wings'], "unroll: Unknown option '--wings'."],
  [
    ['sample', 'model', '--length', '-1'],
    "unroll: Option '--length' argument is ambiguous. Did you forget to specify the option argument",
  ],
])('%j is refused', (args, said) => {
  const { stdout, stderr, status } = unroll(...args);
  expect([stdout, status]).toEqual(['', 2]);
  expect(stderr.startsWith(said)).toBe(true);
});

test.each([
  ['sample', 'model', 'a', 'prompt'],
  ['export', 'model', 'a', '--out', 'exported'],
  ['evaluate', 'text.txt', 'a'],
  ['trace', 'GRU', 'a'],
  ['check', 'GRU', 'a'],
  ['dynamics', 'GRU', 'a'],
  ['dynamics', '.', 'text.txt', 'a'],
])('%s %s %s %s: what is one argument too many is not left aside', (...args) => {
  const said = 'unroll: "a" is one argument too many: a name with spaces stands in quotation marks.\n';
  expect(unroll(...args)).toEqual({ stdout: '', stderr: said, status: 1 });
});

test.each([
  [['--seconds', '0'], 'In the options: `seconds` is a whole number of seconds from 1 to 10000000, not 0.'],
  [['--tokens', 'letters'], 'In the options: `tokens` is one of auto, characters, words, pieces.'],
])('%j: what is wrong is an option, and no setting', (args, said) => {
  const { stderr, status } = unroll('train', import.meta.filename, ...args);
  expect(stderr).toContain(`unroll: ${said}`);
  expect(status).toBe(1);
});

test.each([
  ['train', import.meta.filename],
  ['apply', 'model', import.meta.filename],
  ['export', 'model'],
  ['import', 'exported'],
])('%s: nothing is written where --out has no value', (...args) => {
  const said = 'unroll: --out names what is to be written, and nothing stands behind it.\n';
  expect(unroll(...args, '--out', '')).toEqual({ stdout: '', stderr: said, status: 1 });
});

test.each([
  [['--counts', '--model', 'model'], '--model and --counts exclude each other: leave one of them out.'],
  [['--seconds', 'soon'], '--seconds takes a number of at least 1, not "soon".'],
])('evaluate %j is refused before anything is done', (args, said) => {
  expect(unroll('evaluate', import.meta.filename, ...args)).toEqual({
    stdout: '',
    stderr: `unroll: ${said}\n`,
    status: 1,
  });
});

test('a held-out file that looks like secrets is not read', () => {
  const secret = join(folder, 'credentials.csv');
  writeFileSync(secret, 'text,label\na,b\n');
  const { stderr, status } = unroll('train', import.meta.filename, '--held-out', secret);
  expect(stderr).toContain('credentials.csv looks like a file with secrets');
  expect(status).toBe(1);
});

test('a text comes from the standard input, and a run ends at SIGTERM with what it has learned', async () => {
  const how = [
    '--hidden',
    '8',
    '--layers',
    '1',
    '--tokens',
    'characters',
    '--seconds',
    '600',
    '--threads',
    '1',
  ];
  const run = spawn(process.execPath, [cli, 'train', '-', ...how, '--out', join(folder, 'piped'), '--json']);
  run.stdin.end(readFileSync(import.meta.filename));
  run.stderr.setEncoding('utf8').on('data', (line: string) => {
    // A second signal would end it at once.
    if (!run.killed && line.includes('update')) run.kill('SIGTERM');
  });
  let stdout = '';
  run.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part;
  });
  const [status] = await once(run, 'close');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ task: 'language model', end: 'stopped' });
  expect(JSON.parse(readFileSync(join(folder, 'piped', 'model.json'), 'utf8'))).toMatchObject({
    provenance: { source: '-', uri: null },
  });
});

test('the result is written where nobody reads what is said on the way', () => {
  const how = ['--hidden', '8', '--layers', '1', '--tokens', 'characters', '--epochs', '2', '--threads', '1'];
  const command = [process.execPath, cli, 'train', import.meta.filename, ...how, '--json'];
  const quoted = command.map((each) => `'${each}'`).join(' ');
  // Standard error is the pipe, and standard output this test's.
  const { stdout } = spawnSync('sh', ['-c', `{ ${quoted} 2>&1 >&3 | true; } 3>&1`], {
    encoding: 'utf8',
    env,
  });
  expect(JSON.parse(stdout)).toMatchObject({ task: 'language model', end: 'budget' });
});

test('options take precedence over what a file says, except for its layers, of which that is said', () => {
  const file = join(folder, 'mine.rnn');
  const cell = 'cell Mine\n  h[t] = tanh(W x[t] + U h[t-1] + b)\nmodel\n  layers = Mine 8\n';
  const train = (epochs: number, ...args: string[]) => {
    writeFileSync(file, `${cell}train\n  seconds = none\n  epochs = ${epochs}\n`);
    return unroll('train', import.meta.filename, '--cell', file, '--threads', '1', '--json', ...args);
  };
  const [one, said] = [train(1), train(3, '--epochs', '1')].map(({ stdout }) => JSON.parse(stdout));
  expect(said.steps).toBe(one.steps);
  expect(JSON.parse(train(3).stdout).steps).toBeGreaterThan(one.steps);
  for (const option of ['--hidden', '--layers'])
    expect(train(1, option, '2')).toEqual({
      stdout: '',
      stderr: `unroll: ${file} says \`layers = Mine 8\`: change that, or leave out --hidden and --layers.\n`,
      status: 1,
    });
});

test('an evaluation that is interrupted says so, and leaves no folder behind', async () => {
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  const run = spawn(process.execPath, [cli, 'evaluate', import.meta.filename, '--counts'], {
    env: { ...env, ...temporaryIn(temporary) },
  });
  let said = '';
  run.stderr.setEncoding('utf8').on('data', (line: string) => {
    said += line;
    if (!run.killed && line.includes('Typing')) run.kill('SIGINT');
  });
  const [status] = await once(run, 'close');
  expect(status).toBe(130);
  expect(said).toMatch(
    /unroll: The evaluation was stopped before its end, so that there are no figures\.\n$/,
  );
  expect(readdirSync(temporary)).toEqual([]);
});

test.each([
  [['--engine', 'foo'], '--engine is auto, wide, narrow or tfjs, not "foo".'],
  [['--threads', '65'], '--threads takes a whole number from 1 to 64, not "65".'],
  [['--threads', '1.5'], '--threads takes a whole number from 1 to 64, not "1.5".'],
])('%j is refused by its name', (options, said) => {
  const text = join(folder, 'engine.log');
  writeFileSync(text, 'All is well.\n'.repeat(50));
  expect(unroll('train', text, ...options)).toEqual({ stdout: '', stderr: `unroll: ${said}\n`, status: 1 });
});
