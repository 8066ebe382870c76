// A compiled cell as an operation of TensorFlow.js, with its gradient. TensorFlow.js passes a kernel nothing
// but tensors and attributes, so the operation with its tapes and the alignment of masked steps are
// attributes.
import type * as tfjs from '@tensorflow/tfjs';
import type { Weights } from '../backend/engine.ts';
import type { Machine } from '../backend/wasm/module.ts';
import { WasmRecurrence } from '../backend/wasm/recurrence.ts';
import type { CompiledRecurrence } from '../tape/compile.ts';
import type { ParameterDescription } from '../tape/parameterDescription.ts';
import type { Alignment } from './alignment.ts';
import type { CellState, TensorFlow } from './types.ts';

const kernelName = 'UnrollCell';
const gradientName = 'UnrollCellGradient';
/** The backends whose tensors are plain numbers in memory. */
const backends = ['cpu', 'wasm'];

/** The most tapes that are kept, one for each shape of batch: of training, its last batch and validation. */
const mostTapes = 4;

/** The names and shapes of the operation's inputs after x, in order. */
export interface Signature {
  readonly states: readonly CellState[];
  readonly parameters: readonly ParameterDescription[];
  /** The index in `states` of the cell's output; null where the output is not a state. */
  readonly output: number | null;
}

interface Numbers {
  readonly x: Float32Array;
  readonly states: Float32Array;
  readonly weights: Weights;
  readonly lengths: Int32Array | null;
}

export class Operation {
  readonly signature: Signature;
  readonly #make: (rows: number, steps: number) => WasmRecurrence;
  readonly #tapes = new Map<string, WasmRecurrence>();
  /** The pass whose values a tape holds, until another pass or the backward pass overwrites them. */
  readonly #held = new WeakMap<WasmRecurrence, number>();
  #passes = 0;

  constructor(machine: Machine, compiled: CompiledRecurrence, signature: Signature) {
    this.signature = signature;
    this.#make = (rows, steps) => new WasmRecurrence(machine, compiled, signature.parameters, rows, steps);
  }

  forward(rows: number, steps: number, { x, states, weights, lengths }: Numbers) {
    const tape = this.#tape(rows, steps);
    const pass = ++this.#passes;
    this.#held.set(tape, pass);
    return { ...tape.forward(x, states, weights, lengths), pass };
  }

  /** Runs the backward pass of pass number `pass`, which is run again where its values were overwritten. */
  backward(
    rows: number,
    steps: number,
    pass: number,
    { x, states, weights, lengths }: Numbers,
    dy: Float32Array,
    dStates: Float32Array,
  ) {
    const tape = this.#tape(rows, steps);
    if (this.#held.get(tape) !== pass) tape.forward(x, states, weights, lengths);
    this.#held.delete(tape);
    return tape.backward(dy, dStates, lengths);
  }

  #tape(rows: number, steps: number): WasmRecurrence {
    const key = `${rows} ${steps}`;
    const tape = this.#tapes.get(key) ?? this.#make(rows, steps);
    // The most recently used tape goes last, so that the first one is evicted.
    this.#tapes.delete(key);
    this.#tapes.set(key, tape);
    if (this.#tapes.size > mostTapes) this.#tapes.delete(this.#tapes.keys().next().value!);
    return tape;
  }
}

/**
 * Runs the operation, and records it on TensorFlow.js's gradient tape where that is on.
 * @param inputs x [batch × steps × inputs], then the signature's states [batch × width] and parameters
 * @param alignment the alignment of the steps that are not masked; null where none is masked
 * @returns y [batch × steps × units] and the states after the last step
 */
export function runOperation(
  tf: TensorFlow,
  operation: Operation,
  inputs: readonly tfjs.Tensor[],
  alignment: Alignment | null,
): { y: tfjs.Tensor3D; states: tfjs.Tensor2D[] } {
  const [y, pass, ...states] = run(tf, kernelName, inputs, { operation, alignment });
  pass.dispose();
  return { y: y as tfjs.Tensor3D, states: states as tfjs.Tensor2D[] };
}

/** Registers the kernels and the gradient, once for each instance of TensorFlow.js. */
export function registerOperation(tf: TensorFlow): void {
  for (const backendName of backends) {
    if (tf.getKernel(kernelName, backendName)) continue;
    tf.registerKernel({ kernelName, backendName, kernelFunc: forwardKernel });
    tf.registerKernel({ kernelName: gradientName, backendName, kernelFunc: backwardKernel });
  }
  if (tf.getGradient(kernelName)) return;
  tf.registerGradient({
    kernelName,
    saveAllInputs: true,
    outputsToSave: [false, true],
    gradFunc: (dys, saved, attributes) => {
      const [dy, , ...dStates] = dys as tfjs.Tensor[];
      const gradients = run(tf, gradientName, [...saved, dy, ...dStates], attributes);
      return Object.fromEntries(gradients.map((gradient, index) => [index, () => gradient]));
    },
  });
}

/** Runs a kernel; TensorFlow.js takes its list of inputs as a map by number. */
const run = (tf: TensorFlow, name: string, inputs: readonly tfjs.Tensor[], attributes: object) =>
  tf
    .engine()
    .runKernel(
      name,
      inputs as unknown as tfjs.NamedTensorMap,
      attributes as tfjs.NamedAttrMap,
    ) as tfjs.Tensor[];

type Kernel = tfjs.KernelConfig['kernelFunc'];
type KernelArguments = Parameters<Kernel>[0];

/** Maps x, states and parameters to y, the pass's number and the states. */
const forwardKernel: Kernel = (call) => {
  const { operation, alignment, infos, rows, steps, numbers, outputBefore, write } = read(call);
  const { y, states, pass } = operation.forward(rows, steps, numbers);
  const units = y.length / (rows * steps);
  const widths = operation.signature.states.map(({ width }) => [rows, width]);
  return [
    write(alignment ? alignment.restore(y, outputBefore) : y, [...infos[0].shape.slice(0, 2), units]),
    write(Int32Array.of(pass), [], 'int32'),
    ...split(states, widths).map(([values, shape]) => write(values, shape)),
  ];
};

/**
 * Maps the forward inputs, the pass's number, dy and the states' gradients to the gradients of the inputs.
 */
const backwardKernel: Kernel = (call) => {
  const { operation, alignment, infos, rows, steps, numbers, values, write } = read(call);
  const { states, parameters, output } = operation.signature;
  const [pass, dy, ...dStates] = infos.slice(1 + states.length + parameters.length);
  const shown = alignment?.restoreBackward(values(dy));
  const { dx, ...found } = operation.backward(
    rows,
    steps,
    values(pass)[0],
    numbers,
    shown?.dy ?? values(dy),
    joined(dStates.map(values)),
  );
  const widths = states.map(({ width }) => [rows, width]);
  const before = split(found.dStates, widths);
  if (shown && output !== null) for (const [i, each] of shown.dBefore.entries()) before[output][0][i] += each;
  return [
    write(alignment ? alignment.alignBackward(dx) : dx, infos[0].shape),
    ...before.map(([each, shape]) => write(each, shape)),
    ...parameters.map(({ name, shape }) => write(found.gradients.get(name)!.data, shape)),
  ];
};

/** Reads the arguments that TensorFlow.js passes to a kernel, as plain numbers. */
function read({ inputs, backend, attrs }: KernelArguments) {
  const { operation, alignment } = attrs as unknown as { operation: Operation; alignment: Alignment | null };
  const { states, parameters, output } = operation.signature;
  const infos = Object.values(inputs) as tfjs.TensorInfo[];
  const numbersOf = backend as tfjs.KernelBackend;
  const values = ({ dataId }: tfjs.TensorInfo) => numbersOf.readSync(dataId) as Float32Array;
  const [x, ...others] = infos;
  const weights = new Map(
    parameters.map(({ name, shape }, i) => [name, { shape, data: values(others[states.length + i]) }]),
  );
  return {
    operation,
    alignment,
    infos,
    values,
    rows: x.shape[0],
    steps: x.shape[1],
    numbers: {
      x: alignment ? alignment.align(values(x)) : values(x),
      states: joined(others.slice(0, states.length).map(values)),
      weights,
      lengths: alignment?.lengths ?? null,
    },
    outputBefore: output === null ? null : values(others[output]),
    write: (data: Float32Array | Int32Array, shape: readonly number[], dtype: tfjs.DataType = 'float32') => ({
      dataId: numbersOf.write(data, [...shape], dtype),
      shape: [...shape],
      dtype,
    }),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function split(all: Float32Array, shapes: readonly number[][]): [Float32Array, number[]][] {
  let at = 0;
  return shapes.map((shape) => {
    const from = at;
    at += shape.reduce((a, b) => a * b, 1);
    return [all.slice(from, at), shape];
  });
}
