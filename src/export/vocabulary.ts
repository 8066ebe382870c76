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

/**
 * Returns the contents of `vocabulary.json`.
 * @param tokenizer null where numbers are read
 */
export function vocabularyOf(
  tokenizer: Tokenizer | null,
  manifest: Manifest,
  states: readonly ExportedState[],
) {
  const { task, direction, provenance } = manifest;
  return {
    task,
    ...readOf(tokenizer, manifest),
    states,
    direction,
    source: provenance.source,
  };
}

/** Returns what the network reads, and the meaning of its outputs where they are not the next token. */
function readOf(tokenizer: Tokenizer | null, { table, tagging, series, regression }: Manifest): object {
  if (series) {
    const { reads, writes, standardisation } = series;
    return { reads, writes, standardisation };
  }
  if (tagging) return { tokens: tagging.features, kind: 'features', classes: tagging.classes };
  if (regression) {
    const { reads, writes, standardisation } = regression;
    return { ...(tokenizer && tokensOf(tokenizer)), reads, writes, standardisation };
  }
  return {
    ...tokensOf(tokenizer!),
    ...(table && { classes: table.classes, reads: table.reads, writes: table.writes }),
  };
}

const tokensOf = ({ symbols, kind, alphabet }: Tokenizer): object => ({
  /** The text of each token; that of token 0, which stands for every unknown character, is empty. */
  tokens: symbols,
  kind,
  /** The number of tokens that are single characters, which come first. */
  alphabet: alphabet.size,
});
