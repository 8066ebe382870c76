import * as tf from '@tensorflow/tfjs';
import { outputLayerWidth } from '../../tape/architecture.ts';
import type { Architecture, Predictor, StateSlice, Weights } from '../engine.ts';
import { bytesOf } from './bytesOf.ts';
import { type Parameters, type States, unrollNetwork } from './unroll.ts';

/** Predicts one step of one row with the operations of training, which is slow but gives the same result. */
export class TfjsPredictor implements Predictor {
  readonly outputs: number;
  readonly stateSize: number;
  readonly states: readonly StateSlice[];
  readonly #architecture: Architecture;
  #parameters: Parameters;
  /** The names and widths of the states, in their order in the state's array. */
  readonly #entries: readonly { name: string; width: number }[];
  readonly #initial: Float32Array;

  constructor(architecture: Architecture, weights: Weights) {
    this.#architecture = architecture;
    this.outputs = outputLayerWidth(architecture);
    this.#parameters = tensors(weights);
    const [entries, initial] = tf.tidy(() => {
      const { states } = unrollNetwork(architecture, this.#parameters, new Int32Array(0), 1, null, {
        carry: 0,
        dropout: null,
      });
      const named = Object.entries(states);
      return [
        named.map(([name, { size }]) => ({ name, width: size })),
        named.flatMap(([, state]) => [...state.dataSync()]),
      ];
    }) as unknown as [{ name: string; width: number }[], number[]];
    this.#entries = entries;
    this.#initial = Float32Array.from(initial);
    this.stateSize = initial.length;
    let at = 0;
    this.states = entries.flatMap(({ name, width }) => {
      const [key, lag] = name.split('@');
      const location = { name: key, at, width };
      at += width;
      return lag === '1' ? [location] : [];
    });
  }

  get memoryBytes(): number {
    return bytesOf(this.#parameters.values());
  }

  initial(): Float32Array {
    return this.#initial.slice();
  }

  next(
    state: Float32Array,
    input: number | Float32Array,
    nextState: Float32Array,
    logits: Float32Array,
  ): void {
    tf.tidy(() => {
      const before: States = {};
      let at = 0;
      for (const { name, width } of this.#entries) {
        before[name] = tf.tensor2d(state.slice(at, at + width), [1, width]);
        at += width;
      }
      const token = Int32Array.of(typeof input === 'number' ? input : 0);
      const unrolled = unrollNetwork(this.#architecture, this.#parameters, token, 1, before, {
        carry: 1,
        dropout: null,
        // Numbers are a look-up table of one row.
        numbers: typeof input === 'number' ? null : tf.tensor2d(input, [1, input.length]),
      });
      at = 0;
      for (const { name, width } of this.#entries) {
        nextState.set(unrolled.states[name].dataSync(), at);
        at += width;
      }
      logits.set(unrolled.logits.dataSync());
    });
  }

  load(weights: Weights): void {
    this.dispose();
    this.#parameters = tensors(weights);
  }

  dispose(): void {
    tf.dispose([...this.#parameters.values()]);
  }
}

function tensors(weights: Weights): Parameters {
  return new Map([...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]));
}
