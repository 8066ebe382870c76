// Stored arrays that do not fit a network are refused in a sentence that says what is wrong with them.
import { expect, test } from 'vitest';
import type { Weight, Weights } from '../../src/backend/engine.ts';
import { checkCheckpoint, checkWeights, isFiniteCheckpoint } from '../../src/store/fit.ts';
import { initialWeights, parameters } from '../../src/tape/parameters.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import { builtin, network } from '../backend/networks.ts';

const architecture = network([builtin('Elman')]);
const weights = () => new Map<string, Weight>(initialWeights(architecture, 1));
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;

/** Returns weights in which one parameter has other data. */
function withData(name: string, value: number, from: Weights = weights()): Weights {
  const data = Float32Array.from(from.get(name)!.data);
  data[data.length - 1] = value;
  return new Map([...from, [name, { shape: from.get(name)!.shape, data }]]);
}

function checkpoint(changes: Partial<Checkpoint> = {}): Checkpoint {
  const moments = [weights(), weights()];
  return {
    weights: weights(),
    best: { weights: weights(), loss: 1, step: 1 },
    states: null,
    optimizer: { steps: 1, updates: 1, moments },
    ...changes,
  } as Checkpoint;
}

test('the weights of a network fit it', () => {
  expect(() => checkWeights(architecture, weights())).not.toThrow();
});

test.each<[string, () => Weights, RegExp]>([
  [
    'one is missing',
    () => new Map([...weights()].filter(([name]) => name !== 'output.b')),
    /output\.b is missing\. Train/,
  ],
  [
    'one has another shape',
    () => new Map([...weights(), ['layers.0.U', { shape: [2, 8], data: new Float32Array(16) }]]),
    /layers\.0\.U should be 4 × 4 and is 2 × 8\./,
  ],
  [
    'one has the shape of a single number',
    () => new Map([...weights(), ['output.b', { shape: [], data: new Float32Array(1) }]]),
    /output\.b should be 5 and is one number\./,
  ],
  [
    'one holds infinity',
    () => withData('layers.0.b', Number.POSITIVE_INFINITY),
    /layers\.0\.b holds something/,
  ],
  ['one holds NaN', () => withData('output.W', Number.NaN), /output\.W holds something that is no number/],
  [
    'there is one too many',
    () => new Map([...weights(), ['layers.1.U', weights().get('layers.0.U')!]]),
    /"layers\.1\.U" is none of its parameters\./,
  ],
])('weights are refused where %s', (_, damaged, message) => {
  expect(() => checkWeights(architecture, damaged())).toThrow(message);
});

test('a checkpoint fits with its weights, its best weights and its moments', () => {
  expect(parameters(architecture).every(({ trained }) => trained)).toBe(true);
  expect(() => checkCheckpoint(architecture, adam, checkpoint())).not.toThrow();
});

test('an infinite moment is allowed, and one that is no number is not', () => {
  const of = (value: number) => ({
    steps: 1,
    updates: 1,
    moments: [weights(), withData('output.b', value)],
  });
  const infinite = checkpoint({ optimizer: of(Number.POSITIVE_INFINITY) });
  expect(() => checkCheckpoint(architecture, adam, infinite)).not.toThrow();
  const none = checkpoint({ optimizer: of(Number.NaN) });
  expect(() => checkCheckpoint(architecture, adam, none)).toThrow(
    /output\.b holds something that is no number/,
  );
});

test.each<[string, Partial<Checkpoint>, RegExp]>([
  ['its weights are damaged', { weights: withData('output.b', Number.NaN) }, /output\.b holds/],
  [
    'its best weights are damaged',
    { best: { weights: new Map(), loss: 1, step: 1 } },
    /layers\.0\.\w+ is missing\. It cannot go on/,
  ],
  [
    'a state is no number',
    { states: new Map([['layers.0.h@1', { shape: [1, 1], data: Float32Array.of(Number.NaN) }]]) },
    /a state holds something that is no number/,
  ],
  [
    'its moments are those of momentum',
    { optimizer: { steps: 1, updates: 1, moments: [weights()] } },
    /another optimiser/,
  ],
])('a checkpoint is refused where %s', (_, changes, message) => {
  expect(() => checkCheckpoint(architecture, adam, checkpoint(changes))).toThrow(message);
});

test('a checkpoint is finite if its weights, best weights and states are', () => {
  expect(isFiniteCheckpoint(checkpoint())).toBe(true);
  expect(isFiniteCheckpoint(checkpoint({ weights: withData('output.b', Number.NaN) }))).toBe(false);
  const states = new Map([['h', { shape: [1, 1], data: Float32Array.of(Number.POSITIVE_INFINITY) }]]);
  expect(isFiniteCheckpoint(checkpoint({ states }))).toBe(false);
});
