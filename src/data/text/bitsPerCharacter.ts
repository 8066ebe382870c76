// Converts a loss in nats per token to bits and characters, which are comparable whatever the tokens are.
import type { Cost } from '../dataset.ts';
import type { Tokenizer } from './tokens/tokenizer.ts';
import { rare } from './vocabulary.ts';

/** Converts the losses of one tokenizer. */
export class BitsPerCharacter {
  /** The number of characters of each token, [V]. */
  readonly #lengths: Int32Array;
  /**
   * The bits of choosing among the characters that `rare` stands for, which are added to those of the token.
   */
  readonly #bitsOfRare: number;

  constructor(tokenizer: Tokenizer) {
    this.#lengths = tokenizer.lengths();
    this.#bitsOfRare = Math.log2(tokenizer.alphabet.rareKinds);
  }

  /**
   * Converts the loss of a batch.
   * @param nats the mean loss over the targets that are counted, which are those from 0 on
   * @returns the bits and the characters of these targets
   */
  of(nats: number, targets: Int32Array): Cost {
    let counted = 0;
    let characters = 0;
    let rares = 0;
    for (const token of targets) {
      if (token < 0) continue;
      counted++;
      characters += this.#lengths[token];
      if (token === rare) rares++;
    }
    return { bits: (counted * nats) / Math.LN2 + rares * this.#bitsOfRare, units: characters };
  }
}
