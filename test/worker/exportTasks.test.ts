// Acceptors, transducers and forecasters are trained through runs and exported as ONNX; ONNX Runtime gives for
// a row what the engine gives for it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { readTagged } from '../../src/data/columns/readTagged.ts';
import { featureCount, WordFeatures } from '../../src/data/columns/wordFeatures.ts';
import { standardise } from '../../src/data/series/standardisation.ts';
import { readOnnxFile } from '../../src/export/onnx/readOnnxFile.ts';
import { publicFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import type { TaskChoice } from '../../src/protocol/task.ts';
import { readForecaster, readModel } from '../../src/store/modelFolder.ts';
import { openAcceptor } from '../../src/tasks/acceptor/open.ts';
import { openTransducer } from '../../src/tasks/transducer/open.ts';
import { Controls } from '../../src/training/controls.ts';
import { exportFormats } from '../../src/worker/exchange/exportFormats.ts';
import { run } from '../../src/worker/run.ts';
import { tagged } from '../data/columns/tagged.ts';
import { Runtime, tokensOf } from '../export/runtime.ts';
import { readKernels } from '../kernels/modules.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { series, seriesText, table } from './tasks.ts';
import { trainRequest } from './trained.ts';

const folder = temporaryFolder('export-tasks');
const platform = nodePlatform(join(import.meta.dirname, '../../out'));
const silent = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };
let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

/** Trains a model for a few passes and exports it. @returns its folder, and the exported files */
async function exported(name: string, text: string, layers: string, task: TaskChoice, more: object = {}) {
  const directory = join(folder, name);
  const settings = {
    'model.layers': layers,
    'model.embedding': 6,
    'train.epochs': 2,
    'train.batch': 8,
    ...more,
  };
  await run(trainRequest(text, directory, settings, { task }), platform, Controls.none(), silent);
  const to = join(folder, `${name}-onnx`);
  const from = { files: platform.files, directory };
  exportFormats.onnx(from, { files: publicFiles, directory: to }, () => new Map());
  expect(() =>
    exportFormats.tfjs(from, { files: publicFiles, directory: `${to}2` }, () => new Map()),
  ).toThrow(/writes no text on a web page\. Export a language model, or this one for other programs/);
  expect(() => readOnnxFile(publicFiles, join(to, 'model.onnx'))).toThrow(
    `a model whose task is ${task.kind}. Only language models are imported`,
  );
  return {
    directory,
    runtime: await Runtime.open(readFileSync(join(to, 'model.onnx'))),
    vocabulary: JSON.parse(readFileSync(join(to, 'vocabulary.json'), 'utf8')),
  };
}

test.each([
  ['both GRU 6', 'max'],
  ['both LSTM 5, both MGU 4', 'mean'],
  ['Elman 7', 'last'],
])('an acceptor with %s and the %s of its vectors', async (layers, pool) => {
  const task = { kind: 'acceptor', reads: null, writes: null, heldOut: null } as const;
  const { directory, runtime, vocabulary } = await exported(`acceptor-${pool}`, table, layers, task, {
    'model.pool': pool,
  });
  const model = readModel(platform.files, directory);
  expect(model.manifest.table!.pool).toBe(pool);
  expect(vocabulary).toMatchObject({ task: 'acceptor', classes: ['with', 'without'], reads: ['text'] });
  const acceptor = openAcceptor(engine, { ...model, classes: vocabulary.classes });
  for (const text of ['a', 'abcdabc', 'ddxab']) {
    const tokens = [...text].map((character) => vocabulary.tokens.indexOf(character));
    expect(tokens).toEqual([...model.tokenizer.encode(text)]);
    const { probabilities } = await runtime.run({ tokens: tokensOf([tokens]) });
    const last = probabilities.data.slice(-vocabulary.classes.length);
    for (const { label, probability } of acceptor.rank([text])[0]!)
      expect(last[vocabulary.classes.indexOf(label)]).toBeCloseTo(probability, 5);
  }
  acceptor.dispose();
  await runtime.close();
});

test.each(['both LSTM 6', 'Jordan 6'])('a transducer with %s', async (layers) => {
  const task = { kind: 'transducer', reads: null, writes: null, heldOut: null } as const;
  const { directory, runtime, vocabulary } = await exported(`tags-${layers}`, tagged(60, 1), layers, task);
  const model = readModel(platform.files, directory);
  const transducer = openTransducer(engine, { ...model, ...vocabulary, features: vocabulary.tokens });
  const known = new WordFeatures(vocabulary.tokens);
  const { sentences } = readTagged(tagged(3, 2), 'columns');
  for (const sentence of sentences) {
    const data = sentence.flatMap(({ form }) => Array.from(known.encode(form), BigInt));
    const dims = [1, sentence.length, featureCount];
    const { probabilities } = await runtime.run({ tokens: { dims, data: BigInt64Array.from(data) } });
    const [ranked] = transducer.rank([sentence]);
    for (const [at, tags] of ranked.entries())
      for (const { label, probability } of tags)
        expect(
          probabilities.data[at * vocabulary.classes.length + vocabulary.classes.indexOf(label)],
        ).toBeCloseTo(probability, 5);
  }
  transducer.dispose();
  await runtime.close();
});

test.each(['GRU 6', 'Jordan 6'])('a forecaster with %s', async (layers) => {
  const task = { kind: 'forecaster', reads: null, writes: null } as const;
  const { directory, runtime, vocabulary } = await exported(`series-${layers}`, seriesText, layers, task, {
    'model.embedding': 0,
  });
  const model = readForecaster(platform.files, directory);
  expect(vocabulary).toMatchObject({
    task: 'forecaster',
    reads: ['level', 'slope'],
    writes: ['level', 'slope'],
  });
  const steps = 9;
  const numbers = standardise(series.slice(0, steps).flat(), vocabulary.standardisation.reads);
  const { means, deviations } = await runtime.run({ numbers: { dims: [1, steps, 2], data: numbers } });
  const predictor = engine.predict(model.architecture, model.weights);
  const state = predictor.initial();
  const moments = new Float32Array(predictor.outputs);
  for (let step = 0; step < steps; step++) {
    predictor.next(state, numbers.slice(2 * step, 2 * step + 2), state, moments);
    for (const column of [0, 1]) {
      expect(means.data[2 * step + column]).toBeCloseTo(moments[column], 5);
      expect(deviations.data[2 * step + column]).toBeCloseTo(Math.exp(moments[2 + column]), 5);
    }
  }
  predictor.dispose();
  await runtime.close();
});
