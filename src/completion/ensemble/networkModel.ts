// Predicts with the network alone, outside the ensemble.
import type { Predictor } from '../../backend/engine.ts';
import { readToken } from './readToken.ts';
import { softmax } from './softmax.ts';

/** A position of a text that the network alone has read. */
export interface NetworkPosition {
  readonly state: Float32Array;
  /** The logits of the next token. */
  readonly logits: Float32Array;
}

/** A model that can be read along a text: the network alone, or the ensemble. */
export interface SequenceModel<Position> {
  begin(): Position;
  /** Returns the position after `token`. */
  read(position: Position, token: number): Position;
  /** Returns the probabilities of the next token, [V]. */
  predict(position: Position): Float64Array;
}

/** The network alone, over its own tokens. */
export class NetworkModel implements SequenceModel<NetworkPosition> {
  readonly #predictor: Predictor;

  constructor(predictor: Predictor) {
    this.#predictor = predictor;
  }

  /** Returns the position before any token, at which all tokens are equally likely. */
  begin(): NetworkPosition {
    return { state: this.#predictor.initial(), logits: new Float32Array(this.#predictor.outputs) };
  }

  read({ state: before }: NetworkPosition, token: number): NetworkPosition {
    const state = new Float32Array(before.length);
    const logits = new Float32Array(this.#predictor.outputs);
    readToken(this.#predictor, before, token, state, logits);
    return { state, logits };
  }

  predict({ logits }: NetworkPosition): Float64Array {
    const p = Float64Array.from(logits);
    softmax(p);
    return p;
  }
}
