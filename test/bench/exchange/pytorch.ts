// Holds the export for PyTorch and the import to their claims, for every built-in cell: the same probabilities along a
// text, the same bits per character after three epochs of two processes, and a run that is killed and goes on.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { builtinCells, cellsWithoutEncoder } from '../../../src/cells/index.ts';
import { Tokenizer } from '../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { readCells } from '../../../src/language/check.ts';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import { readManifest } from '../../../src/store/modelFolder.ts';
import { readSafetensorsFile } from '../../../src/store/safetensors.ts';
import { random } from '../../../src/tape/random.ts';
import { exportPytorch } from '../../../src/worker/exchange/exportPytorch.ts';
import { importPytorch } from '../../../src/worker/exchange/importPytorch.ts';
import { readKernels } from '../../kernels/modules.ts';
import { cellOf } from '../../soak/targets/cells/grammar.ts';
import { writeRandomModel } from '../../worker/randomModel.ts';
import { atMost, type Row } from '../rows.ts';
import { env, pythonWithTorch, runPython, runScript, torchrun } from './python.ts';
import type { RowMaker } from './rowMaker.ts';

const root = new URL('../../../', import.meta.url);

/** The steps along which probabilities are compared; many random cells are chaotic, and magnify any rounding. */
const steps = { builtin: 400, random: 16 };

/** Options with which a small text has several updates, and rectified units do not explode. */
const quick = ['--batch', '8', '--k1', '25', '--k2', '25', '--learning-rate', '0.002'];

export const pytorchRows: RowMaker = async function* ({ say, only }) {
  const python = pythonWithTorch(say);
  if (python === undefined) {
    say(
      'No export for PyTorch was tried: no python3 here has torch, and Debian’s python3-torch cannot be installed.',
    );
    return;
  }
  const names = [...cellsWithoutEncoder.keys()].filter((name) => only?.includes(name) ?? true);
  if (names.length === 0) return;
  const generated = randomCells(only ? 0 : 40);
  const text = readFileSync(new URL('README.md', root), 'utf8').slice(0, 12_000);
  const tokenizer = new Tokenizer('characters', Vocabulary.of(text), []);
  const platform = nodePlatform(fileURLToPath(new URL('out', root)));
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const folder = mkdtempSync(join(tmpdir(), 'unroll-exchange-'));
  const at = (directory: string) => ({ files: nodeFiles, directory });
  const exported = (name: string) => join(folder, `${name}-pytorch`);
  try {
    // Networks of this cell above an LSTM, so that what a layer hands to the next counts; a cell that reads the symbols
    // themselves has no layer below it.
    const networks = new Map(
      [...names, ...generated.keys()].map((name) => {
        const cell = builtinCells.get(name) ?? generated.get(name)!;
        const { readsSymbols } = readCells(cell).cells[0];
        const cells = { ...(!readsSymbols && { LSTM: builtinCells.get('LSTM')! }), [name]: cell };
        const written = writeRandomModel(join(folder, name), { tokenizer, cells, text });
        exportPytorch(at(join(folder, name)), at(exported(name)));
        return [name, written];
      }),
    );
    for (const [count, of] of [
      [steps.builtin, names],
      [steps.random, [...generated.keys()]],
    ] as const)
      runScript(python, 'predict.py', [`${count}`, ...of.map(exported)]);
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
      yield atMost(`${name}: difference of probabilities over ${length} characters`, worst, 1e-5);
    }

    if (names.includes('LSTM')) yield* pageRows(python, exported('LSTM'));
    for (const name of names) {
      const cwd = exported(name);
      // A few rectified units are likely to explode from the first step on, so the layers are made wider.
      const config = readFileSync(join(cwd, 'config.json'), 'utf8');
      writeFileSync(join(cwd, 'config.json'), config.replace(/"hidden": \d+/g, '"hidden": 32'));
      runPython(python, torchrun('--fresh', '--epochs', '3', ...quick), cwd);
      const { metadata } = readSafetensorsFile(readFileSync(join(cwd, 'model.safetensors')));
      const back = join(folder, `${name}-imported`);
      await importPytorch({ ...platform, engine }, cwd, back, null);
      const here = readManifest(nodeFiles, back).validationLoss!;
      const there = Number(metadata.bits_per_character);
      yield atMost(
        `${name}: difference of bits per character after 3 epochs (${there.toFixed(4)})`,
        Math.abs(here - there),
        1e-3,
      );
    }

    const stacked = names.find((name) => !readCells(builtinCells.get(name)!).cells[0].distribution);
    if (stacked !== undefined) {
      const wrong = await editedByHand(python, exported(stacked), (from) =>
        importPytorch({ ...platform, engine }, from, `${from}-imported`, null).then(
          () => readManifest(nodeFiles, `${from}-imported`).architecture.layers.length,
        ),
      );
      yield atMost(
        `${stacked}: folders with a layer more that come back otherwise than they should`,
        wrong,
        0,
      );
    }

    const last = names.at(-1)!;
    const [ended, sets] = JSON.parse(runScript(python, 'trainOptions.py', [exported(last)]));
    yield atMost(`${last}: sets of training options of which no run ends and goes on`, sets - ended, 0);

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
    const resumed = runPython(python, torchrun('--resume', '--epochs', '4', ...quick), cwd);
    const goesOn = /Goes on from update [1-9]/.test(resumed) && resumed.includes('The training has ended.');
    yield atMost(`${names[0]}: killed runs that do not go on from their checkpoint`, goesOn ? 0 : 1, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Writes a layer more into config.json: without a training the folder is refused with the reason, and with one it comes back.
 * @param layersOf imports a folder, and returns the number of layers
 * @returns how many of the two came out otherwise
 */
async function editedByHand(
  python: string,
  exported: string,
  layersOf: (from: string) => Promise<number>,
): Promise<number> {
  const folder = `${exported}-edited`;
  cpSync(exported, folder, { recursive: true });
  const path = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as { model: { layers: object[] } };
  config.model.layers.push(config.model.layers.at(-1)!);
  writeFileSync(path, JSON.stringify(config));
  const refusal = await layersOf(folder).then(
    () => '',
    (error: Error) => error.message,
  );
  runPython(python, ['train.py', '--fresh', '--epochs', '1', ...quick], folder);
  const layers = await layersOf(folder);
  return [/does not fit config\.json/.test(refusal), layers === config.model.layers.length].filter(
    (right) => !right,
  ).length;
}

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
function* pageRows(python: string, folder: string): Iterable<Row> {
  const page = readFileSync(new URL('docs/safetensors.md', root), 'utf8');
  const [fill, back] = [...page.matchAll(/```python\n(.*?)```/gs)].map(([, code]) => code);
  const filled = runScript(python, 'safetensors.py', [folder, fill, back]);
  const [outputs, weights] = JSON.parse(filled);
  yield atMost('docs/safetensors.md: difference of a torch.nn.LSTM that is filled', outputs, 1e-6);
  yield atMost('docs/safetensors.md: difference of weights that go back', weights, 0);
}
