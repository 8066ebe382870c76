// The public types of the library, apart from what implements them. `scripts/declarations.ts` joins them with the
// declarations of cells.ts into one file.
import type * as tfjs from '@tensorflow/tfjs';

export type TensorFlow = typeof tfjs;

export interface CellShape {
  /** Width of the cell's states: `h` in its equations. */
  readonly units: number;
  /** Width of what it reads: `x`. */
  readonly inputs: number;
}

export interface CellParameter {
  readonly name: string;
  /** Rows and columns, or the width of a vector. */
  readonly shape: readonly number[];
  readonly trained: boolean;
}

export interface CellState {
  /** What the first step reads it as: `h[t-1]`. */
  readonly name: string;
  readonly width: number;
}

/** A differentiable operation. */
export interface Cell {
  readonly name: string;
  readonly inputs: number;
  /** Width of what it hands on: `units`, unless the cell says otherwise. */
  readonly outputs: number;
  /** Also the learned initial states, as `h[0]`. */
  readonly parameters: readonly CellParameter[];
  readonly states: readonly CellState[];
  /** As the cell's text says how they are before training: the same for the same seed, which is 1 where none is given. */
  initialParameters(seed?: number): tfjs.NamedTensorMap;
  /** The states before the first step, [batch × width] each. */
  initialStates(parameters: tfjs.NamedTensorMap, batch: number): tfjs.NamedTensorMap;
  /**
   * The cell over a sequence; differentiable in x, the parameters (but for those that the cell calls fixed, whose
   * gradient is zero) and the states.
   * @param x [batch × steps × inputs]
   * @param states before the first step; those of `initialStates` where none are given
   * @param mask [batch × steps], 0 or false where a step is to be passed over: it keeps the states and hands on the
   * output of the step before. Before the first step that is the output's state, or 0 where the cell does not read
   * its output again
   * @returns y [batch × steps × outputs], and the states where the next sequence may go on
   * @throws Problem when a tensor is missing or of another shape
   */
  apply(
    x: tfjs.Tensor3D,
    parameters: tfjs.NamedTensorMap,
    states?: tfjs.NamedTensorMap,
    mask?: tfjs.Tensor2D,
  ): { y: tfjs.Tensor3D; states: tfjs.NamedTensorMap };
}

type LayerConfig = NonNullable<ConstructorParameters<typeof tfjs.layers.Layer>[0]>;

export interface CellLayerConfig extends LayerConfig {
  /** The name of a built-in cell, or the text of a `.rnn` file. */
  readonly cell: string;
  readonly units: number;
  /** Whether it hands on the output of every step, [batch × steps × outputs], or of the last one alone. */
  readonly returnSequences?: boolean;
  /** Whether the states after the last step come after the output, [batch × width] each, in the order of `Cell.states`. */
  readonly returnState?: boolean;
  /** Whether it reads a sequence from its end. The outputs of every step are then in the order in which they are made. */
  readonly goBackwards?: boolean;
  /**
   * Whether a batch begins with the states that the one before has ended with, until `resetStates`: row by row, so
   * that all batches have as many rows.
   */
  readonly stateful?: boolean;
  /** Of the initial parameters. */
  readonly seed?: number;
}

/**
 * For TypeScript, `tf.layers.bidirectional` takes a `tf.RNN` alone, which has private members: hand it
 * `layer(…) as unknown as tf.RNN`.
 */
export interface CellLayer extends tfjs.layers.Layer {
  /**
   * Of a layer that is stateful: the next batch begins with these states, or with the cell's initial states.
   * @throws Problem when the layer is not stateful, or the states are not those of the cell
   */
  resetStates(states?: tfjs.Tensor | readonly tfjs.Tensor[] | null): void;
}

export interface LibraryStart {
  /** The bytes of `kernels/{build}.wasm`. */
  read(build: 'relaxed' | 'simd' | 'single'): Promise<ArrayBuffer | Uint8Array<ArrayBuffer>>;
}

export interface Library {
  /**
   * The name of a built-in cell, or the text of a `.rnn` file, as a differentiable operation.
   * @throws Problem when there is no such cell, a mistake in it, or it is about a whole network
   */
  cell(text: string, shape: CellShape): Cell;
  /**
   * The same as a layer: `model.add(layer({ cell: 'GRU', units: 64 }))`, with masks, initial states
   * (`apply(x, { initialState })`) and inside `tf.layers.bidirectional`, as a recurrent layer of TensorFlow.js.
   * @throws Problem when the configuration has something that the layer does not know
   */
  layer(config: CellLayerConfig): CellLayer;
}
