// The one face of everything that computes: the trainer and the completion see this and nothing else.
import type { Optimizer } from '../language/options.ts';
import type { Architecture } from '../tape/architecture.ts';
import type { Weight, Weights } from '../tape/parameters.ts';

export type { Architecture, Weight, Weights };

export type EngineName = 'unroll' | 'unroll-wide' | 'tfjs-wasm' | 'tfjs-cpu';

export interface TrainingShape {
  /** B: streams read side by side. */
  readonly batch: number;
  /** T: steps of a window, as far as the gradient goes back (k2 of truncated BPTT). */
  readonly steps: number;
  readonly optimizer: Optimizer;
  /** Share of each layer's output that is dropped in training. */
  readonly dropout: number;
  /** Of the dropout's masks. */
  readonly seed: number;
}

export interface Update {
  readonly learningRate: number;
  /** Threshold for the global norm of the gradients; Infinity does not clip. */
  readonly clip: number;
  readonly l1: number;
  readonly l2: number;
  /** The state after this many steps is where the next window starts; `steps` where windows do not overlap. */
  readonly carry: number;
}

export interface StepResult {
  /** Cross-entropy in nats per counted target, without penalties. */
  readonly loss: number;
  /** Global norm of all gradients, penalties included, before clipping. */
  readonly gradientNorm: number;
}

/** What an optimiser has gathered besides the weights. */
export interface OptimizerState {
  /** Steps, finite or not, that the dropout's masks are counted by; and updates. */
  readonly steps: number;
  readonly updates: number;
  /** Of each trained parameter, as many as the optimiser keeps. */
  readonly moments: readonly Weights[];
}

/** Tokens and targets are [B × n], row-major: a row is a stream. A target below 0 is not counted. */
export interface TrainableNetwork {
  readonly shape: TrainingShape;
  /** How many numbers are trained. */
  readonly parameterCount: number;
  /** These streams, or all, back to h[0]; a learned h[0] gets its gradient from them in the next step. */
  reset(streams?: readonly number[]): void;
  /** Forward, backward through `steps`, clip, update. x, y: [batch × steps]. */
  step(x: Int32Array, y: Int32Array, update: Update): StepResult;
  /** Streams read on without learning. x: [batch × n], any n. */
  advance(x: Int32Array): void;
  /** Mean loss in nats per counted target, each row from h[0]; the streams stay where they are. */
  evaluate(x: Int32Array, y: Int32Array, rows: number): number;
  /** A copy. */
  weights(): Weights;
  /** The optimiser begins anew, unless it is told what it had gathered. */
  load(weights: Weights, optimizer?: OptimizerState): void;
  /** A copy. */
  optimizer(): OptimizerState;
  /**
   * A copy of where the streams are: [B × width] each, `layers.0.h@2` is h two steps back. null: all are at h[0].
   * Between a reset of some and the next step there is none.
   */
  states(): Weights | null;
  /** Streams go on from there. @returns false where the states are not those of this network, and nothing was done */
  loadStates(states: Weights | null): boolean;
  /** Undoes whatever `work` does to weights, moments and streams, in the same memory. */
  aside<T>(work: () => T): T;
  dispose(): void;
}

/** Where the newest values of a vector stand in a predictor's state. */
export interface StatePlace {
  /** `layers.0.h`; `y` is the network's output, where a cell reads it. */
  readonly name: string;
  readonly at: number;
  readonly width: number;
}

/** One stream, one token at a time: what completion needs. A state is `stateSize` plain numbers. */
export interface Predictor {
  readonly stateSize: number;
  readonly states: readonly StatePlace[];
  /** How many logits it writes. */
  readonly outputs: number;
  /** The state before the first token. */
  initial(): Float32Array;
  /** Reads `token` in `state`; writes the state after it and the logits [outputs]. May be the same array. */
  next(state: Float32Array, token: number, nextState: Float32Array, logits: Float32Array): void;
  /** Goes on with other weights. */
  load(weights: Weights): void;
  dispose(): void;
}

export interface Engine {
  readonly name: EngineName;
  train(architecture: Architecture, shape: TrainingShape, weights: Weights): TrainableNetwork;
  predict(architecture: Architecture, weights: Weights): Predictor;
}
