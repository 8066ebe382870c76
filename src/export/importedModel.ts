import type { Weights } from '../backend/engine.ts';
import type { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import type { ModelOptions } from '../language/options/options.ts';

/** A model that another program made, in this one's terms. */
export interface ImportedModel {
  readonly tokenizer: Tokenizer;
  readonly architecture: Pick<ModelOptions, 'embedding' | 'layers' | 'tied'>;
  /** The text of each cell that a layer names. */
  readonly cells: Readonly<Record<string, string>>;
  /** The parameters of `architecture(tokenizer.size, architecture, cells)`. */
  readonly weights: Weights;
  readonly direction: ModelOptions['direction'];
}
