// npm run bench -- exchange [--json FILE] [--only CELL]…
//
// Holds the exchange with PyTorch to its claims, for every built-in cell: the same probabilities along a text, the
// same bits per character after three epochs of two processes, and a run that is killed and goes on. Debian's
// python3-torch is installed where there is apt-get; elsewhere a sentence says that nothing was tried.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../src/cells/index.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { readCells } from '../../src/language/check.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { readManifest } from '../../src/store/modelFolder.ts';
import { readSafetensorsFile } from '../../src/store/safetensors.ts';
import { random } from '../../src/tape/random.ts';
import { exportPytorch } from '../../src/worker/exportPytorch.ts';
import { importPytorch } from '../../src/worker/importPytorch.ts';
import { cellOf } from '../soak/targets/cells/grammar.ts';
import { writeRandomModel } from '../worker/randomModel.ts';

interface Row {
  readonly name: string;
  readonly value: number;
  /** What the value may be at most; at least, where more is better: of option sets, and the update of a resumed run. */
  readonly bound: number;
  readonly holds: boolean;
}

const { values: options } = parseArgs({
  args: process.argv.slice(2),
  options: { json: { type: 'string' }, only: { type: 'string', multiple: true } },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const root = new URL('../../', import.meta.url);

/** The steps along which probabilities are compared; many random cells are chaotic, and magnify any rounding. */
const steps = { builtin: 400, random: 40 };

const findPython = () =>
  ['python3', '/usr/bin/python3'].find(
    (command) => spawnSync(command, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
  );

function installPython(): string | undefined {
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  say('Installing python3-torch.');
  return apt('update') && apt('install', '-y', '--no-install-recommends', 'python3-torch')
    ? findPython()
    : undefined;
}

const python = findPython() ?? installPython();
if (python === undefined) {
  say('Nothing was tried: no python3 here has torch, and apt-get cannot install Debian’s python3-torch.');
  process.exit(0);
}

/**
 * The command line of train.py in two processes. Python 3.11 does not know how PyTorch 1.13 says that nothing is
 * redirected; a rank that there is not is redirected instead.
 */
const torchrun = (...args: string[]) => [
  ...['-m', 'torch.distributed.run', '--redirects', '9:3', '--tee', '9:3'],
  ...['--standalone', '--nproc_per_node', '2', 'train.py', ...args],
];

/** Options with which a small text has several updates, and rectified units do not explode. */
const quick = ['--batch', '8', '--k1', '25', '--k2', '25', '--learning-rate', '0.002'];

const env = { ...process.env, OMP_NUM_THREADS: '1' };
const text = readFileSync(new URL('README.md', root), 'utf8').slice(0, 12_000);
const tokenizer = new Tokenizer('characters', Vocabulary.of(text), []);
const engine = (await startWasm({
  read: async (build) => readFileSync(new URL(`out/kernels/${build}.wasm`, root)),
  threads: 1,
  spawn: null,
}))!;
const generated = randomCells(options.only ? 0 : 40);
const names = [...builtinCells.keys()].filter((name) => options.only?.includes(name) ?? true);
const folder = mkdtempSync(join(tmpdir(), 'unroll-exchange-'));
const rows: Row[] = [];
const add = (name: string, value: number, bound: number, holds = value <= bound) => {
  rows.push({ name, value, bound, holds });
  say(`${holds ? 'holds ' : 'FALLS SHORT'} ${name.padEnd(60)} ${value.toPrecision(3)} (${bound})`);
};
const at = (directory: string) => ({ files: nodeFiles, directory });
const exported = (name: string) => join(folder, `${name}-pytorch`);

/** Cells that the soak suite's grammar makes: every operator and function, delays, and states of every kind. */
function randomCells(count: number): Map<string, string> {
  const next = random(1);
  const cells = new Map<string, string>();
  while (cells.size < count) {
    const text = cellOf(Array.from({ length: 60 }, () => Math.floor(next() * 5040)));
    const { cells: checked, diagnostics } = readCells(text);
    if (checked.length !== 1 || diagnostics.some(({ severity }) => severity === 'error')) continue;
    const name = `Random${cells.size + 1}`;
    cells.set(name, text.replace(/^(\s*cell) \S+/m, `$1 ${name}`));
  }
  return cells;
}

/** Runs the code of docs/safetensors.md. */
function checkPage(python: string): void {
  const page = readFileSync(new URL('docs/safetensors.md', root), 'utf8');
  const [fill, back] = [...page.matchAll(/```python\n(.*?)```/gs)].map(([, code]) => code);
  const filled = spawnSync(
    python,
    [fileURLToPath(new URL('safetensors.py', import.meta.url)), exported('LSTM'), fill, back],
    {
      encoding: 'utf8',
      env,
    },
  );
  if (filled.status !== 0) throw new Error(`safetensors.py failed:\n${filled.stderr}`);
  const [outputs, weights] = JSON.parse(filled.stdout);
  add('docs/safetensors.md: difference of a torch.nn.LSTM that is filled', outputs, 1e-6);
  add('docs/safetensors.md: difference of weights that go back', weights, 0);
}

try {
  // Networks of this cell above an LSTM, so that what a layer hands to the next counts.
  const networks = new Map(
    [...names, ...generated.keys()].map((name) => {
      const cell = builtinCells.get(name) ?? generated.get(name)!;
      const cells = { LSTM: builtinCells.get('LSTM')!, [name]: cell };
      const written = writeRandomModel(join(folder, name), { tokenizer, cells, text });
      exportPytorch(at(join(folder, name)), at(exported(name)));
      return [name, written];
    }),
  );
  const script = fileURLToPath(new URL('exchange.py', import.meta.url));
  for (const [count, of] of [
    [steps.builtin, names],
    [steps.random, [...generated.keys()]],
  ] as const)
    if (spawnSync(python, [script, `${count}`, ...of.map(exported)], { stdio: 'inherit', env }).status !== 0)
      throw new Error('exchange.py failed.');
  for (const [name, { built, weights }] of networks) {
    const { buffer, byteOffset, byteLength } = readFileSync(join(exported(name), 'probabilities.bin'));
    const theirs = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
    const predictor = engine.predict(built, weights);
    const state = predictor.initial();
    const logits = new Float32Array(predictor.outputs);
    let worst = 0;
    let isNumber = true;
    const length = generated.has(name) ? steps.random : steps.builtin;
    for (const [step, token] of tokenizer.encode(text).slice(0, length).entries()) {
      predictor.next(state, token, state, logits);
      // A random cell may leave the numbers; what both compute afterwards is not compared.
      isNumber &&= logits.every(Number.isFinite);
      if (!isNumber) break;
      const most = Math.max(...logits);
      const powers = logits.map((logit) => Math.exp(logit - most));
      const sum = powers.reduce((a, b) => a + b, 0);
      for (const [i, power] of powers.entries())
        worst = Math.max(worst, Math.abs(power / sum - theirs[step * logits.length + i]));
    }
    predictor.dispose();
    add(`${name}: difference of probabilities over ${length} characters`, worst, 1e-5);
  }

  if (names.includes('LSTM')) checkPage(python);
  for (const name of names) {
    const cwd = exported(name);
    // A few rectified units are likely to explode from the first step on, so the layers are made wider.
    const config = readFileSync(join(cwd, 'config.json'), 'utf8');
    writeFileSync(join(cwd, 'config.json'), config.replace(/"hidden": \d+/g, '"hidden": 32'));
    const args = torchrun('--fresh', '--epochs', '3', ...quick);
    const trained = spawnSync(python, args, { cwd, env, encoding: 'utf8' });
    if (trained.status !== 0) throw new Error(`train.py failed:\n${trained.stdout}${trained.stderr}`);
    const { metadata } = readSafetensorsFile(readFileSync(join(cwd, 'model.safetensors')));
    const back = join(folder, `${name}-imported`);
    await importPytorch({ ...nodePlatform(fileURLToPath(new URL('out', root))), engine }, cwd, back, null);
    const here = readManifest(nodeFiles, back).validationLoss!;
    const there = Number(metadata.bits_per_character);
    add(
      `${name}: difference of bits per character after 3 epochs (${there.toFixed(4)})`,
      Math.abs(here - there),
      1e-3,
    );
  }

  const tried = spawnSync(
    python,
    [fileURLToPath(new URL('trainOptions.py', import.meta.url)), exported(names.at(-1)!)],
    { encoding: 'utf8', env },
  );
  if (tried.status !== 0) throw new Error(`trainOptions.py failed:\n${tried.stderr}`);
  const [ended, sets] = JSON.parse(tried.stdout);
  add(`${names.at(-1)}: sets of training options that end and go on`, ended, sets, ended === sets);

  const cwd = exported(names[0]);
  rmSync(join(cwd, 'checkpoint.pt'));
  const long = torchrun('--fresh', '--epochs', '200', ...quick);
  const killed = spawn(python, long, { cwd, env, stdio: 'ignore', detached: true });
  await new Promise<void>((resolve) => {
    const watcher = watch(cwd, () => {
      if (!existsSync(join(cwd, 'checkpoint.pt'))) return;
      watcher.close();
      resolve();
    });
  });
  process.kill(-killed.pid!, 'SIGKILL');
  await new Promise((resolve) => killed.once('exit', resolve));
  const resumed = spawnSync(python, torchrun('--resume', '--epochs', '4', ...quick), {
    cwd,
    env,
    encoding: 'utf8',
  });
  const from = Number(/Goes on from update (\d+)/.exec(resumed.stdout)?.[1] ?? 0);
  const isOver = resumed.status === 0 && resumed.stdout.includes('The training has ended.');
  add(`${names[0]}: the update that a killed run goes on from`, from, 1, from >= 1 && isOver);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
if (rows.some(({ holds }) => !holds)) process.exit(1);
