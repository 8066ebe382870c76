// Compares networks whose steps have several tokens with TensorFlow.js's bidirectional layer on the summed embeddings.
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { unrollNetwork } from '../../src/backend/tfjs/unroll.ts';
import type { Architecture } from '../../src/tape/architecture.ts';
import { initialise } from '../../src/tape/initialise.ts';
import { parameters } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { builtin } from './networks.ts';

const [inputs, outputs, embedding, hidden, each] = [9, 3, 4, 5, 3];

const architecture: Architecture = {
  inputs,
  outputs,
  embedding,
  tokensPerStep: each,
  layers: [{ cell: builtin('LSTM'), hidden, bidirectional: true }],
  tied: false,
  head: { kind: 'every step' },
};

test.each([
  [1, 3],
  [3, 7],
  [5, 4],
])('%i rows of %i steps: outputs and gradients as in tf.layers.bidirectional', (rows, steps) => {
  const next = random(rows);
  const described = parameters(architecture);
  const values = new Map(
    described.map(({ name, shape }) => [
      name,
      tf.tensor(initialise({ kind: 'normal', deviation: 0.5 }, shape, next), [...shape]),
    ]),
  );
  // A step of several tokens may lack those after the first.
  const x = Int32Array.from({ length: rows * steps * each }, (_, i) =>
    i % each > 0 && next() < 0.3 ? -1 : Math.floor(next() * inputs),
  );
  const own = (...tensors: tf.Tensor[]) => {
    const named = new Map(described.map(({ name }, i) => [name, tensors[i]]));
    return unrollNetwork(architecture, named, x, rows, null, { carry: steps, dropout: null }).logits;
  };

  const layer = tf.layers.bidirectional({
    layer: tf.layers.lstm({ units: hidden, recurrentActivation: 'sigmoid', returnSequences: true }),
    mergeMode: 'concat',
  }) as tf.layers.Layer;
  layer.apply(tf.zeros([rows, steps, embedding]));
  const joined = (of: ReadonlyMap<string, tf.Tensor>, direction: string, letter: string) =>
    tf.concat(['i', 'f', 'g', 'o'].map((gate) => of.get(`layers.0.${direction}.${letter}_${gate}`)!));
  const inTheirOrder = (of: ReadonlyMap<string, tf.Tensor>) =>
    ['forward', 'backward'].flatMap((direction) => [
      joined(of, direction, 'W').transpose(),
      joined(of, direction, 'U').transpose(),
      joined(of, direction, 'b'),
    ]);
  layer.setWeights(inTheirOrder(values));
  const table = tf.variable(values.get('embedding') as tf.Tensor2D);
  const theirs = () => {
    const counts = tf
      .oneHot(tf.tensor3d(x, [rows, steps, each], 'int32'), inputs)
      .toFloat()
      .sum(2);
    const summed = tf.matMul(counts.reshape([-1, inputs]), table as tf.Tensor2D);
    const h = layer.apply(summed.reshape([rows, steps, embedding])) as tf.Tensor3D;
    // The outputs are ordered step by step, as our logits are.
    const inSteps = tf.transpose(h, [1, 0, 2]).reshape([-1, 2 * hidden]) as tf.Tensor2D;
    const product = tf.matMul(inSteps, values.get('output.W') as tf.Tensor2D, false, true);
    return tf.add(product, values.get('output.b')!);
  };
  close(own(...values.values()), theirs());

  const loss = (logits: tf.Tensor) => tf.mean(tf.square(logits)).asScalar();
  const ownGradients = tf.grads((...tensors) => loss(own(...tensors)))([...values.values()]);
  const gradientOf = new Map(described.map(({ name }, i) => [name, ownGradients[i]]));
  const { grads } = tf.variableGrads(() => loss(theirs()));
  const named = (name: string) => grads[Object.keys(grads).find((key) => key.startsWith(name))!];
  close(gradientOf.get('embedding')!, grads[table.name]);
  const theirGradients = layer.trainableWeights.map(({ originalName }) => named(originalName));
  for (const [i, gradient] of inTheirOrder(gradientOf).entries()) close(gradient, theirGradients[i]);
});

function close(found: tf.Tensor, wanted: tf.Tensor): void {
  expect(found.shape).toEqual(wanted.shape);
  expect(tf.max(tf.abs(tf.sub(found, wanted))).arraySync()).toBeLessThan(1e-5);
}
