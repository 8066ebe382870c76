// Compares a compiled cell, as an operation of TensorFlow.js, with its equations as plain TensorFlow.js
// operations.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { unrollNetwork } from '../../src/backend/tfjs/unroll.ts';
import { builtinCells } from '../../src/cells/index.ts';
import { type Cell, type CellShape, cells } from '../../src/library/cells.ts';
import { initialise } from '../../src/tape/initialise.ts';
import { random } from '../../src/tape/random.ts';
import { readLastCell } from '../../src/training/readOptions.ts';
import { stackableCells } from '../backend/networks.ts';
import { readKernels } from '../kernels/modules.ts';

let make: (text: string, shape: CellShape) => Cell;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(`${dirname(wasm)}/dist/`);
  ({ cell: make } = await cells(tf, { read: readKernels }));
});

const [batch, inputs, units] = [3, 4, 5];

interface Given {
  readonly x: tf.Tensor3D;
  readonly parameters: tf.NamedTensorMap;
  readonly states: tf.NamedTensorMap;
}

type Outputs = ReturnType<Cell['apply']>;

/** Returns random values without the zeros that initialisers leave, so that every path counts. */
function given(cell: Cell, steps: number): Given {
  const next = random(steps);
  const some = (shape: readonly number[]) =>
    tf.tensor(
      initialise(
        { kind: 'uniform', limit: 0.6 },
        shape.length < 2 ? [...shape, 1] : [shape[0], shape.slice(1).reduce((a, b) => a * b, 1)],
        next,
      ),
      [...shape],
    );
  return {
    x: some([batch, steps, inputs]) as tf.Tensor3D,
    parameters: Object.fromEntries(cell.parameters.map(({ name, shape }) => [name, some(shape)])),
    states: Object.fromEntries(cell.states.map(({ name, width }) => [name, tf.add(some([batch, width]), 1)])),
  };
}

/**
 * Runs the reference engine on a network in which every step of every row has its own token, embedded as its
 * input, and whose output layer passes on the cell's output.
 */
function reference(text: string, cell: Cell, { x, parameters, states }: Given): Outputs {
  const checked = readLastCell(builtinCells.get(text) ?? text, 'The text');
  const steps = x.shape[1];
  const vocabulary = Math.max(batch * steps, cell.outputs);
  const identity = tf.eye(vocabulary, cell.outputs);
  const named = Object.entries(parameters).map(([name, value]) => [`layers.0.${name}`, value] as const);
  const embedding = tf.pad(x.reshape([batch * steps, inputs]) as tf.Tensor2D, [
    [0, vocabulary - batch * steps],
    [0, 0],
  ]);
  const before = Object.entries(states).map(([name, value]) => [keyOf(name), value]);
  const unrolled = unrollNetwork(
    {
      inputs: vocabulary,
      outputs: vocabulary,
      embedding: inputs,
      layers: [{ cell: checked, hidden: units }],
      tied: false,
      head: { kind: 'every step' },
    },
    new Map<string, tf.Tensor>([
      ...named,
      ['embedding', embedding],
      ['output.W', identity],
      ['output.b', tf.zeros([vocabulary])],
    ]),
    Int32Array.from({ length: batch * steps }, (_, i) => i),
    batch,
    Object.fromEntries(before),
    { carry: steps, dropout: null },
  );
  const y = tf.slice(unrolled.logits, [0, 0], [batch * steps, cell.outputs]);
  return {
    y: tf.transpose(y.reshape([steps, batch, cell.outputs]), [1, 0, 2]) as tf.Tensor3D,
    states: Object.fromEntries(cell.states.map(({ name }) => [name, unrolled.states[keyOf(name)]])),
  };
}

/** Returns the engine's key of a state, such as layers.0.h@2 for h[t-2]. */
const keyOf = (state: string) => `layers.0.${state.replace(/\[t-(\d+)\]/, '@$1')}`;

/** Returns a number to which every output of every step contributes with its own weight. */
function measure({ y, states }: Outputs): tf.Scalar {
  const weighted = (each: tf.Tensor, index: number) => {
    const weights = tf.tensor(Float32Array.from({ length: each.size }, (_, i) => Math.sin(i + index + 1)));
    return tf.sum(tf.mul(each.flatten(), weights));
  };
  return tf.tidy(() => tf.addN([y, ...Object.values(states)].map(weighted)) as tf.Scalar);
}

function valueAndGradients(of: Given, outputs: (of: Given) => Outputs) {
  const names = Object.keys(of.parameters);
  const stateNames = Object.keys(of.states);
  const every = [of.x, ...Object.values(of.parameters), ...Object.values(of.states)];
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const [x, ...others] = tensors;
    const value = measure(
      outputs({
        x: x as tf.Tensor3D,
        parameters: Object.fromEntries(names.map((name, i) => [name, others[i]])),
        states: Object.fromEntries(stateNames.map((name, i) => [name, others[names.length + i]])),
      }),
    );
    // TensorFlow.js refuses the gradient of a tensor that takes no part.
    return tf.addN([value, ...tensors.map((tensor) => tf.mul(tf.sum(tensor), 0))]) as tf.Scalar;
  })(every);
  const labels = ['x', ...names, ...stateNames];
  return { value, gradients: new Map(labels.map((label, index) => [label, grads[index]])) };
}

function expectClose(actual: tf.Tensor, expected: tf.Tensor, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape);
  const size = Math.max(1e-2, tf.max(tf.abs(expected)).dataSync()[0]);
  expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0] / size, what).toBeLessThan(1e-4);
}

function check(text: string, steps = 4): void {
  tf.tidy(() => {
    const cell = make(text, { units, inputs });
    const of = given(cell, steps);
    const outputs = cell.apply(of.x, of.parameters, of.states);
    const wanted = reference(text, cell, of);
    expectClose(outputs.y, wanted.y, 'y');
    for (const [name, state] of Object.entries(wanted.states)) expectClose(outputs.states[name], state, name);

    const found = valueAndGradients(of, ({ x, parameters, states }) => cell.apply(x, parameters, states));
    const slow = valueAndGradients(of, (each) => reference(text, cell, each));
    expectClose(found.value, slow.value, 'value');
    const fixed = new Set(cell.parameters.flatMap(({ name, trained }) => (trained ? [] : [name])));
    for (const [name, gradient] of slow.gradients)
      expectClose(found.gradients.get(name)!, fixed.has(name) ? tf.zerosLike(gradient) : gradient, name);
  });
}

const own: Record<string, string> = {
  'two lags': 'cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-2] + b)\n',
  'a lag of three': 'cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\n h[0] = learned\n',
  'an input of an earlier step': 'cell A\n p[t] = V x[t]\n width p = 3\n h[t] = tanh(W p[t] + U p[t-1])\n',
  'the input of an earlier step':
    'cell A\n n[t] = n[t-1] + sum(x[t])\n h[t] = tanh(W x[t-1] + U (Wᵀ h[t-1]) + a * n[t])\n width a = 1\n',
  'an output of its own width':
    'cell A\n h[t] = tanh(W x[t] + U h[t-1])\n o[t] = V h[t]\n width o = 2\n output o[t]\n',
  'the input itself': 'cell A\n p[t] = x[t] * x[t] + p[t-1] / 2\n h[t] = W p[t] + h[t-1] / 2\n',
  functions:
    'cell A\n h[t] = clip(W x[t] + U h[t-1], -0.3, 0.4) + sqrt(abs(a) + 1) * exp(-h[t-1]) + log(2 + relu(h[t-1]))^2\n',
};

describe.each(['cpu', 'wasm'])('on the backend %s: values and gradients', (backend) => {
  beforeAll(() => tf.setBackend(backend));

  test.each(stackableCells.filter((name) => name !== 'Jordan'))('%s', (name) => check(name));
  test.each(Object.entries(own))('%s', (_name, text) => check(text));
  test('a sequence shorter than the lags', () => check(own['a lag of three'], 1));
});

describe('on the backend cpu', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test('gradients are central differences', () => {
    tf.tidy(() => {
      const cell = make('LSTM', { units, inputs });
      const of = given(cell, 4);
      const at = (changed: Given) =>
        measure(cell.apply(changed.x, changed.parameters, changed.states)).dataSync()[0];
      const { gradients } = valueAndGradients(of, ({ x, parameters, states }) =>
        cell.apply(x, parameters, states),
      );
      for (const name of ['x', 'U_f', 'b_o', 'c[t-1]']) {
        const moved = (by: number, i: number): Given => {
          const move = (tensor: tf.Tensor) => {
            const values = tensor.dataSync().slice();
            values[i] += by;
            return tf.tensor(values, tensor.shape);
          };
          if (name === 'x') return { ...of, x: move(of.x) as tf.Tensor3D };
          if (name in of.states) return { ...of, states: { ...of.states, [name]: move(of.states[name]) } };
          return { ...of, parameters: { ...of.parameters, [name]: move(of.parameters[name]) } };
        };
        const gradient = gradients.get(name)!;
        const numeric = Array.from(
          { length: gradient.size },
          (_, i) => (at(moved(1e-2, i)) - at(moved(-1e-2, i))) / 2e-2,
        );
        const analytic = gradient.dataSync();
        const error = Math.hypot(...numeric.map((slope, i) => slope - analytic[i]));
        expect(error / Math.hypot(...numeric), name).toBeLessThan(1e-3);
      }
    });
  });

  test('states go on: two halves are a whole', () => {
    tf.tidy(() => {
      const cell = make(own['a lag of three'], { units, inputs });
      const { x, parameters } = given(cell, 6);
      const whole = cell.apply(x, parameters);
      const first = cell.apply(tf.slice(x, [0, 0, 0], [batch, 2, inputs]), parameters);
      const second = cell.apply(tf.slice(x, [0, 2, 0], [batch, 4, inputs]), parameters, first.states);
      expectClose(tf.concat([first.y, second.y], 1), whole.y, 'y');
      for (const [name, state] of Object.entries(whole.states)) expectClose(second.states[name], state, name);
    });
  });

  test('a learned initial state has its gradient', () => {
    tf.tidy(() => {
      const cell = make(own['a lag of three'], { units, inputs });
      const { x, parameters } = given(cell, 4);
      const gradient = (apply: (h: tf.Tensor) => Outputs) =>
        tf.grad((h: tf.Tensor) => measure(apply(h)))(parameters['h[0]']);
      const state = (h: tf.Tensor) => tf.tile(h.reshape([1, units]), [batch, 1]);
      expectClose(
        gradient((h) => cell.apply(x, { ...parameters, 'h[0]': h })),
        gradient((h) =>
          reference(own['a lag of three'], cell, {
            x,
            parameters,
            states: { 'h[t-1]': state(h), 'h[t-2]': state(h), 'h[t-3]': state(h) },
          }),
        ),
        'h[0]',
      );
    });
  });

  test('one cell several times in one loss: each passes back what is its own', () => {
    tf.tidy(() => {
      const cell = make('GRU', { units, inputs: units });
      const next = random(1);
      const x = tf.tensor3d(initialise({ kind: 'uniform', limit: 1 }, [batch, 4 * units], next), [
        batch,
        4,
        units,
      ]);
      const parameters = cell.initialParameters();
      const other = cell.initialParameters(2);
      const stack = (apply: (of: tf.Tensor3D, parameters: tf.NamedTensorMap) => tf.Tensor3D) =>
        tf.grad((x: tf.Tensor) =>
          measure({ y: apply(apply(x as tf.Tensor3D, parameters), other), states: {} }),
        )(x);
      const fresh = (): Cell => make('GRU', { units, inputs: units });
      expectClose(
        stack((of, each) => cell.apply(of, each).y),
        stack((of, each) => fresh().apply(of, each).y),
        'x',
      );
    });
  });

  test('no tensor is left behind', () => {
    const cell = make('LSTM', { units, inputs });
    const of = given(cell, 4);
    const before = tf.memory().numTensors;
    const { y, states } = cell.apply(of.x, of.parameters, of.states);
    expect(tf.memory().numTensors).toBe(before + 1 + Object.keys(states).length);
    tf.dispose([y, states]);
    const { value, grads } = tf.valueAndGrads((x: tf.Tensor) =>
      measure(cell.apply(x as tf.Tensor3D, of.parameters)),
    )([of.x]);
    tf.dispose([value, grads]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([of.x, of.parameters, of.states]);
  });
});

test.each([
  [
    'Jordan',
    {},
    "The cell Jordan reads the network's output `y`, which an operation by itself does not know.",
  ],
  ['LSTM', { units: 0 }, '`units` is a whole number from 1, not 0.'],
  ['cell A\n h[t] = W x[t] +\n', {}, 'The text has a mistake in line 2:'],
  ['Lstm', {}, 'The text has'],
])('%j is refused with a sentence', (text, shape, message) => {
  expect(() => make(text, { units, inputs, ...shape })).toThrow(message);
});

test('what is missing or has another shape is named', () => {
  tf.tidy(() => {
    const cell = make('Elman', { units, inputs });
    const { x, parameters, states } = given(cell, 2);
    const check = (message: string, ...[of, by, from]: Parameters<Cell['apply']>) =>
      expect(() => cell.apply(of, by, from)).toThrow(message);
    check('Elman reads [batch, steps, 4], not [3, 2, 2].', tf.zeros([3, 2, 2]), parameters);
    check('Elman needs the parameter `U`, [5, 5].', x, { ...parameters, U: undefined as never });
    check('The parameter `U` of Elman is [5, 5], not [5].', x, { ...parameters, U: tf.zeros([5]) });
    check('The state `h[t-1]` of Elman is [3, 5], not [1, 5].', x, parameters, {
      ...states,
      'h[t-1]': tf.zeros([1, 5]),
    });
  });
});
