// Describes a model's tokens for programs that run an exported model.
import type { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import type { Manifest } from '../store/manifest.ts';

/** A value of an earlier step that the next call reads: `layers.0.h-1` is layer 0's h[t-1]. */
export interface ExportedState {
  readonly input: string;
  readonly output: string;
  /** The value before the first token, [width]. */
  readonly initial: readonly number[];
}

/** Returns the contents of `vocabulary.json`. */
export function vocabularyOf(
  tokenizer: Tokenizer,
  { direction, provenance }: Manifest,
  states: readonly ExportedState[],
) {
  return {
    /** The text of each token; that of token 0, which stands for every unknown character, is empty. */
    tokens: tokenizer.symbols,
    kind: tokenizer.kind,
    /** The number of tokens that are single characters, which come first. */
    alphabet: tokenizer.alphabet.size,
    states,
    direction,
    source: provenance.source,
  };
}
