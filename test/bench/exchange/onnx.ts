// Holds the exchange of models by ONNX files to its claims: networks give in ONNX Runtime the probabilities that
// they give here, and the operators LSTM, GRU and RNN give here what they give there.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import type { Architecture, Engine, Weights } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { builtinCells, cellsWithoutEncoder } from '../../../src/cells/index.ts';
import { Tokenizer } from '../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { encodeNetwork } from '../../../src/export/onnx/onnxModel.ts';
import { writeNetwork } from '../../../src/export/onnx/writeNetwork.ts';
import { readCells } from '../../../src/language/check.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { architecture } from '../../../src/training/configuration.ts';
import { runDirected } from '../../export/directedOperators.ts';
import { furthest, probabilities, twoRows } from '../../export/networks.ts';
import { directedCases, operatorCases, operatorModel, runOperator } from '../../export/operators.ts';
import { Runtime, tokensOf } from '../../export/runtime.ts';
import { readKernels } from '../../kernels/modules.ts';
import { randomCell } from '../../soak/randomCell.ts';
import { atMost, type Row } from '../rows.ts';
import { haveNodeTests, runNodeTests } from './nodeTests.ts';
import type { RowMaker } from './rowMaker.ts';

const bound = 1e-5;
/** The steps of each of two rows of text. */
const steps = 400;
/** Some random cells are chaotic, so that a rounding grows by each step: they are compared over few. */
const randomCells = 40;
const randomSteps = 5;

const text = readFileSync(new URL('../../../src/language/README.md', import.meta.url), 'utf8');
const tokenizer = new Tokenizer('characters', Vocabulary.of(text), []);
const rows = twoRows(text, tokenizer, steps);

export const onnxRows: RowMaker = async function* ({ say, only }) {
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  for (const [name, cell] of cellsWithoutEncoder)
    if (only?.includes(name) ?? true) yield await cellRow(engine, name, cell);
  if (only) return;
  yield await randomCellsRow(engine);
  yield* operatorRows();
  yield* directedRows(engine);
  if (!haveNodeTests()) {
    say(
      'The node tests of ONNX were skipped: they are not here, and apt-get cannot install libonnx-testdata.',
    );
    return;
  }
  for (const { name, difference, reason } of await runNodeTests(engine)) {
    const title = `ONNX ${name}: difference of the outputs`;
    if (difference === null) say(`${title}: it cannot be said here. ${reason}`);
    else yield atMost(title, difference, bound);
  }
};

/** A cell with 48 units above an LSTM, over an embedding. */
async function cellRow(engine: Engine, name: string, cell: string): Promise<Row> {
  // A cell that reads the symbols themselves has nothing below it.
  const isAlone = readCells(cell).cells[0].readsSymbols;
  const layers = (isAlone ? [name] : ['LSTM', name]).map((cell) => ({ cell, hidden: 48 }));
  const cells = { LSTM: builtinCells.get('LSTM')!, [name]: cell };
  const built = architecture(tokenizer.size, { embedding: isAlone ? 0 : 16, layers, tied: false }, cells);
  const worst = await difference(engine, built, initialWeights(built, 1), rows);
  return atMost(`ONNX ${name}: difference of probabilities over ${2 * steps} characters`, worst, bound);
}

async function randomCellsRow(engine: Engine): Promise<Row> {
  const texts = fc
    .sample(randomCell, { numRuns: 10 * randomCells, seed: 7 })
    .filter((text) => readCells(text).cells.length === 1)
    .slice(0, randomCells);
  const few = twoRows(text, tokenizer, randomSteps);
  let worst = 0;
  for (const [index, cell] of texts.entries()) {
    const layers = [{ cell: 'A', hidden: 12 }];
    const built = architecture(tokenizer.size, { embedding: 0, layers, tied: false }, { A: cell });
    worst = Math.max(worst, await difference(engine, built, initialWeights(built, index), few));
  }
  return atMost(
    `ONNX, ${texts.length} random cells: difference of probabilities over ${2 * randomSteps} characters`,
    worst,
    bound,
  );
}

async function difference(
  engine: Engine,
  built: Architecture,
  weights: Weights,
  rows: readonly (readonly number[])[],
): Promise<number> {
  const next = random(5);
  // Biases are moved away from the zeros that initialisers leave, so that every path counts.
  for (const { shape, data } of weights.values())
    if (shape.length === 1) for (let i = 0; i < data.length; i++) data[i] += (next() - 0.5) / 5;
  const runtime = await Runtime.open(encodeNetwork(writeNetwork(built, weights, true).graph, {}));
  const result = await runtime.run({ tokens: tokensOf(rows) });
  await runtime.close();
  return furthest(result.probabilities.data, probabilities(engine, { architecture: built, weights }, rows));
}

async function* directedRows(engine: Engine): AsyncIterable<Row> {
  for (const [seed, operator] of directedCases.entries()) {
    const { bytes, x } = operatorModel(operator, seed);
    const runtime = await Runtime.open(bytes);
    const wanted = await runtime.run({ X: x });
    await runtime.close();
    const [y, h] = runDirected(engine, bytes, x);
    const worst = Math.max(furthest(y.data, wanted.Y.data), furthest(h.data, wanted.Y_h.data));
    yield atMost(`ONNX ${operator.name}: difference of the outputs`, worst, bound);
  }
}

async function* operatorRows(): AsyncIterable<Row> {
  for (const [seed, operator] of operatorCases.entries()) {
    const { bytes, x } = operatorModel(operator, seed);
    const runtime = await Runtime.open(bytes);
    const wanted = await runtime.run({ X: x });
    const found = await runOperator(bytes, x);
    const differences = runtime.outputNames.map((name, index) =>
      furthest(found[index].data, wanted[name].data),
    );
    await runtime.close();
    yield atMost(`ONNX ${operator.name}: difference of the outputs`, Math.max(...differences), bound);
  }
}
