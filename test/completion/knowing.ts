// Makes models that know some text by heart, for tests.

import type { Predictor } from '../../src/backend/engine.ts';
import { Ensemble, type EnsemblePosition } from '../../src/completion/ensemble/ensemble.ts';
import { beginning } from '../../src/completion/ensemble/ngramContexts.ts';
import type { NgramModel } from '../../src/completion/ensemble/ngramModel.ts';
import { TokenMarginalizer } from '../../src/completion/ensemble/tokenMarginalization.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import type { Vocabulary } from '../../src/data/text/vocabulary.ts';

/** Returns a predictor whose state is a hash of everything that it has read, and which counts its steps. */
export function hashing(vocabulary: Pick<Vocabulary, 'size'>): Predictor & { steps: number } {
  return {
    steps: 0,
    stateSize: 1,
    states: [{ name: 'layers.0.h', at: 0, width: 1 }],
    outputs: vocabulary.size,
    memoryBytes: 0,
    initial: () => Float32Array.of(1),
    next(state, input, nextState, logits) {
      this.steps++;
      const token = typeof input === 'number' ? input : input[0];
      nextState[0] = (state[0] * 31 + token + 1) % 9973;
      for (let each = 0; each < logits.length; each++) logits[each] = ((nextState[0] * (each + 3)) % 7) / 3;
    },
    load() {},
    dispose() {},
  };
}

/** Returns the tokenizer of a network that reads characters. */
export const characters = (vocabulary: Vocabulary) => new Tokenizer('characters', vocabulary, []);

/** Returns the ensemble of a network that reads characters. */
export function inCompany(
  predictor: Predictor,
  vocabulary: Vocabulary,
  ngrams: NgramModel,
  mixture: Float32Array | null = null,
): Ensemble {
  const marginalizer = new TokenMarginalizer(predictor, characters(vocabulary));
  return new Ensemble(marginalizer, vocabulary, ngrams, mixture);
}

/** Returns a model that expects `line` over and over again, each character with probability `sure`. */
export function knowing(
  line: string,
  vocabulary: Vocabulary,
  sure: number,
): Pick<Ensemble, 'vocabulary' | 'begin' | 'read' | 'predict' | 'learn'> {
  const letters = [...line];
  const at = ({ reading }: EnsemblePosition) => reading!.logs[0];
  const standing = (place: number): EnsemblePosition => ({
    reading: { open: [], logs: Float64Array.of(place) },
    context: beginning,
    match: null,
  });
  return {
    vocabulary,
    begin: () => standing(0),
    read: (position) => standing(at(position) + 1),
    predict(position) {
      const p = new Float64Array(vocabulary.size).fill((1 - sure) / (vocabulary.size - 1));
      p[vocabulary.token(letters[at(position) % letters.length])] = sure;
      return p;
    },
    learn: () => 1,
  };
}

/** Returns a model that expects one of `texts`, by its odds, and then the end: nothing is likely after it. */
export function choosing(
  texts: readonly string[],
  odds: readonly number[],
  vocabulary: Vocabulary,
): Pick<Ensemble, 'vocabulary' | 'begin' | 'read' | 'predict'> {
  const standing = (text: string): EnsemblePosition =>
    ({ ...knowing('', vocabulary, 0).begin(), text }) as never;
  const textAt = (position: EnsemblePosition) => (position as unknown as { text: string }).text;
  return {
    vocabulary,
    begin: () => standing(''),
    read: (position, token) => standing(textAt(position) + vocabulary.characters[token]),
    predict(position) {
      const p = new Float64Array(vocabulary.size);
      const text = textAt(position);
      let sum = 0;
      for (const [at, each] of texts.entries()) {
        if (!each.startsWith(text) || each === text) continue;
        p[vocabulary.token(String.fromCodePoint(each.codePointAt(text.length)!))] += odds[at];
        sum += odds[at];
      }
      return sum > 0 ? p.map((each) => each / sum) : p.fill(1 / p.length);
    },
  };
}
