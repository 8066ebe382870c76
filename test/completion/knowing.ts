// Models for tests that know some text by heart.
import type { Predictor } from '../../src/backend/engine.ts';
import type { LanguageModel, Position } from '../../src/completion/languageModel.ts';
import type { Vocabulary } from '../../src/training/vocabulary.ts';

/** Its state is a hash of everything that it has read; it counts its steps. */
export function hashing(vocabulary: Vocabulary): Predictor & { steps: number } {
  return {
    steps: 0,
    stateSize: 1,
    states: [{ name: 'layers.0.h', at: 0, width: 1 }],
    vocabulary: vocabulary.size,
    initial: () => Float32Array.of(1),
    next(state, token, nextState, logits) {
      this.steps++;
      nextState[0] = (state[0] * 31 + token + 1) % 9973;
      for (let each = 0; each < logits.length; each++) logits[each] = ((nextState[0] * (each + 3)) % 7) / 3;
    },
    load() {},
    dispose() {},
  };
}

/** Expects `line` over and over again: each character with probability `sure`. */
export function knowing(
  line: string,
  vocabulary: Vocabulary,
  sure: number,
): Pick<LanguageModel, 'vocabulary' | 'begin' | 'read' | 'predict' | 'learn'> {
  const characters = [...line];
  const at = (position: Position) => position.state[0];
  const standing = (place: number): Position => ({
    state: Float32Array.of(place),
    logits: new Float32Array(0),
    context: { recent: [], word: 0, lastWord: 0 },
    match: null,
  });
  return {
    vocabulary,
    begin: () => standing(0),
    read: (position) => standing(at(position) + 1),
    predict(position) {
      const p = new Float64Array(vocabulary.size).fill((1 - sure) / (vocabulary.size - 1));
      p[vocabulary.token(characters[at(position) % characters.length])] = sure;
      return p;
    },
    learn: () => 1,
  };
}

/** Expects one of `texts`, by its odds, and then the end: nothing is likely after it. */
export function choosing(
  texts: readonly string[],
  odds: readonly number[],
  vocabulary: Vocabulary,
): Pick<LanguageModel, 'vocabulary' | 'begin' | 'read' | 'predict'> {
  const standing = (text: string): Position => ({ ...knowing('', vocabulary, 0).begin(), text }) as never;
  const textAt = (position: Position) => (position as unknown as { text: string }).text;
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
        p[vocabulary.token(each[text.length])] += odds[at];
        sum += odds[at];
      }
      return sum > 0 ? p.map((each) => each / sum) : p.fill(1 / p.length);
    },
  };
}
