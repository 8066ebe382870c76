// An acceptor from a table to its accuracy, on the compiled engine, and beside the reference.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine, TrainableNetwork, Weights } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import type { WasmNetwork } from '../../../src/backend/wasm/network.ts';
import type { Rows } from '../../../src/data/dataset.ts';
import type { Pool } from '../../../src/language/options/options.ts';
import { emptyPoints, type Measured, type ValidationPoint } from '../../../src/protocol/run.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { Probe } from '../../../src/tape/probing/probe.ts';
import { random } from '../../../src/tape/random.ts';
import { prepareAcceptor } from '../../../src/tasks/acceptor/index.ts';
import type { Finished } from '../../../src/tasks/task.ts';
import { configure } from '../../../src/training/configuration.ts';
import { Controls } from '../../../src/training/controls.ts';
import { accuracy } from '../../../src/training/measure.ts';
import { train } from '../../../src/training/trainer.ts';
import { readKernels } from '../../kernels/modules.ts';

let engine: Engine;
let reference: Engine;

beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  ({ engine: reference } = await startTfjs('', 'cpu'));
});

/** Rows of random letters by which of two words they contain: what counts may be anywhere in a row. */
function wordTable(): string {
  const next = random(11);
  const letters = (most: number) =>
    Array.from({ length: Math.floor(next() * most) }, () => 'abcd'[Math.floor(next() * 4)]).join('');
  const rows = Array.from({ length: 600 }, () => {
    const isYes = next() < 0.6;
    return `${letters(12)}${isYes ? 'xy' : 'yx'}${letters(12)}\t${isYes ? 'yes' : 'no'}`;
  });
  return ['text\tlabel', ...rows].join('\n');
}

/** Rows of random letters by their last one. */
function endingTable(): string {
  const next = random(12);
  const rows = Array.from({ length: 500 }, () => {
    const length = 1 + Math.floor(next() * 15);
    const text = Array.from({ length }, () => 'abcd'[Math.floor(next() * 4)]).join('');
    return `${text}\t${text.at(-1)}`;
  });
  return ['text\tlabel', ...rows].join('\n');
}

const configuration = (settings: Record<string, unknown>) =>
  configure({
    settings: { 'model.embedding': 8, 'model.dropout': 0, 'train.seconds': null, ...settings },
    definition: null,
    cell: null,
  });

const prepare = (source: string, pool: Pool, settings: Record<string, unknown>) =>
  prepareAcceptor({
    request: { documents: [source] },
    choice: { kind: 'acceptor', reads: null, writes: null, heldOut: null },
    configuration: configuration({ ...settings, 'model.pool': pool }),
    earlier: null,
    engine: async () => engine,
    breathe: async () => {},
    now: () => 0,
  });

test.each([
  ['which word they contain', wordTable(), 'mean', 'GRU 24'],
  ['which word they contain', wordTable(), 'max', 'GRU 24'],
  ['which word they contain', wordTable(), 'last', 'both GRU 12'],
  ['their last letter', endingTable(), 'last', 'LSTM 12'],
] as const)('rows are told apart by %s (%#)', async (_, source, pool, layers) => {
  const settings = {
    'model.layers': layers,
    'train.epochs': 30,
    'train.batch': 20,
    'train.learningRate': 0.01,
    'train.patience': null,
  };
  const { model, train: options } = configuration(settings);
  const task = await prepare(source, pool, settings);
  const controls = Controls.none();
  const validations: ValidationPoint[] = [];
  const points = emptyPoints();
  let finished: Finished | null = null;
  let evaluated: Measured = {};
  const probe = new Probe(task.architecture, 20);
  const { result } = await train({
    dataset: task.dataset,
    metric: task.metric,
    architecture: task.architecture,
    model,
    options,
    engine,
    weights: initialWeights(task.architecture, 1),
    checkpoint: null,
    probe: {
      steps: probe.steps,
      look: (weights, { tokens, target }) => probe.look(weights, tokens, target),
      rest() {},
    },
    controls,
    breathe: async () => {},
    now: () => performance.now(),
    observer: {
      started() {},
      paused() {},
      resumed() {},
      improved() {},
      progress(_, fresh) {
        validations.push(...fresh.validations);
        points.probes.push(...fresh.probes);
      },
      async ended(trained, network) {
        finished = await task.finish({
          trained,
          network,
          predictor: () => {
            throw new Error('An acceptor predicts no text.');
          },
        });
        network.load(trained.best.weights);
        evaluated = accuracy.of(network, task.dataset.heldOut(network.shape.batch));
      },
    },
  });
  const [{ value: baseline }] = task.dataset.baselines;
  expect(baseline).toBeLessThan(0.75);
  expect(result.metric).toBeGreaterThan(0.95);
  // The result is the best of what was measured, and is true of the weights that are kept.
  expect(result.metric).toBe(Math.max(...validations.map(({ metric }) => metric!)));
  expect(evaluated.metric).toBe(result.metric);
  expect(evaluated.furtherMetrics).toEqual(result.furtherMetrics);
  expect(result.furtherMetrics!['macro F1']).toBeGreaterThan(0.95);
  const equal = validations.filter(({ metric }) => metric === result.metric);
  expect(result.validationLoss).toBe(Math.min(...equal.map(({ loss }) => loss)));
  // The network is right on nearly all rows, so that it stays alone.
  const aloneSaid = /^N-grams of the classes do not help the network .*the network alone (1\.000|0\.9\d\d)/;
  expect(finished).toMatchObject({ mixture: null, remarks: [expect.stringMatching(aloneSaid)] });
  expect(points.probes.length).toBeGreaterThan(0);
  expect(Object.keys(points.probes[0].gradientByLag).length).toBeGreaterThan(0);
});

const update = { learningRate: 0.1, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0 };

describe.each(['last', 'mean', 'max'] as const)('with the pool %s', (pool) => {
  const settings = { 'model.layers': 'LSTM 6, GRU 5', 'train.epochs': 1 };
  const shape = (batch: number, steps: number) =>
    ({ batch, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 }) as const;

  const make = async () => {
    const { dataset, architecture } = await prepare(wordTable(), pool, settings);
    const batches = dataset.batches({ batch: 7, k1: 1, k2: 1, seed: 1 });
    // A batch in which not all rows are of the same length.
    let batch = batches.next();
    while (!isPadded(batch)) batch = batches.next();
    return { architecture, batches, batch, weights: initialWeights(architecture, 3) };
  };

  test('padding changes neither losses nor gradients: rows in a batch are as rows one by one, to 1e-5', async () => {
    const { architecture, batches, batch, weights } = await make();
    const together = engine.train(architecture, shape(7, batches.steps), weights) as WasmNetwork;
    const { loss } = together.step(batch.x, batch.y, { ...update, carry: batch.carry });
    const expected = new Map([...weights].map(([name, { data }]) => [name, new Float64Array(data.length)]));
    let sum = 0;
    for (const { x, y } of rowsOf(batch)) {
      const alone = engine.train(architecture, shape(1, x.length), weights) as WasmNetwork;
      sum += alone.step(x, y, { ...update, carry: x.length }).loss;
      for (const [name, { data }] of alone.gradients())
        for (const [i, value] of data.entries()) expected.get(name)![i] += value / batch.rows;
      alone.dispose();
    }
    expect(loss).toBeCloseTo(sum / batch.rows, 5);
    for (const [name, { data }] of together.gradients())
      for (const [i, value] of data.entries())
        expect(Math.abs(value - expected.get(name)![i]), `${name}[${i}]`).toBeLessThan(1e-5);
    together.dispose();
  });

  test('it learns as the reference does', async () => {
    const { architecture, batches, weights } = await make();
    const networks = [reference, engine].map((each) =>
      each.train(architecture, shape(7, batches.steps), weights),
    );
    const [expected, actual] = networks;
    for (let step = 0; step < 6; step++) {
      const { x, y, carry } = batches.next();
      const [wanted, found] = networks.map((network) => {
        network.reset();
        return network.step(x, y, { ...update, carry });
      });
      expect(found.loss).toBeCloseTo(wanted.loss, 4);
      expect(found.gradientNorm).toBeCloseTo(wanted.gradientNorm, 4);
    }
    expectSame(actual.weights(), expected.weights());
    const { x, y } = batches.next();
    expect(logitsOf(actual, { x, y, rows: 7 })).toEqual(
      logitsOf(expected, { x, y, rows: 7 }).map((value) => expect.closeTo(value, 4)),
    );
    for (const network of networks) network.dispose();
  });
});

function isPadded({ x }: Rows): boolean {
  return x.includes(-1);
}

/** Returns the rows of a batch one by one, without padding. */
function rowsOf({ rows, x, y }: Rows): { x: Int32Array; y: Int32Array }[] {
  const steps = x.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const own = x.slice(row * steps, (row + 1) * steps);
    const length = own.filter((token) => token >= 0).length;
    return { x: own.slice(0, length), y: y.slice(row * steps, row * steps + length) };
  });
}

function logitsOf(network: TrainableNetwork, { x, y, rows }: Rows): number[] {
  const values: number[] = [];
  network.logits(x, y, rows, (_, logits) => values.push(...logits));
  expect(values).toHaveLength(2 * rows);
  return values;
}

function expectSame(actual: Weights, expected: Weights): void {
  for (const [name, { data }] of expected)
    for (const [i, value] of data.entries()) expect(actual.get(name)!.data[i], name).toBeCloseTo(value, 4);
}
