// Holds the export of all tasks as ONNX to its claims: ONNX Runtime predicts of rows what is predicted here, and
// rewrite.py writes the targets that are written here.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { builtinCells, cellsWithoutEncoder } from '../../../src/cells/index.ts';
import { readTagged } from '../../../src/data/columns/readTagged.ts';
import { featureCount, WordFeatures } from '../../../src/data/columns/wordFeatures.ts';
import { boundaryOf, encodeSource, isOneToMany } from '../../../src/data/pairs/pairs.ts';
import { standardise } from '../../../src/data/series/standardisation.ts';
import { labelledRows } from '../../../src/data/table/labelledRows.ts';
import { numberedRows, numbersIn } from '../../../src/data/table/numberedRows.ts';
import { readTable } from '../../../src/data/table/readTable.ts';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import {
  readEncoderDecoder,
  readForecaster,
  readModel,
  readRegressor,
} from '../../../src/store/modelFolder.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { openAcceptor } from '../../../src/tasks/acceptor/open.ts';
import { openEncoderDecoder } from '../../../src/tasks/encoderDecoder/open.ts';
import { openRegressor } from '../../../src/tasks/regressor/open.ts';
import { openTransducer } from '../../../src/tasks/transducer/open.ts';
import { architecture } from '../../../src/training/configuration.ts';
import { Controls } from '../../../src/training/controls.ts';
import { exportOnnx } from '../../../src/worker/exchange/exportOnnx.ts';
import { run } from '../../../src/worker/run.ts';
import { pairDifference } from '../../export/encoderDecoders.ts';
import { furthest } from '../../export/networks.ts';
import { Runtime, tokensOf } from '../../export/runtime.ts';
import { readKernels } from '../../kernels/modules.ts';
import { series } from '../../worker/tasks.ts';
import { atMost, type Row } from '../rows.ts';
import { pythonWithRuntime, runPython } from './python.ts';
import type { RowMaker } from './rowMaker.ts';
import { type Case, chosenCases, requestOf } from './taskCases.ts';

const bound = 1e-5;
/** The rows of a table that are compared. */
const mostRows = 40;
/** The characters of a source and of its target, along which decoders are compared. */
const sourceLength = 60;
const targetLength = 340;

const text = readFileSync(new URL('../../../src/language/README.md', import.meta.url), 'utf8');
const silent = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };

export const onnxTaskRows: RowMaker = async function* ({ say, only }) {
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  for (const name of builtinCells.keys())
    if (!cellsWithoutEncoder.has(name) && (only?.includes(name) ?? true))
      yield await decoderRow(engine, name);
  const chosen = chosenCases(only);
  if (chosen.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'unroll-exchange-onnx-'));
  const platform = nodePlatform(fileURLToPath(new URL('../../../out', import.meta.url)));
  try {
    const python = pythonWithRuntime(join(folder, 'python'), say);
    if (python === undefined) say('rewrite.py was not tried: python3 has no onnxruntime.');
    for (const [name, each] of chosen) {
      const [directory, exported] = [join(folder, name), join(folder, `${name}-onnx`)];
      await run(requestOf(each, directory), platform, Controls.none(), silent);
      exportOnnx({ files: nodeFiles, directory }, { files: nodeFiles, directory: exported });
      const worst = await differences[each.task.kind as keyof typeof differences](
        engine,
        directory,
        exported,
        each,
      );
      yield atMost(`ONNX ${name}: difference of predictions`, worst, bound);
      if (each.task.kind === 'encoder-decoder' && python !== undefined)
        yield* rewrittenRows(engine, name, directory, exported, python, each.text);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** A decoder with 48 units below an LSTM, and an encoder that reads both ways, along a text of a page. */
async function decoderRow(engine: Engine, name: string): Promise<Row> {
  const symbols = [...new Set(text)];
  const tokens = Array.from(text.slice(0, sourceLength + targetLength), (character) =>
    symbols.indexOf(character),
  );
  const cells = {
    ...Object.fromEntries([name, 'LSTM', 'GRU'].map((each) => [each, builtinCells.get(each)!])),
  };
  const built = architecture(
    symbols.length,
    { embedding: 16, layers: ['LSTM', name].map((cell) => ({ cell, hidden: 48 })), tied: false },
    cells,
    undefined,
    { inputs: symbols.length, layers: [{ cell: 'GRU', hidden: 24, bidirectional: true }] },
  );
  const sources = [tokens.slice(0, sourceLength), tokens.slice(-sourceLength)];
  const targets = [tokens.slice(-targetLength), tokens.slice(0, targetLength)];
  const worst = await pairDifference(engine, built, initialWeights(built, 1), sources, targets);
  return atMost(
    `ONNX ${name}: difference of log-probabilities over ${2 * targetLength} characters`,
    worst,
    bound,
  );
}

type Difference = (engine: Engine, directory: string, exported: string, of: Case) => Promise<number>;

const modelIn = (exported: string) => Runtime.open(readFileSync(join(exported, 'model.onnx')));

const differences: Readonly<
  Record<'acceptor' | 'regressor' | 'transducer' | 'forecaster' | 'encoder-decoder', Difference>
> = {
  async acceptor(engine, directory, exported, { text: table }) {
    const model = readModel(nodeFiles, directory);
    const { classes, format, reads, writes } = model.manifest.table!;
    const { rows } = labelledRows(readTable(table, format), { reads, writes });
    const acceptor = openAcceptor(engine, { ...model, classes });
    const runtime = await modelIn(exported);
    let worst = 0;
    for (const { text } of rows.slice(0, mostRows)) {
      const { probabilities } = await runtime.run({ tokens: tokensOf([[...model.tokenizer.encode(text)]]) });
      const last = probabilities.data.slice(-classes.length);
      for (const { label, probability } of acceptor.rank([text])[0]!)
        worst = Math.max(worst, Math.abs(last[classes.indexOf(label)] - probability));
    }
    acceptor.dispose();
    await runtime.close();
    return worst;
  },

  async regressor(engine, directory, exported, { text: table }) {
    const model = readRegressor(nodeFiles, directory);
    const { format, reads, writes, kind, standardisation } = model.regression;
    const { rows } = numberedRows(readTable(table, format), { reads, writes }, kind);
    const regressor = openRegressor(engine, model);
    const runtime = await modelIn(exported);
    const { mean, deviation } = standardisation.writes;
    let worst = 0;
    for (const { text } of rows.slice(0, mostRows)) {
      const numbers = numbersIn(text) ?? [];
      const { means, deviations } = await runtime.run(
        model.tokenizer
          ? { tokens: tokensOf([[...model.tokenizer.encode(text)]]) }
          : {
              numbers: { dims: [1, numbers.length, 1], data: standardise(numbers, [standardisation.reads!]) },
            },
      );
      const { value, sharpness } = regressor.predict([text])[0]!;
      worst = Math.max(
        worst,
        Math.abs(means.data.at(-1)! - (value - mean) / deviation),
        Math.abs(1 - deviations.data.at(-1)! - sharpness),
      );
    }
    regressor.dispose();
    await runtime.close();
    return worst;
  },

  async transducer(engine, directory, exported, { text }) {
    const model = readModel(nodeFiles, directory);
    const { features, classes } = model.manifest.tagging!;
    const transducer = openTransducer(engine, { ...model, features, classes });
    const known = new WordFeatures(features);
    const runtime = await modelIn(exported);
    let worst = 0;
    for (const sentence of readTagged(text, 'columns').sentences.slice(0, mostRows)) {
      const data = BigInt64Array.from(
        sentence.flatMap(({ form }) => [...known.encode(form)]),
        BigInt,
      );
      const { probabilities } = await runtime.run({
        tokens: { dims: [1, sentence.length, featureCount], data },
      });
      for (const [at, tags] of transducer.rank([sentence])[0].entries())
        for (const { label, probability } of tags)
          worst = Math.max(
            worst,
            Math.abs(probabilities.data[at * classes.length + classes.indexOf(label)] - probability),
          );
    }
    transducer.dispose();
    await runtime.close();
    return worst;
  },

  async forecaster(engine, directory, exported) {
    const { architecture, weights, series: stored } = readForecaster(nodeFiles, directory);
    const numbers = standardise(series.flat(), stored.standardisation.reads);
    const runtime = await modelIn(exported);
    const dims = [1, series.length, 2];
    const { means, deviations } = await runtime.run({ numbers: { dims, data: numbers } });
    const predictor = engine.predict(architecture, weights);
    const state = predictor.initial();
    const moments = new Float32Array(predictor.outputs);
    let worst = 0;
    for (let step = 0; step < series.length; step++) {
      predictor.next(state, numbers.slice(2 * step, 2 * step + 2), state, moments);
      const found = Float32Array.of(
        ...means.data.slice(2 * step, 2 * step + 2),
        ...deviations.data.slice(2 * step, 2 * step + 2).map(Math.log),
      );
      worst = Math.max(worst, furthest(found, moments));
    }
    predictor.dispose();
    await runtime.close();
    return worst;
  },

  async 'encoder-decoder'(engine, directory, _, { text: table }) {
    const { architecture, weights, vocabularies, pairs } = readEncoderDecoder(nodeFiles, directory);
    const { rows } = labelledRows(readTable(table, pairs.format), pairs);
    let worst = 0;
    for (const { text, label } of rows.slice(0, mostRows)) {
      const source = [...encodeSource(vocabularies.source, text).read];
      const target = [boundaryOf(vocabularies.target), ...vocabularies.target.encode(label)];
      worst = Math.max(worst, await pairDifference(engine, architecture, weights, [source], [target]));
    }
    return worst;
  },
};

/** Compares what beam search writes here and what rewrite.py writes for the first sources. */
function* rewrittenRows(
  engine: Engine,
  name: string,
  directory: string,
  exported: string,
  python: string,
  table: string,
): Iterable<Row> {
  const { pairs, ...model } = readEncoderDecoder(nodeFiles, directory);
  // One of many texts is drawn.
  if (isOneToMany(pairs.source)) return;
  const { rows } = labelledRows(readTable(table, pairs.format), pairs);
  const sources = rows.slice(0, mostRows).map(({ text }) => text);
  const opened = openEncoderDecoder(engine, { ...model, longest: pairs.longest });
  const here = sources.map(
    (source) => opened.rewrite(source, { alternatives: false }).rewritings[0]?.text ?? '',
  );
  opened.dispose();
  const there = runPython(python, ['rewrite.py', ...sources], exported).split('\n');
  const differing = here.filter((text, index) => text !== there[index]).length;
  yield atMost(`ONNX ${name}: targets of ${sources.length} that rewrite.py writes otherwise`, differing, 0);
}
