import type { Architecture, Weights } from '../backend/engine.ts';
import type { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import type { ModelOptions, TrainOptions } from '../language/options/options.ts';

/** A model that another program may have made or trained, in this one's terms, ready to be kept. */
export interface ExchangedModel {
  /** The program that made it, such as `PyTorch 2.11`. */
  readonly program: string;
  readonly model: Pick<ModelOptions, 'embedding' | 'layers' | 'tied' | 'dropout' | 'direction'>;
  readonly train: TrainOptions;
  /** The name of the training text, with its URI and glob where it has them. */
  readonly source: {
    readonly source: string;
    readonly uri: string | null;
    readonly pattern: string | null;
    readonly languageId: string;
  };
  /** The text of the cells, all together and each by its name. */
  readonly definition: string;
  readonly cells: Readonly<Record<string, string>>;
  readonly tokenizer: Tokenizer;
  readonly architecture: Architecture;
  readonly weights: Weights;
  /** The facts that are known of the training; null where the weights are as they were exported. */
  readonly trained: Trained | null;
  /** Whether the weights have been trained on the held-out part. */
  readonly learnedHeldOut: boolean;
  /** The text that it was trained on; null where it did not come with the model. */
  readonly text: string | null;
}

export interface Trained {
  readonly update: number;
  readonly seconds: number;
  /** The bits per character of the held-out part, as the other program measured it; null where nothing is held out. */
  readonly bitsPerCharacter: number | null;
  /** The options on which the rows of the held-out part depend. */
  readonly batch: number;
  readonly k1: number;
  readonly k2: number;
}
