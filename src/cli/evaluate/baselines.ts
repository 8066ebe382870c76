// The baselines that a model has to beat: the editor's own word suggestion, and an adaptive n-gram model.
import { type TypingResult, type } from './typing.ts';

/** Suggests the most frequent word of the text so far that begins with the word being typed. */
export async function typeWithWords(before: string, held: string): Promise<TypingResult> {
  const words = new Words();
  for (const character of before) words.read(character);
  return type(held, { suggest: async () => words.suggest(), read: (character) => words.read(character) });
}

class Words {
  readonly #counts = new Map<string, number>();
  #word = '';

  read(character: string): void {
    if (/[\p{L}\p{N}_]/u.test(character)) {
      this.#word += character;
      return;
    }
    if ([...this.#word].length > 2) this.#counts.set(this.#word, (this.#counts.get(this.#word) ?? 0) + 1);
    this.#word = '';
  }

  suggest(): string {
    if (this.#word === '') return '';
    let best = '';
    let most = 0;
    for (const [word, count] of this.#counts)
      if (count > most && word.length > this.#word.length && word.startsWith(this.#word))
        [best, most] = [word, count];
    return best.slice(this.#word.length);
  }
}

/** The number of characters before the predicted one that a context holds, at most. */
const order = 6;

/** The longest suggestion, in characters. */
const longest = 60;

const confidences = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9];

export interface TypingWithNgrams extends TypingResult {
  /** The confidence that saves most keys among those at which half of what is shown is right. */
  readonly confidence: number;
  /** The loss of the n-gram model in bits per character. */
  readonly bpc: number;
}

/** Suggests the likeliest continuation within the line for as long as it is probable enough as a whole. */
export async function typeWithNgrams(before: string, held: string): Promise<TypingWithNgrams> {
  const ngrams = new Ngrams();
  for (const character of before) ngrams.read(character);
  let bits = 0;
  // Predictions at a place depend on the text alone, so each place is asked once for all confidences.
  const paths: Continuation[] = [];
  for (const character of held) {
    paths.push(ngrams.continue(Math.min(...confidences)));
    bits -= Math.log2(ngrams.probability(character));
    ngrams.read(character);
  }
  const typed: TypingWithNgrams[] = [];
  for (const confidence of confidences) {
    let at = 0;
    const suggest = async () => {
      const { characters, joint } = paths[at];
      const length = joint.findIndex((probability) => probability < confidence);
      return (length < 0 ? characters : characters.slice(0, length)).join('');
    };
    typed.push({
      confidence,
      bpc: bits / paths.length,
      ...(await type(held, { suggest, read: () => void at++ })),
    });
  }
  const precise = typed.filter(({ precision }) => precision >= 0.5);
  return (precise.length > 0 ? precise : typed.slice(-1)).reduce((a, b) => (b.saved > a.saved ? b : a));
}

interface Continuation {
  readonly characters: readonly string[];
  /** The joint probability of each beginning, indexed by its length - 1. */
  readonly joint: readonly number[];
}

/**
 * Counts what followed each context of at most `order` characters; shorter contexts smooth the longer ones
 * (Witten & Bell 1991).
 */
class Ngrams {
  readonly #contexts = new Map<string, { total: number; counts: Map<string, number> }>();
  #history: readonly string[] = [];

  read(character: string): void {
    for (const context of suffixes(this.#history)) {
      let known = this.#contexts.get(context);
      if (!known) {
        known = { total: 0, counts: new Map() };
        this.#contexts.set(context, known);
      }
      known.total++;
      known.counts.set(character, (known.counts.get(character) ?? 0) + 1);
    }
    this.#history = [...this.#history, character].slice(-order);
  }

  probability(character: string, history = this.#history): number {
    let p = 1 / 256;
    for (const context of suffixes(history)) {
      const known = this.#contexts.get(context);
      if (!known) break;
      const kinds = known.counts.size;
      p = ((known.counts.get(character) ?? 0) + kinds * p) / (known.total + kinds);
    }
    return p;
  }

  continue(confidence: number): Continuation {
    const characters: string[] = [];
    const joint: number[] = [];
    for (let history = this.#history; characters.length < longest; ) {
      const [character, p] = this.#likeliest(history);
      const whole = (joint.at(-1) ?? 1) * p;
      if (character === '' || character === '\n' || whole < confidence) break;
      characters.push(character);
      joint.push(whole);
      history = [...history, character].slice(-order);
    }
    return { characters, joint };
  }

  #likeliest(history: readonly string[]): [character: string, p: number] {
    const candidates = new Set<string>();
    for (const context of suffixes(history).reverse()) {
      if (candidates.size >= 4) break;
      for (const character of this.#contexts.get(context)?.counts.keys() ?? []) candidates.add(character);
    }
    let best: [string, number] = ['', 0];
    for (const character of candidates) {
      const p = this.probability(character, history);
      if (p > best[1]) best = [character, p];
    }
    return best;
  }
}

/** Returns the suffixes of a sequence of characters as texts, from the empty one to the whole one. */
function suffixes(characters: readonly string[]): string[] {
  const texts = [''];
  for (let at = characters.length - 1; at >= 0; at--) texts.push(characters[at] + texts.at(-1));
  return texts;
}
