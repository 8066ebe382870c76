// Gradient times input is the derivative of the log-probability by a factor of each token's input.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Architecture, Engine, Weights } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../../src/cells/index.ts';
import { layOutRows } from '../../../src/data/table/rowBatches.ts';
import type { LayerOptions } from '../../../src/language/options/options.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { evidenceOf } from '../../../src/tasks/acceptor/evidence.ts';
import { architecture, signatureOfRows } from '../../../src/training/configuration.ts';
import { readKernels } from '../../kernels/modules.ts';

const vocabulary = 9;
const tokens = Int32Array.from([3, 1, 4, 1, 5, 8, 2, 6, 5, 3, 5]);

let engines: Readonly<Record<string, Engine>>;

beforeAll(async () => {
  engines = {
    wasm: (await startWasm({ read: readKernels, threads: 1, spawn: null }))!,
    tfjs: (await startTfjs('', 'cpu')).engine,
  };
});

const build = (
  layers: readonly LayerOptions[],
  embedding: number,
  pool: 'last' | 'mean' | 'max',
): Architecture =>
  architecture(
    vocabulary,
    { embedding, layers: layers, tied: false },
    Object.fromEntries(builtinCells),
    signatureOfRows(3, pool),
  );

/** Returns the loss of the row where the input of one token is multiplied, as each has its own embedding. */
function lossAt(engine: Engine, built: Architecture, weights: Weights, at: number, factor: number): number {
  // The row's tokens become inputs of their own, behind those of the vocabulary.
  const { shape, data } = weights.get('embedding')!;
  const width = shape[1];
  const rows = new Float32Array(tokens.length * width);
  for (const [index, token] of tokens.entries())
    for (let unit = 0; unit < width; unit++)
      rows[index * width + unit] = data[token * width + unit] * (index === at ? factor : 1);
  const apart = { ...built, inputs: tokens.length };
  const own = new Map(weights).set('embedding', { shape: [tokens.length, width], data: rows });
  const how = { batch: 1, steps: 16, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
  const network = engine.train(apart, how, own);
  const { x, y } = layOutRows([{ tokens: Int32Array.from(tokens.keys()), target: 1 }], 1);
  const loss = network.evaluate(x, y, 1);
  network.dispose();
  return loss;
}

describe.each([
  ['a layer', 'last', [{ cell: 'GRU', hidden: 6 }]],
  [
    'both ways',
    'mean',
    [
      { cell: 'LSTM', hidden: 5, bidirectional: true },
      { cell: 'GRU', hidden: 4 },
    ],
  ],
  ['a simple cell', 'max', [{ cell: 'Elman', hidden: 6 }]],
] as const)('%s, read by its %s', (_, pool, layers) => {
  test('an embedding: as central differences say', () => {
    const built = build(layers, 5, pool);
    const weights = initialWeights(built, 1);
    const found = evidenceOf(engines.wasm, { architecture: built, weights }, tokens, 1);
    const step = 0.01;
    for (const at of tokens.keys()) {
      const [above, below] = [1 + step, 1 - step].map((factor) =>
        lossAt(engines.tfjs, built, weights, at, factor),
      );
      expect(found[at]).toBeCloseTo(-(above - below) / (2 * step), 4);
    }
    expect(Math.max(...found.map(Math.abs))).toBeGreaterThan(0.001);
  });

  test('one-hot inputs: the engines agree, and the same token counts for itself at each place', () => {
    const built = build(layers, 0, pool);
    const model = { architecture: built, weights: initialWeights(built, 2) };
    const [found, reference] = Object.values(engines).map((engine) => evidenceOf(engine, model, tokens, 2));
    for (const at of tokens.keys()) expect(found[at]).toBeCloseTo(reference[at], 5);
    // The largest value of a unit may be at another place, and then a token counts for nothing.
    const counted = [...found].filter((evidence) => evidence !== 0);
    expect(counted.length).toBeGreaterThan(1);
    expect(new Set(counted).size).toBe(counted.length);
  });
});

test('weights that are not trained count as well', () => {
  const built = build([{ cell: 'EchoState', hidden: 12 }], 0, 'mean');
  const model = { architecture: built, weights: initialWeights(built, 3) };
  expect(Math.max(...evidenceOf(engines.wasm, model, tokens, 0).map(Math.abs))).toBeGreaterThan(0);
});
