// Holds the export of all tasks but that of texts for PyTorch to its claims: the same predictions of every
// row, and the same metric after three epochs of two processes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { encodeWords } from '../../../src/data/columns/taggingDataset.ts';
import { WordFeatures } from '../../../src/data/columns/wordFeatures.ts';
import { layOutPairs, sizeOfPairs } from '../../../src/data/pairs/pairBatches.ts';
import { boundaryOf, encodeSource, isOneToMany } from '../../../src/data/pairs/pairs.ts';
import { standardise } from '../../../src/data/series/standardisation.ts';
import { layOutRows, type RowLayout } from '../../../src/data/table/rowBatches.ts';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import type { TaskChoice } from '../../../src/protocol/task.ts';
import {
  readEncoderDecoder,
  readForecaster,
  readManifest,
  readModel,
  readRegressor,
  readRun,
} from '../../../src/store/modelFolder.ts';
import { readSafetensorsFile } from '../../../src/store/safetensors.ts';
import { openEncoderDecoder } from '../../../src/tasks/encoderDecoder/open.ts';
import { Controls } from '../../../src/training/controls.ts';
import { exportPytorch } from '../../../src/worker/exchange/exportPytorch.ts';
import { importModel } from '../../../src/worker/exchange/importModel.ts';
import { run } from '../../../src/worker/run.ts';
import { readKernels } from '../../kernels/modules.ts';
import { series } from '../../worker/tasks.ts';
import { atMost, type Row } from '../rows.ts';
import { pythonWithTorch, runPython, runScript, torchrun } from './python.ts';
import type { RowMaker } from './rowMaker.ts';
import { chosenCases, requestOf } from './taskCases.ts';

const silent = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };

export const pytorchTaskRows: RowMaker = async function* ({ say, only }) {
  const chosen = chosenCases(only);
  if (chosen.length === 0) return;
  const python = pythonWithTorch(say);
  if (python === undefined) {
    say('No task was exported for PyTorch: no python3 here has torch.');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'unroll-exchange-tasks-'));
  const platform = nodePlatform(fileURLToPath(new URL('../../../out', import.meta.url)));
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  try {
    for (const [name, each] of chosen) {
      const { task } = each;
      const model = join(folder, name);
      await run(requestOf(each, model), platform, Controls.none(), silent);
      const exported = join(folder, `${name}-pytorch`);
      exportPytorch({ files: nodeFiles, directory: model }, { files: nodeFiles, directory: exported });
      runScript(python, 'predictTask.py', [exported]);
      yield* differences(engine, name, model, exported, task.kind);
      if (task.kind === 'encoder-decoder') yield* rewritten(engine, name, model, exported, python);
      // Nothing is written exactly before more has been learned.
      const [epochs, rate] = task.kind === 'encoder-decoder' ? ['15', '0.02'] : ['3', '0.005'];
      runPython(python, torchrun('--fresh', '--epochs', epochs, '--learning-rate', rate), exported);
      const { metadata } = readSafetensorsFile(readFileSync(join(exported, 'model.safetensors')));
      const back = join(folder, `${name}-back`);
      await importModel(platform, async () => engine, exported, back, null);
      const { metric, validationLoss, lossUnit } = readManifest(nodeFiles, back);
      // PyTorch has the network alone, without n-grams; and one that writes one of many texts is judged by the loss.
      const [alone] = readRun(nodeFiles, back).earlier.history.points.validations;
      const here = metric ? { ...metric, value: alone.metric! } : { name: lossUnit, value: validationLoss };
      yield atMost(
        `${name}: difference of the ${here.name} after ${epochs} epochs (${Number(metadata.metric).toFixed(4)})`,
        Math.abs(here.value! - Number(metadata.metric)),
        1e-3,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function* differences(
  engine: Engine,
  name: string,
  model: string,
  exported: string,
  kind: TaskChoice['kind'],
): Iterable<Row> {
  const { buffer, byteOffset, byteLength } = readFileSync(join(exported, 'probabilities.bin'));
  const theirs = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const ours =
    kind === 'forecaster'
      ? momentsOf(engine, model)
      : kind === 'encoder-decoder'
        ? targetsOf(engine, model, exported)
        : kind === 'regressor'
          ? momentsOfRows(engine, model, exported)
          : probabilitiesOf(engine, model, exported);
  const worst =
    ours.length === theirs.length
      ? ours.reduce((most, value, index) => Math.max(most, Math.abs(value - theirs[index])), 0)
      : Number.POSITIVE_INFINITY;
  yield atMost(`${name}: difference of ${ours.length.toLocaleString('en')} predictions`, worst, 1e-5);
}

function momentsOf(engine: Engine, directory: string): number[] {
  const { architecture, weights, series: stored } = readForecaster(nodeFiles, directory);
  const rows = series.map((row) => row.map((value) => Number(value.toFixed(3))));
  const numbers = standardise(rows.flat(), stored.standardisation.reads);
  const predictor = engine.predict(architecture, weights);
  const state = predictor.initial();
  const moments = new Float32Array(predictor.outputs);
  const found = rows.flatMap((_, step) => {
    predictor.next(state, numbers.slice(2 * step, 2 * step + 2), state, moments);
    return [...moments];
  });
  predictor.dispose();
  return found;
}

/** Returns the moments after each step of each row, the held-out rows last. */
function momentsOfRows(engine: Engine, directory: string, exported: string): number[] {
  const { architecture, weights, tokenizer, regression } = readRegressor(nodeFiles, directory);
  const numbers: number[] = [];
  const rows = readFileSync(join(exported, 'rows.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { sequence: string | number[]; heldOut: boolean })
    .sort((a, b) => Number(a.heldOut) - Number(b.heldOut))
    .map(({ sequence }) => {
      if (typeof sequence === 'string') return { tokens: tokenizer!.encode(sequence), target: 0 };
      const from = numbers.length;
      numbers.push(...sequence);
      return { tokens: Int32Array.from(sequence, (_, at) => from + at), target: 0 };
    });
  const { x, y } = layOutRows(rows, rows.length, { tokensPerStep: 1, taught: Number.POSITIVE_INFINITY });
  const { reads } = regression.standardisation;
  const series = {
    inputs: reads ? standardise(numbers, [reads]) : new Float32Array(),
    targets: new Float32Array(1),
  };
  const steps = y.length / rows.length;
  const shape = { batch: rows.length, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
  const network = engine.train(architecture, shape, weights, series);
  const found: number[] = [];
  network.logits(x, y, rows.length, (_, moments) => void found.push(...moments));
  network.dispose();
  return found;
}

/** Returns the probabilities of each token of each target and of its end, the held-out rows last. */
function targetsOf(engine: Engine, directory: string, exported: string): number[] {
  const { architecture, weights, vocabularies } = readEncoderDecoder(nodeFiles, directory);
  const rows = readFileSync(join(exported, 'rows.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { source: string | number[]; target: string; heldOut: boolean })
    .sort((a, b) => Number(a.heldOut) - Number(b.heldOut))
    .map(({ source, target }, index) => {
      const text = typeof source === 'string' ? source : source.join('\t');
      const { read } = encodeSource(vocabularies.source, text);
      // The token of numbers is their index.
      const [tokens, numbers] = read instanceof Int32Array ? [read, []] : [Int32Array.of(index), [...read]];
      return { source: tokens, numbers, target: vocabularies.target.encode(target) };
    });
  const inputs = Float32Array.from(rows.flatMap(({ numbers }) => numbers));
  const { x, y, source } = layOutPairs(rows, rows.length, boundaryOf(vocabularies.target));
  const shape = {
    batch: rows.length,
    ...sizeOfPairs(rows),
    optimizer: { kind: 'sgd' },
    dropout: 0,
    seed: 1,
  } as const;
  const network = engine.train(architecture, shape, weights, { inputs, targets: inputs });
  const found: number[] = [];
  const take = (_: number, logits: Float32Array) => void found.push(...softmax(logits));
  network.logits(x, y, rows.length, take, source);
  network.dispose();
  return found;
}

/** Compares what beam search writes here and there for the held-out sources. */
function* rewritten(
  engine: Engine,
  name: string,
  directory: string,
  exported: string,
  python: string,
): Iterable<Row> {
  const { pairs: stored, ...model } = readEncoderDecoder(nodeFiles, directory);
  // One of many texts is drawn.
  if (isOneToMany(stored.source)) return;
  const sources = readFileSync(join(exported, 'rows.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { source: string; heldOut: boolean })
    .filter(({ heldOut }) => heldOut)
    .map(({ source }) => source);
  const opened = openEncoderDecoder(engine, { ...model, longest: stored.longest });
  const here = sources.map(
    (source) => opened.rewrite(source, { alternatives: false }).rewritings[0]?.text ?? '',
  );
  opened.dispose();
  const there = runPython(python, ['rewrite.py', ...sources], exported).split('\n');
  const differing = here.filter((text, index) => text !== there[index]).length;
  yield atMost(`${name}: targets of ${sources.length} that rewrite.py writes otherwise`, differing, 0);
}

function softmax(logits: Float32Array): number[] {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** Returns the probabilities of each step of each row, the held-out rows last. */
function probabilitiesOf(engine: Engine, directory: string, exported: string): number[] {
  const model = readModel(nodeFiles, directory);
  const features = model.manifest.tagging && new WordFeatures(model.manifest.tagging.features);
  const rows = readFileSync(join(exported, 'rows.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; words: readonly string[]; heldOut: boolean })
    .sort((a, b) => Number(a.heldOut) - Number(b.heldOut));
  const layout: RowLayout = {
    tokensPerStep: model.architecture.tokensPerStep ?? 1,
    taught: Number.POSITIVE_INFINITY,
  };
  const encoded = rows.map(({ text, words }) => {
    const nothing = { line: 0, from: 0, to: 0, before: '' };
    const tokens = features
      ? encodeWords(
          features,
          words.map((form) => ({ form, from: 0, tag: null, span: nothing })),
        )
      : model.tokenizer.encode(text);
    return { tokens, target: 0 };
  });
  const { x, y } = layOutRows(encoded, encoded.length, layout);
  const steps = y.length / encoded.length;
  const shape = { batch: encoded.length, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
  const network = engine.train(model.architecture, shape, model.weights);
  const found: number[] = [];
  network.logits(x, y, encoded.length, (_, logits) => void found.push(...softmax(logits)));
  network.dispose();
  return found;
}
