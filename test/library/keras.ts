// A reference for the layer: TensorFlow.js's own recurrent layers with the same weights, called in the same
// way.
import * as tf from '@tensorflow/tfjs';
import type { CellLayerConfig } from '../../src/library/cells.ts';
import { random } from '../../src/tape/random.ts';

export const kerasCells = ['LSTM', 'GRU', 'Elman'] as const;

/** A layer and how it is called, as JSON. */
export interface Call {
  readonly cell: (typeof kerasCells)[number];
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
  readonly returnState: boolean;
  readonly stateful: boolean;
  /** The mask by row and step, repeated as often as needed; null stands for no mask. */
  readonly mask: readonly boolean[] | null;
  /** The way tf.layers.bidirectional merges the two directions; null where the layer stands by itself. */
  readonly merge: 'concat' | 'sum' | 'ave' | 'mul' | null;
  readonly initialState: boolean;
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
  readonly seed: number;
}

/** The gates of their layers, in their kernels' order, and the states, in the order of their outputs. */
const gates = { LSTM: ['_i', '_f', '_g', '_o'], GRU: ['_z', '_r', '_g'], Elman: [''] } as const;
const states = { LSTM: ['h', 'c'], GRU: ['h'], Elman: ['h'] } as const;
/** Our layers return the states in the cell's own order. */
const ourStates = { LSTM: ['c', 'h'], GRU: ['h'], Elman: ['h'] } as const;

type Layer = (config: CellLayerConfig) => tf.layers.Layer;
type Outcome = readonly { readonly what: string; readonly value: tf.Tensor }[];

/**
 * Compares outputs, states and gradients; a stateful layer reads three batches, and is reset before the last.
 * @param call has at least two steps, because TensorFlow.js finds no gradient through one
 * @throws Error where the two differ
 */
export function compareWithKeras(layer: Layer, call: Call): void {
  tf.tidy(() => {
    const next = random(call.seed);
    const { cell, units, batch, steps, inputs, merge } = call;
    const options = {
      units,
      returnSequences: call.returnSequences,
      goBackwards: call.goBackwards,
      returnState: call.returnState,
      stateful: call.stateful,
    };
    const make = { LSTM: tf.layers.lstm, GRU: tf.layers.gru, Elman: tf.layers.simpleRNN }[cell];
    const wrap = (of: tf.layers.Layer) =>
      merge === null ? of : tf.layers.bidirectional({ layer: of as tf.RNN, mergeMode: merge });
    const ours = wrap(layer({ cell, ...options }));
    const config = JSON.parse(JSON.stringify(layer({ cell, ...options }).getConfig()));
    const Class = layer({ cell, units }).constructor as unknown as {
      fromConfig(made: unknown, config: unknown): tf.layers.Layer;
    };
    const restored = wrap(Class.fromConfig(Class, config));
    const theirs = wrap(make({ ...options, recurrentActivation: 'sigmoid' } as Parameters<typeof make>[0]));
    const tensor = (...shape: number[]) =>
      tf.tensor(
        Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * next() - 1),
        shape,
      );
    const directions = merge === null ? 1 : 2;
    const mask = call.mask && maskOf(call.mask, batch, steps);
    for (const each of [ours, restored, theirs]) each.build([batch, steps, inputs]);
    for (const each of [ours, restored, theirs]) each.built = true;
    const values = ours.weights.map(({ shape }) => tensor(...(shape as number[])));
    ours.setWeights(values);
    restored.setWeights(values);
    theirs.setWeights(kerasWeights(call, ours.weights.map(nameOf), values));

    for (let batchNumber = 0; batchNumber < (call.stateful ? 3 : 1); batchNumber++) {
      const x = tensor(batch, steps, inputs);
      const initial = Object.fromEntries(
        Array.from({ length: directions }, (_, direction) =>
          states[cell].map((name) => [`${name}${direction}`, tensor(batch, units)]),
        ).flat(),
      );
      if (call.stateful && batchNumber === 2) for (const each of [ours, restored, theirs]) each.resetStates();
      const run = (of: tf.layers.Layer, order: readonly string[]) =>
        outcome(call, of, x, mask, call.initialState ? inOrder(initial, order, directions) : null, order);
      const wanted = run(theirs, states[cell]);
      const names = ours.weights.map(nameOf);
      for (const [who, of] of [
        ['the layer', ours],
        ['the layer made from its configuration', restored],
      ] as const) {
        const found = run(of, ourStates[cell]);
        same(`batch ${batchNumber + 1} of ${who}`, call, found, wanted, names);
        for (const { value } of found.outputs) value.dispose();
      }
      for (const { value } of wanted.outputs) value.dispose();
    }
    for (const each of [ours, restored, theirs]) dispose(each);
  });
}

/** Frees weights and states: `Layer.dispose` refuses layers in no model, and leaves the states of theirs. */
function dispose(layer: tf.layers.Layer): void {
  const { forwardLayer, backwardLayer } = layer as unknown as Record<string, tf.layers.Layer | undefined>;
  for (const weight of layer.weights) weight.dispose();
  for (const each of forwardLayer && backwardLayer ? [forwardLayer, backwardLayer] : [layer]) {
    if (each.stateful) each.resetStates();
    tf.dispose((each as unknown as { states: tf.Tensor[] }).states.filter((state) => state !== null));
  }
}

const nameOf = ({ originalName }: tf.LayerVariable) => originalName.split('/').at(-1)!;

const inOrder = (of: Record<string, tf.Tensor>, order: readonly string[], directions: number) =>
  Array.from({ length: directions }, (_, direction) => order.map((name) => of[name + direction])).flat();

function maskOf(mask: readonly boolean[], batch: number, steps: number): tf.Tensor {
  const shown = Array.from({ length: batch * steps }, (_, i) => mask[i % mask.length] ?? true);
  return tf.tensor2d(shown.map(Number), [batch, steps], 'bool');
}

/** Returns our weights, by name, as their kernel, recurrent kernel and bias, for each direction in turn. */
function kerasWeights(
  { cell, merge }: Call,
  names: readonly string[],
  values: readonly tf.Tensor[],
): tf.Tensor[] {
  const each = values.length / (merge === null ? 1 : 2);
  return Array.from({ length: values.length / each }, (_, direction) => {
    const from = direction * each;
    const joined = (letter: string) =>
      tf.concat(gates[cell].map((gate) => values[from + names.slice(0, each).indexOf(letter + gate)]));
    return [joined('W').transpose(), joined('U').transpose(), joined('b')];
  }).flat();
}

/** Returns outputs and states by name, and the gradients of a sum in which each has its own weights. */
function outcome(
  { returnState, merge }: Call,
  layer: tf.layers.Layer,
  x: tf.Tensor,
  mask: tf.Tensor | null,
  initialState: tf.Tensor[] | null,
  order: readonly string[],
): { outputs: Outcome; dx: tf.Tensor; gradients: tf.Tensor[] } {
  let outputs: Outcome = [];
  const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const input = tf.variable(x);
  const { grads } = tf.variableGrads(() => {
    const kwargs = { ...(mask ? { mask } : {}), ...(initialState ? { initialState } : {}), training: true };
    const found = layer.apply(input, kwargs) as tf.Tensor | tf.Tensor[];
    const list = Array.isArray(found) ? found : [found];
    const names = ['output'];
    if (returnState)
      for (let direction = 0; direction < (merge === null ? 1 : 2); direction++)
        names.push(...order.map((name) => `${name} of direction ${direction + 1}`));
    if (list.length !== names.length)
      throw new Error(`There are ${list.length} outputs, not ${names.length}.`);
    outputs = list
      .map((value, index) => ({ what: names[index], value: tf.keep(value.clone()) }))
      .sort((a, b) => (a.what < b.what ? -1 : 1));
    // The terms are sorted by name, so that both layers are measured alike.
    return tf.addN(
      names
        .map((name, index) => ({ name, value: list[index] }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ value }, index) =>
          tf.sum(tf.mul(value.flatten(), tf.sin(tf.range(index + 1, index + 1 + value.size)))),
        ),
    ) as tf.Scalar;
  }, [...variables, input]);
  const gradients = variables.map(({ name }) => grads[name]);
  const dx = grads[input.name];
  input.dispose();
  return { outputs, dx, gradients };
}

function same(
  where: string,
  call: Call,
  found: ReturnType<typeof outcome>,
  wanted: ReturnType<typeof outcome>,
  names: readonly string[],
): void {
  for (const [index, { what, value }] of found.outputs.entries()) {
    const other = wanted.outputs[index];
    if (what !== other.what) throw new Error(`${where}: ${what} stands where ${other.what} should.`);
    close(`${where}: ${what}`, value, other.value);
  }
  close(`${where}: the gradient of the input`, found.dx, wanted.dx);
  const gradients = kerasWeights(call, names, found.gradients);
  for (const [index, gradient] of gradients.entries())
    close(`${where}: the gradient of their weight ${index}`, gradient, wanted.gradients[index]);
}

function close(what: string, found: tf.Tensor, wanted: tf.Tensor): void {
  if (found.shape.join() !== wanted.shape.join())
    throw new Error(`${what} is [${found.shape.join(', ')}], not [${wanted.shape.join(', ')}].`);
  const scale = Math.max(1, tf.max(tf.abs(wanted)).dataSync()[0]);
  const error = tf.max(tf.abs(tf.sub(found, wanted))).dataSync()[0];
  if (!(error / scale < 1e-4)) throw new Error(`${what} is off by ${error}.`);
}
