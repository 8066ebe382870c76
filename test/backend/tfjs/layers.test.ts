// Compares LSTM and GRU, compiled from their equations, with TensorFlow.js's own layers of the same weights.
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { unrollNetwork } from '../../../src/backend/tfjs/unroll.ts';
import type { Architecture } from '../../../src/tape/architecture.ts';
import { initialise } from '../../../src/tape/initialise.ts';
import { parameters as describeParameters } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { builtin, tokens } from '../networks.ts';

beforeAll(() => tf.setBackend('cpu'));

const [vocabulary, hidden, batch, steps] = [6, 5, 3, 7];

const layers = {
  // The order of the gates in the layer's kernel.
  LSTM: { gates: ['i', 'f', 'g', 'o'], make: tf.layers.lstm },
  GRU: { gates: ['z', 'r', 'g'], make: tf.layers.gru },
};

test.each(['LSTM', 'GRU'] as const)('%s: outputs and gradients', (name) => {
  const { gates, make } = layers[name];
  const architecture: Architecture = {
    inputs: vocabulary,
    outputs: vocabulary,
    embedding: 0,
    layers: [{ cell: builtin(name), hidden }],
    tied: false,
    head: { kind: 'every step' },
  };
  const next = random(7);
  const descriptions = describeParameters(architecture);
  const values = new Map(
    descriptions.map(({ name, shape }) => [
      name,
      tf.tensor(initialise({ kind: 'normal', deviation: 0.5 }, shape, next), [...shape]),
    ]),
  );
  const x = tokens(batch * steps, vocabulary, 1);
  const W = values.get('output.W') as tf.Tensor2D;
  const b = values.get('output.b')!;

  const own = (...tensors: tf.Tensor[]) => {
    const named = new Map(descriptions.map(({ name }, i) => [name, tensors[i]]));
    return unrollNetwork(architecture, named, x, batch, null, { carry: steps, dropout: null }).logits;
  };

  const layer = make({ units: hidden, recurrentActivation: 'sigmoid', returnSequences: true });
  const input = tf.oneHot(tf.tensor2d(x, [batch, steps], 'int32'), vocabulary).toFloat();
  // The first call creates the weights, which can only then be set.
  layer.apply(input);
  const joined = (letter: string) =>
    tf.concat(gates.map((gate) => values.get(`layers.0.${letter}_${gate}`)!));
  layer.setWeights([joined('W').transpose(), joined('U').transpose(), joined('b')]);
  const theirs = () => {
    // The outputs are ordered step by step, as our logits are.
    const h = tf.transpose(layer.apply(input) as tf.Tensor3D, [1, 0, 2]).reshape([-1, hidden]);
    return tf.add(tf.matMul(h as tf.Tensor2D, W, false, true), b);
  };
  close(own(...values.values()), theirs());

  const loss = (logits: tf.Tensor) => tf.mean(tf.square(logits)).asScalar();
  const ownGradients = tf.grads((...tensors) => loss(own(...tensors)))([...values.values()]);
  const gradientOf = new Map(descriptions.map(({ name }, i) => [name, ownGradients[i]]));
  const { grads } = tf.variableGrads(() => loss(theirs()));
  const [kernel, recurrent, bias] = layer.trainableWeights.map(({ originalName }) => {
    const key = Object.keys(grads).find((key) => key.startsWith(originalName))!;
    return grads[key];
  });
  for (const [letter, gradient] of Object.entries({ W: kernel, U: recurrent, b: bias })) {
    const mine = tf.concat(gates.map((gate) => gradientOf.get(`layers.0.${letter}_${gate}`)!));
    close(mine, gradient.rank === 2 ? gradient.transpose() : gradient);
  }
});

function close(found: tf.Tensor, wanted: tf.Tensor): void {
  expect(found.shape).toEqual(wanted.shape);
  expect(tf.max(tf.abs(tf.sub(found, wanted))).arraySync()).toBeLessThan(1e-5);
  expect(tf.max(tf.abs(wanted)).arraySync()).toBeGreaterThan(1e-3);
}
