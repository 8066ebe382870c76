// The network without company: what it has learned by itself, whatever can be recalled exactly.
import type { Predictor } from '../../backend/engine.ts';
import { softmax } from './mixture.ts';
import { readToken } from './readToken.ts';

export interface NetworkPosition {
  readonly state: Float32Array;
  /** Of the next token. */
  readonly logits: Float32Array;
}

/** What can be read along a text: the network alone, or in company (LanguageModel). */
export interface SequenceModel<Position> {
  begin(): Position;
  /** Where `token` leads. */
  read(position: Position, token: number): Position;
  /** Probabilities of the next token [V]. */
  predict(position: Position): Float64Array;
}

export class NetworkModel implements SequenceModel<NetworkPosition> {
  readonly #predictor: Predictor;

  constructor(predictor: Predictor) {
    this.#predictor = predictor;
  }

  /** Before any token all are as likely: the network has said nothing yet. */
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
