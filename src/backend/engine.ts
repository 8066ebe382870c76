// The interface of every engine; the trainer and the completion use nothing else of them.
import type { GradientOptimizer } from '../language/options/options.ts';
import type { Architecture } from '../tape/architecture.ts';
import type { GaussNewton, GaussNewtonOptions } from '../tape/gaussNewton.ts';
import type { Weight, Weights } from '../tape/parameters.ts';
import type { LookupTables } from '../tape/planning/lookupTables.ts';

export type { Architecture, LookupTables, Weight, Weights };

export type EngineName = 'unroll' | 'unroll-wide' | 'tfjs-wasm' | 'tfjs-cpu';

/** The sizes and options of a network in training, which stay the same from step to step. */
export interface TrainingShape {
  /** B, the number of streams that are read side by side. */
  readonly batch: number;
  /** T, the number of steps of a window, over which the gradient goes back (k2 of truncated BPTT). */
  readonly steps: number;
  /** The largest number of positions of a source, where the architecture has an encoder. */
  readonly positions?: number;
  readonly optimizer: GradientOptimizer;
  /** The dropout rate of each layer's output in training. */
  readonly dropout: number;
  /** The seed of the dropout masks. */
  readonly seed: number;
}

/** The options of one update, which may change from one to the next. */
export interface Update {
  readonly learningRate: number;
  /** The clipping threshold for the gradients' global norm; Infinity does not clip. */
  readonly clip: number;
  /** The weights of the penalties: l1 · Σ|w| and l2 / 2 · Σw² are added to the loss. */
  readonly l1: number;
  readonly l2: number;
  /** The number of steps after which the state is carried to the next window: `steps` without overlap. */
  readonly carry: number;
  /** The share of the shape's dropout rate that applies, in [0, 1]; the default is 1. */
  readonly dropoutShare?: number;
}

/** The measurements of one step of training, at the weights before its update. */
export interface StepResult {
  /** The loss in nats per counted target, without penalties. */
  readonly loss: number;
  /** The global norm of all gradients, penalties included, before clipping. */
  readonly gradientNorm: number;
}

/** The state of an optimiser besides the weights. */
export interface OptimizerState {
  /** The number of steps, finite or not, by which dropout masks are numbered, and the number of updates. */
  readonly steps: number;
  readonly updates: number;
  /** The moments of each trained parameter, as many as the optimiser keeps. */
  readonly moments: readonly Weights[];
}

/**
 * Trains a network. Targets are [B × n], a row for each stream, and so are tokens, or [B × n × tokens of a step]
 * where the architecture has several. A target below 0 is not counted. A step's first token below 0 is padding
 * behind a row's end; only the backward cells of bidirectional layers look for it. Others below 0 add nothing. Where
 * numbers are read or predicted, a token or a target is the index of a row of the look-up tables.
 *
 * An architecture with an encoder needs sources, [rows × positions × tokens of a step], with padding behind each one's
 * end; a source has a token at least. Tokens and targets are then those of the decoder, whose rows all begin at h[0]:
 * no state is carried, and there is no `advance`.
 */
export interface TrainableNetwork {
  readonly shape: TrainingShape;
  /** The number of trained parameters. */
  readonly parameterCount: number;
  /** The bytes that the network holds: parameters, moments, gradients and activations. */
  readonly memoryBytes: number;
  /**
   * Resets the given streams, or all, to h[0]; in the next step they contribute to a learned h[0]'s gradient.
   */
  reset(streams?: readonly number[]): void;
  /** Runs forward and backward, clips and updates. n is any number up to `steps`. */
  step(x: Int32Array, y: Int32Array, update: Update, source?: Int32Array): StepResult;
  /** Makes the streams read on without learning, for any n. */
  advance(x: Int32Array): void;
  /**
   * Returns the mean loss in nats per counted target, each row from h[0]; the streams' states do not change.
   */
  evaluate(x: Int32Array, y: Int32Array, rows: number, source?: Int32Array): number;
  /**
   * Reads rows as `evaluate` does, and visits each counted target.
   * @param visit gets the target's index in y, and the logits of its step, [outputLayerWidth], or what else the
   * likelihood reads, which are valid during the call
   */
  logits(
    x: Int32Array,
    y: Int32Array,
    rows: number,
    visit: (index: number, logits: Float32Array) => void,
    source?: Int32Array,
  ): void;
  /**
   * Reads as `logits` does, a segment of steps at a time, so that a long reading can be left. Until then, nothing else is
   * to be asked of the network.
   */
  logitsBySegment(...asked: Parameters<TrainableNetwork['logits']>): Iterable<void>;
  /** Returns a copy of the weights. */
  weights(): Weights;
  /** Loads weights; the optimiser starts anew unless its state is given. */
  load(weights: Weights, optimizer?: OptimizerState): void;
  /** Returns a copy of the optimiser's state. */
  optimizer(): OptimizerState;
  /**
   * Returns a copy of the streams' states, [B × width] each: `layers.0.h@2` is h two steps back. It is null
   * if all streams are at h[0]. There is no valid copy between a reset of some streams and the next step.
   */
  states(): Weights | null;
  /** Loads the streams' states. @returns false where they do not fit this network; then nothing changes */
  loadStates(states: Weights | null): boolean;
  /** Runs `work` and then undoes what it did to weights, moments and streams, in the same memory. */
  aside<T>(work: () => T): T;
  dispose(): void;
}

/** The location of the newest values of a vector in a predictor's state. */
export interface StateSlice {
  /** The name of the vector, such as `layers.0.h`; `y` is the network's output, where a cell reads it. */
  readonly name: string;
  readonly at: number;
  readonly width: number;
}

/** Reads one stream, one token at a time, for completion. A state is `stateSize` plain numbers. */
export interface Predictor {
  readonly stateSize: number;
  readonly states: readonly StateSlice[];
  /** The number of logits, or of what else the likelihood reads. */
  readonly outputs: number;
  /** The bytes that the predictor holds. */
  readonly memoryBytes: number;
  /** Returns the state before the first token. */
  initial(): Float32Array;
  /**
   * Reads a token, or numbers, [inputs], in `state`; writes the next state and the logits, [outputs]. Both states may
   * be one array.
   */
  next(
    state: Float32Array,
    input: number | Float32Array,
    nextState: Float32Array,
    logits: Float32Array,
  ): void;
  /** Replaces the weights. */
  load(weights: Weights): void;
  dispose(): void;
}

/** A source that an encoder has read: plain numbers, from which a decoder starts and which it looks at. */
export interface EncodedSource {
  /** The number of positions. */
  readonly positions: number;
  readonly values: Float32Array;
}

/**
 * Predicts a target token by token. A state is `stateSize` plain numbers, which may be copied, for beam search. A
 * source that was encoded before new weights were loaded has to be encoded again.
 */
export interface TargetPredictor {
  readonly stateSize: number;
  /** The number of logits. */
  readonly outputs: number;
  /** The names of the vectors that say where the decoder looks, such as `layers.0.a` of a[t,s]. */
  readonly attention: readonly string[];
  /**
   * Reads a source of one token or more.
   * @param source [positions × tokens of a step of the encoder]; or numbers, [positions × inputs], where those are read
   */
  encode(source: Int32Array | Float32Array): EncodedSource;
  /** Returns the state before the first token, h[0]. */
  initial(source: EncodedSource): Float32Array;
  /**
   * Reads a token of the target in `state`; writes the next state and the logits, [outputs]. Both states may be one
   * array.
   * @param attention is filled with the weight of each position, [attention.length × positions], where it is given
   */
  next(
    source: EncodedSource,
    state: Float32Array,
    token: number,
    nextState: Float32Array,
    logits: Float32Array,
    attention?: Float32Array,
  ): void;
  /** Replaces the weights. */
  load(weights: Weights): void;
  dispose(): void;
}

/** An engine computes networks: it trains them, and predicts with them. */
export interface Engine {
  readonly name: EngineName;
  /** A phrase that says why it is this engine and no other, where there was a choice. */
  readonly reason?: string;
  /**
   * Makes a network for training.
   * @param tables the numbers, where numbers are read or predicted
   * @throws Problem when it needs more memory than there is, or the engine does not train such an architecture
   */
  train(
    architecture: Architecture,
    shape: TrainingShape,
    weights: Weights,
    tables?: LookupTables | null,
  ): TrainableNetwork;
  /**
   * Returns the bytes that `train` would allocate for a network of this shape, and allocates nothing; missing where the
   * engine does not know them beforehand.
   */
  trainingBytes?(architecture: Architecture, shape: TrainingShape, tables: LookupTables | null): number;
  /** Makes a predictor of a network without an encoder. */
  predict(architecture: Architecture, weights: Weights): Predictor;
  /**
   * Makes what second-order optimisation needs; missing where the engine has no forward mode.
   * @param tables the numbers, where numbers are read or predicted
   */
  gaussNewton?(
    architecture: Architecture,
    shape: Omit<GaussNewtonOptions, 'start' | 'memory'>,
    tables?: LookupTables | null,
  ): GaussNewton;
  /** Makes a predictor of an encoder-decoder. @throws Problem when the engine computes none */
  predictTarget(architecture: Architecture, weights: Weights): TargetPredictor;
}
