// The public types of the library, separate from their implementation. `scripts/declarations.ts` joins them
// with the declarations of cells.ts into one file.
import type * as tfjs from '@tensorflow/tfjs';

export type TensorFlow = typeof tfjs;

export interface CellShape {
  /** The width of the cell's states: `h` in its equations. */
  readonly units: number;
  /** The width of the cell's input: `x` in its equations. */
  readonly inputs: number;
}

export interface CellParameter {
  readonly name: string;
  /** The numbers of rows and columns, or the width of a vector. */
  readonly shape: readonly number[];
  readonly trained: boolean;
}

export interface CellState {
  /** The name under which the first step reads the state, such as `h[t-1]`. */
  readonly name: string;
  readonly width: number;
}

/** A cell as a differentiable operation. */
export interface Cell {
  readonly name: string;
  readonly inputs: number;
  /** The width of the cell's output: `units`, unless the cell says otherwise. */
  readonly outputs: number;
  /** The cell's parameters, including learned initial states, such as `h[0]`. */
  readonly parameters: readonly CellParameter[];
  readonly states: readonly CellState[];
  /**
   * Returns the parameters before training, as the cell's text defines them. The same seed, by default 1,
   * gives the same.
   */
  initialParameters(seed?: number): tfjs.NamedTensorMap;
  /** Returns the states before the first step, [batch × width] each. */
  initialStates(parameters: tfjs.NamedTensorMap, batch: number): tfjs.NamedTensorMap;
  /**
   * Applies the cell to a sequence. The result is differentiable in x, the states and the parameters, except
   * that the gradient of fixed parameters is zero.
   * @param x [batch × steps × inputs]
   * @param states the states before the first step; the default is those of `initialStates`
   * @param mask [batch × steps], 0 or false where a step is masked: it keeps the states and repeats the
   * output of the step before. Before the first step that is the output's state, or 0 where the cell does not
   * read its output again
   * @returns y [batch × steps × outputs], and the states from which the next sequence may continue
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
  /**
   * Whether the layer returns the output of every step, [batch × steps × outputs], or of the last one alone.
   */
  readonly returnSequences?: boolean;
  /**
   * Whether the states after the last step come after the output, [batch × width] each, in the order of
   * `Cell.states`.
   */
  readonly returnState?: boolean;
  /** Whether the layer reads sequences from their end; outputs are then in the order of their computation. */
  readonly goBackwards?: boolean;
  /**
   * Whether each batch begins, row by row, with the final states of the batch before, until `resetStates` is
   * called. All batches then need the same number of rows.
   */
  readonly stateful?: boolean;
  /** The seed of the initial parameters. */
  readonly seed?: number;
}

/**
 * A cell as a layer. In TypeScript, `tf.layers.bidirectional` accepts only a `tf.RNN`, which has private
 * members, so pass it `layer(…) as unknown as tf.RNN`.
 */
export interface CellLayer extends tfjs.layers.Layer {
  /**
   * Makes the next batch of a stateful layer begin with these states, or with the cell's initial states.
   * @throws Problem when the layer is not stateful, or the states are not those of the cell
   */
  resetStates(states?: tfjs.Tensor | readonly tfjs.Tensor[] | null): void;
}

export interface LibraryStart {
  /** Reads the bytes of `kernels/{build}.wasm`. */
  read(build: 'relaxed' | 'simd' | 'single'): Promise<ArrayBuffer | Uint8Array<ArrayBuffer>>;
}

export interface Library {
  /**
   * Compiles a cell to a differentiable operation.
   * @param text the name of a built-in cell, or the text of a `.rnn` file, whose last cell it is
   * @throws Problem when there is no such cell, it has a mistake, or it reads the network's output
   */
  cell(text: string, shape: CellShape): Cell;
  /**
   * Makes a layer of a cell: `model.add(layer({ cell: 'GRU', units: 64 }))`. It supports masks, initial
   * states (`apply(x, { initialState })`) and `tf.layers.bidirectional` like a recurrent layer of
   * TensorFlow.js.
   * @throws Problem when the configuration has a key that the layer does not know
   */
  layer(config: CellLayerConfig): CellLayer;
}
