// A transducer from tagged text to its accuracy, on the compiled engine, and beside the reference.
import { beforeAll, expect, test } from 'vitest';
import type { Engine, TrainableNetwork, Weights } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import type { WasmNetwork } from '../../../src/backend/wasm/network.ts';
import { featureCount } from '../../../src/data/columns/wordFeatures.ts';
import type { Rows } from '../../../src/data/dataset.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { Probe } from '../../../src/tape/probing/probe.ts';
import { prepareTransducer } from '../../../src/tasks/transducer/index.ts';
import { configure } from '../../../src/training/configuration.ts';
import { tokenAccuracy } from '../../../src/training/measure.ts';
import { tagged } from '../../data/columns/tagged.ts';
import { readKernels } from '../../kernels/modules.ts';

let engines: readonly Engine[];
let reference: Engine;

beforeAll(async () => {
  engines = await Promise.all(
    [1, 2].map(async (threads) => (await startWasm({ read: readKernels, threads, spawn: null }))!),
  );
  ({ engine: reference } = await startTfjs('', 'cpu'));
});

const prepare = (source: string, settings: Record<string, unknown> = {}, definition: string | null = null) =>
  prepareTransducer({
    request: { documents: [source] },
    choice: { kind: 'transducer', reads: null, writes: null, heldOut: null },
    configuration: configure({
      settings: { 'model.embedding': 6, 'model.layers': 'both LSTM 5', ...settings },
      definition,
      cell: null,
    }),
    earlier: null,
    engine: async () => engines[0],
    breathe: async () => {},
    now: () => 0,
  });

const shape = (batch: number, steps: number) =>
  ({ batch, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 }) as const;
const update = { learningRate: 0.1, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0 };

/** Returns the first batch whose rows are not all of the same length. */
async function padded() {
  const { dataset, architecture } = await prepare(tagged(120, 1));
  const batches = dataset.batches({ batch: 7, k1: 1, k2: 1, seed: 1 });
  let batch = batches.next();
  while (batch.tokens === 7 * (batch.y.length / 7)) batch = batches.next();
  return { architecture, batches, batch, weights: initialWeights(architecture, 3) };
}

test('padding changes neither losses nor gradients: rows in a batch are as rows one by one, to 1e-5', async () => {
  const { architecture, batches, batch, weights } = await padded();
  const counted = batch.y.filter((target) => target >= 0).length;
  for (const engine of engines) {
    const together = engine.train(architecture, shape(7, batches.steps), weights) as WasmNetwork;
    const { loss } = together.step(batch.x, batch.y, { ...update, carry: batch.carry });
    const expected = new Map([...weights].map(([name, { data }]) => [name, new Float64Array(data.length)]));
    let sum = 0;
    for (const { x, y } of rowsOf(batch)) {
      const alone = engine.train(architecture, shape(1, y.length), weights) as WasmNetwork;
      const share = y.filter((target) => target >= 0).length / counted;
      sum += share * alone.step(x, y, { ...update, carry: y.length }).loss;
      for (const [name, { data }] of alone.gradients())
        for (const [i, value] of data.entries()) expected.get(name)![i] += share * value;
      alone.dispose();
    }
    expect(loss).toBeCloseTo(sum, 5);
    for (const [name, { data }] of together.gradients())
      for (const [i, value] of data.entries())
        expect(Math.abs(value - expected.get(name)![i]), `${name}[${i}]`).toBeLessThan(1e-5);
    together.dispose();
  }
});

test('the logits of a padded batch are those of its rows one by one, to 1e-5', async () => {
  const { architecture, batches, batch, weights } = await padded();
  const together = engines[0].train(architecture, shape(7, batches.steps), weights);
  const all = logitsOf(together, batch);
  const alone = rowsOf(batch).flatMap((row) => {
    const network = engines[0].train(architecture, shape(1, row.y.length), weights);
    const own = logitsOf(network, { ...row, rows: 1 });
    network.dispose();
    return own;
  });
  expect(all.length).toBe(alone.length);
  for (const [i, value] of all.entries()) expect(Math.abs(value - alone[i])).toBeLessThan(1e-5);
  together.dispose();
});

test('it learns as the reference does', async () => {
  const { architecture, batches, weights } = await padded();
  for (const engine of engines) {
    const networks = [reference, engine].map((each) =>
      each.train(architecture, shape(7, batches.steps), weights),
    );
    for (let step = 0; step < 4; step++) {
      const { x, y, carry } = batches.next();
      const [wanted, found] = networks.map((network) => {
        network.reset();
        return network.step(x, y, { ...update, carry });
      });
      expect(found.loss).toBeCloseTo(wanted.loss, 4);
      expect(found.gradientNorm).toBeCloseTo(wanted.gradientNorm, 4);
    }
    const [expected, actual] = networks;
    expectSame(actual.weights(), expected.weights());
    const batch = batches.next();
    expect(actual.evaluate(batch.x, batch.y, 7)).toBeCloseTo(expected.evaluate(batch.x, batch.y, 7), 4);
    const [found, wanted] = [actual, expected].map((network) => logitsOf(network, batch));
    expect(found).toEqual(wanted.map((value) => expect.closeTo(value, 4)));
    for (const network of networks) network.dispose();
  }
});

test('its accuracies are those of its outputs', async () => {
  const { dataset, architecture } = await prepare(tagged(120, 1));
  const network = engines[0].train(architecture, shape(4, 40), initialWeights(architecture, 3));
  const held = dataset.heldOut(4);
  const { metric, furtherMetrics } = tokenAccuracy.of(network, held);
  let [right, tokens, whole, sentences] = [0, 0, 0, 0];
  for (const { x, y } of held.flatMap(rowsOf)) {
    const { outputs } = architecture;
    const logits = logitsOf(network, { x, y, rows: 1 });
    const wrong = [...y].filter((target, t) => {
      const own = logits.slice(t * outputs, (t + 1) * outputs);
      return own.indexOf(Math.max(...own)) !== target;
    });
    sentences++;
    tokens += y.length;
    right += y.length - wrong.length;
    if (wrong.length === 0) whole++;
  }
  expect(metric).toBeCloseTo(right / tokens, 10);
  expect(furtherMetrics!['sentence accuracy']).toBeCloseTo(whole / sentences, 10);
  expect(Object.keys(furtherMetrics!)).toEqual(['sentence accuracy', 'macro F1']);
  network.dispose();
});

test('a file may say which steps teach', async () => {
  const definition = 'task\n  kind = transducer\n  teach = last 2\n';
  const { dataset } = await prepare(tagged(120, 1), {}, definition);
  const { y } = dataset.batches({ batch: 5, k1: 1, k2: 1, seed: 1 }).next();
  expect(y.filter((target) => target >= 0)).toHaveLength(10);
});

test('a probe looks into it', async () => {
  const { dataset, architecture } = await prepare(tagged(120, 1));
  const { tokens, target } = dataset.probed(20)!;
  const seen = new Probe(architecture, 20).look(initialWeights(architecture, 1), tokens, target);
  expect(tokens.length % featureCount).toBe(0);
  for (const gradients of Object.values(seen.gradientByLag))
    expect(gradients).toHaveLength(tokens.length / featureCount);
  expect(Object.keys(seen.gradientByLag).length).toBeGreaterThan(0);
});

test('the loss of a word in the middle depends on what is before it in one direction, and on what follows in the other', async () => {
  const { dataset, architecture } = await prepare(tagged(120, 1), { 'model.layers': 'both GRU 6' });
  const { tokens, target, middle } = dataset.probed(20)!;
  const steps = tokens.length / featureCount;
  expect(middle!.at).toBe(Math.floor(steps / 2));
  const weights = initialWeights(architecture, 1);
  const probe = new Probe(architecture, 20);
  const gradients = probe.gradients(weights, tokens, middle!);
  const [forward, backward] = ['forward', 'backward'].map((name) => gradients[`layers.0.${name}.h`]);
  for (let at = 0; at < steps; at++) {
    expect(forward[at] > 0).toBe(at <= middle!.at);
    expect(backward[at] > 0).toBe(at >= middle!.at);
  }
  // That of the last step is what the gradient by lag says.
  const { gradientByLag } = probe.look(weights, tokens, target);
  const last = probe.gradients(weights, tokens, { at: steps - 1, target });
  expect(last['layers.0.forward.h'].toReversed()).toEqual(gradientByLag['layers.0.forward.h']);
});

test('where no width of the embedding is chosen, it has one', async () => {
  const { architecture, start } = await prepare(tagged(120, 1), { 'model.embedding': 0 });
  expect(architecture.embedding).toBe(128);
  expect(start.remarks[0]).toContain('The embedding has 128 units');
});

test.each([
  [{ 'model.tied': true, 'model.embedding': 10, 'model.layers': 'LSTM 10' }, 'they cannot be tied'],
  [{ 'model.direction': 'backward' }, 'leave out `model.direction`'],
  [{ 'model.pool': 'max' }, 'leave out `model.pool`'],
  [{ 'model.tokens': 'pieces' }, 'leave out `model.tokens`'],
])('%j is refused', async (settings, sentence) => {
  await expect(prepare(tagged(120, 1), settings)).rejects.toThrow(sentence);
});

test('a text without tags is refused', async () => {
  await expect(prepare('Once upon a time.\n'.repeat(50))).rejects.toThrow('This has no tags to learn');
});

/** Returns the rows of a batch one by one, without padding. */
function rowsOf({ rows, x, y }: Rows): { x: Int32Array; y: Int32Array }[] {
  const steps = y.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const own = x.subarray(row * steps * featureCount, (row + 1) * steps * featureCount);
    const length = own.filter((token, i) => i % featureCount === 0 && token >= 0).length;
    return { x: own.slice(0, length * featureCount), y: y.slice(row * steps, row * steps + length) };
  }).filter((row) => row.y.length > 0);
}

function logitsOf(network: TrainableNetwork, { x, y, rows }: Rows): number[] {
  const values: number[] = [];
  network.logits(x, y, rows, (_, logits) => values.push(...logits));
  return values;
}

function expectSame(actual: Weights, expected: Weights): void {
  for (const [name, { data }] of expected)
    for (const [i, value] of data.entries()) expect(actual.get(name)!.data[i], name).toBeCloseTo(value, 4);
}
