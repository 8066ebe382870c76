// The evidence of a step of a row is the derivative of the mean by a factor of the step's input.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Architecture, Engine, Weights } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../../src/cells/index.ts';
import { layOutRows } from '../../../src/data/table/rowBatches.ts';
import { Tokenizer } from '../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import type { LayerOptions, Pool } from '../../../src/language/options/options.ts';
import type { StoredRegression } from '../../../src/protocol/task.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { numbersApart, tokensApart } from '../../../src/tasks/gradientTimesInput.ts';
import { evidenceOfNumber } from '../../../src/tasks/regressor/evidence.ts';
import { openRegressorFiller } from '../../../src/tasks/regressor/fill.ts';
import { architecture, signatureOfNumber } from '../../../src/training/configuration.ts';
import { readKernels } from '../../kernels/modules.ts';

const tokens = Int32Array.from([3, 1, 4, 1, 5, 8, 2, 6, 5, 3, 5]);
const numbers = Float32Array.from([0.3, -1.2, 0.8, 2, -0.4, 0.1, 1.1]);

let engines: Readonly<Record<'wasm' | 'tfjs', Engine>>;

beforeAll(async () => {
  engines = {
    wasm: (await startWasm({ read: readKernels, threads: 1, spawn: null }))!,
    tfjs: (await startTfjs('', 'cpu')).engine,
  };
});

function build(kind: 'text' | 'numbers', layers: readonly LayerOptions[], pool: Pool): Architecture {
  const embedding = kind === 'text' ? 5 : 0;
  const cells = Object.fromEntries(builtinCells);
  const inputs = kind === 'text' ? 9 : 1;
  return architecture(inputs, { embedding, layers, tied: false }, cells, signatureOfNumber(kind, pool));
}

/** Returns the mean and the spread that a network predicts of a row. */
function momentsOf(
  engine: Engine,
  built: Architecture,
  weights: Weights,
  inputs: Float32Array,
  row: Int32Array,
) {
  const how = { batch: 1, steps: 16, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
  const network = engine.train(built, how, weights, { inputs, targets: new Float32Array(1) });
  const { x, y } = layOutRows([{ tokens: row, target: 0 }], 1);
  const found = { mean: Number.NaN, spread: Number.NaN };
  network.logits(x, y, 1, (_, [mean, logarithm]) => {
    found.mean = mean;
    found.spread = Math.exp(logarithm);
  });
  network.dispose();
  return found;
}

/** Returns the mean where the input of one step is multiplied. */
function meanAt(built: Architecture, weights: Weights, at: number, factor: number): number {
  const times = (value: number, step: number) => value * (step === at ? factor : 1);
  if (built.input === 'numbers') {
    const row = Int32Array.from(numbers.keys());
    return momentsOf(engines.tfjs, built, weights, numbers.map(times), row).mean;
  }
  // The row's tokens become inputs of their own.
  const { shape, data } = weights.get('embedding')!;
  const width = shape[1];
  const rows = Float32Array.from({ length: tokens.length * width }, (_, index) => {
    const step = Math.floor(index / width);
    return times(data[tokens[step] * width + (index % width)], step);
  });
  const own = new Map(weights).set('embedding', { shape: [tokens.length, width], data: rows });
  const row = Int32Array.from(tokens.keys());
  return momentsOf(engines.tfjs, { ...built, inputs: tokens.length }, own, new Float32Array(), row).mean;
}

const shapes: readonly (readonly [Pool, readonly LayerOptions[]])[] = [
  ['last', [{ cell: 'GRU', hidden: 6 }]],
  [
    'mean',
    [
      { cell: 'LSTM', hidden: 5, bidirectional: true },
      { cell: 'GRU', hidden: 4 },
    ],
  ],
  ['max', [{ cell: 'Elman', hidden: 6 }]],
];

describe.each(['text', 'numbers'] as const)('of %s', (kind) => {
  test.each(shapes)('read by its %s: as central differences say', (pool, layers) => {
    const built = build(kind, layers, pool);
    const weights = initialWeights(built, 1);
    const model = { architecture: built, weights };
    const isText = kind === 'text';
    const apart = isText ? tokensApart(model, tokens) : numbersApart(model, numbers);
    const row = isText ? tokens : Int32Array.from(numbers.keys());
    const predicted = momentsOf(engines.wasm, built, weights, numbers, row);
    const found = evidenceOfNumber(engines.wasm, apart, predicted);
    expect(found.length).toBe(row.length);
    const step = 0.01;
    for (const at of row.keys()) {
      const [above, below] = [1 + step, 1 - step].map((factor) => meanAt(built, weights, at, factor));
      expect(found[at]).toBeCloseTo((above - below) / (2 * step), 3);
    }
    expect(Math.max(...found.map(Math.abs))).toBeGreaterThan(0.001);
  });
});

test('a row is coloured by its steps, in the units of its column, and has the number that is predicted', () => {
  const cells = Object.fromEntries(builtinCells);
  const options = { embedding: 0, layers: [{ cell: 'GRU', hidden: 6 }], tied: false };
  const moments = { mean: 20, deviation: 5 };
  const stored = (kind: 'text' | 'numbers', reads: readonly string[]): StoredRegression => ({
    ...{ format: 'CSV', reads, writes: 'took', kind, pool: 'last', decimals: 1, heldOutApart: false },
    standardisation: { reads: kind === 'numbers' ? { mean: 3, deviation: 2 } : null, writes: moments },
  });
  const ofNumbers = architecture(1, options, cells, signatureOfNumber('numbers', 'last'));
  const filler = openRegressorFiller(engines.wasm, {
    ...{ architecture: ofNumbers, weights: initialWeights(ofNumbers, 4), tokenizer: null },
    regression: stored('numbers', ['n1', 'n2', 'n3']),
  });
  const passage = { head: 'n1,took,n2,n3', text: '1.5,,12,\n3,20,4,5', from: 0, to: 1 };
  const found = filler.evidence!(passage)!;
  const places = found.tokens.map(({ from, to }) => [from.line, from.character, to.character]);
  expect(places).toEqual([
    [0, 0, 3],
    [0, 5, 7],
  ]);
  expect(found.value).toMatch(/^\d+\.\d$/);
  expect(filler.evidence!({ ...passage, text: 'a,,1,2' })).toBeNull();
  filler.dispose();

  const tokenizer = new Tokenizer('characters', Vocabulary.of('abc'), []);
  const ofText = architecture(tokenizer.size, options, cells, signatureOfNumber('text', 'max'));
  const weights = initialWeights(ofText, 5);
  const regression = { ...stored('text', ['line']), pool: 'max' as const };
  const reader = openRegressorFiller(engines.wasm, { architecture: ofText, weights, tokenizer, regression });
  const { tokens: read } = reader.evidence!({ head: 'line,took', text: 'cab,', from: 0, to: 1 })!;
  expect(read.map(({ from, to }) => [from.character, to.character])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  const row = tokenizer.encode('cab');
  const predicted = momentsOf(engines.tfjs, ofText, weights, new Float32Array(), row);
  const evidence = evidenceOfNumber(
    engines.tfjs,
    tokensApart({ architecture: ofText, weights }, row),
    predicted,
  );
  for (const [at, { attribution }] of read.entries()) expect(attribution).toBeCloseTo(5 * evidence[at], 4);
  reader.dispose();
});
