// Nats per token → bits per character, which are the same measure whatever the tokens are.
import type { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import { rare } from '../data/text/vocabulary.ts';

export class BitsPerCharacter {
  /** Characters of each token [V]. */
  readonly #lengths: Int32Array;
  /** `rare` stands for several characters: its bits are those of the token and of the choice among them. */
  readonly #bitsOfRare: number;

  constructor(tokenizer: Tokenizer) {
    this.#lengths = tokenizer.lengths();
    this.#bitsOfRare = Math.log2(tokenizer.alphabet.rareKinds);
  }

  /**
   * @param nats mean over the targets that are counted, which are those from 0 on
   * @returns how many these are, and their loss in bits per character
   */
  of(nats: number, targets: Int32Array): { counted: number; loss: number } {
    let counted = 0;
    let characters = 0;
    let rares = 0;
    for (const token of targets) {
      if (token < 0) continue;
      counted++;
      characters += this.#lengths[token];
      if (token === rare) rares++;
    }
    return { counted, loss: ((counted * nats) / Math.LN2 + rares * this.#bitsOfRare) / characters };
  }
}
