// Two layers of mixers (PAQ8: Mahoney 2005; gated networks: Veness et al. 2017): several mixers, each with weights that are
// chosen by another small context, mix the same predictions, and a last one mixes what they say.
import { LogisticMixer } from './logisticMixer.ts';
import { ranks } from './matchModel.ts';
import { orders } from './ngramContexts.ts';

/** The sum of the weights at first, over the predictions that most decisions have. */
const initialSum = 0.6;

const firstLayer = { first: 0.02, last: 0.003, after: 50 } as const;
const secondLayer = { first: 0.02, last: 0.002, after: 500 } as const;

/** The number of mixers of the first layer: by the node, the newest token, the match, and the longest known order. */
const mixers = 4;

const sets = orders.length + 1;

/** Mixes the predictions of a binary decision. */
export class MixerNetwork {
  readonly #first: readonly LogisticMixer[];
  readonly #second: LogisticMixer;
  readonly #z = new Float64Array(mixers);

  /**
   * @param inputs the number of predictions of a decision
   * @param nodes the number of nodes of the code tree
   * @param tokens the number of tokens
   */
  constructor(inputs: number, nodes: number, tokens: number) {
    this.#first = [nodes, tokens, ranks + 1, sets].map(
      (each) =>
        new LogisticMixer(
          new Float32Array(each * inputs).fill((3 * initialSum) / inputs),
          inputs,
          firstLayer,
        ),
    );
    this.#second = new LogisticMixer(new Float32Array(sets * mixers).fill(1 / mixers), mixers, secondLayer);
  }

  get memoryBytes(): number {
    return this.#first.reduce(
      (sum, { weights }) => sum + weights.byteLength,
      this.#second.weights.byteLength,
    );
  }

  /**
   * Returns the log-odds of a decision.
   * @param x the log-odds of each prediction, [inputs]
   * @param token the newest token
   * @param match the rank of the match, plus 1; 0 where there is none
   * @param known the number of `orders` up to the longest known one
   */
  mix(x: Float64Array, node: number, token: number, match: number, known: number): number {
    const [byNode, byToken, byMatch, byOrder] = this.#first;
    this.#z[0] = byNode.mix(x, node);
    this.#z[1] = byToken.mix(x, token);
    this.#z[2] = byMatch.mix(x, match);
    this.#z[3] = byOrder.mix(x, known);
    return this.#second.mix(this.#z, known);
  }

  /** Learns the decision that was mixed last. */
  learn(x: Float64Array, decision: number): void {
    this.#second.learn(this.#z, decision);
    for (const mixer of this.#first) mixer.learn(x, decision);
  }
}
