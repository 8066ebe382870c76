// The inspector is a worker that reads a text with a model, to show what it has learned, and that generates
// text. The generated text comes in parts.
import type { Continuation, ForecastRequest } from './forecast.ts';
import type { ModelReference } from './modelReference.ts';
import type { RowsAnswers, RowsRequest } from './rows.ts';

/** A part of a document, with the text that is read before it. */
export interface Passage {
  /** Identifies the text and a part of it; what was already read there is not read again. */
  readonly key: string;
  /** The text, with line ends as \n. */
  readonly text: string;
  /** The tokens asked for are those that begin at or after `from` and before `to`, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/** The tokens of a passage. */
export interface Spans {
  /** The offset in the passage's text at which each token begins, and the end of the last one: [n + 1]. */
  readonly offsets: Int32Array;
}

export interface SurpriseSpans extends Spans {
  /** -log₂ of each token's probability, [n]. */
  readonly bits: Float32Array;
  /**
   * The likeliest tokens at each offset, in descending order: indices of `texts`, [n × alternatives]; -1 if
   * there is none.
   */
  readonly expected: Int32Array;
  readonly probabilities: Float32Array;
  /** The text of each token that is named; '' is any character that the model does not know. */
  readonly texts: readonly string[];
}

export interface ActivationSpans extends Spans {
  /** The activation after each token, [n]. */
  readonly activations: Float32Array;
}

/** A tag that a token may have. */
export interface RankedTag {
  readonly tag: string;
  /** The index of the tag among all of the model. */
  readonly index: number;
  readonly probability: number;
}

export interface TokenTags {
  /** The likeliest tags, in descending order. */
  readonly ranked: readonly RankedTag[];
  /** The tag that stands beside the token; null where none does. */
  readonly given: string | null;
}

/** The spans are tokens and what stands between them. */
export interface TagSpans extends Spans {
  /** The tags of each token, [n]; null for what stands between two. */
  readonly tags: readonly (TokenTags | null)[];
}

/** The features of a text that a unit may follow. */
export const features = [
  'column',
  'indentation',
  'quotes',
  'brackets',
  'comment',
  'word',
  'wordEnd',
  'digit',
  'upperCase',
  'space',
  'lineEnd',
  'vowel',
] as const;
export type Feature = (typeof features)[number];

/** The least absolute correlation with which a unit is said to follow a feature. */
export const leastCorrelation = 0.3;

export interface Unit {
  /** The index of the unit in the state. */
  readonly index: number;
  /** The layer, counted from 1; null for the network's output, if a cell reads it. */
  readonly layer: number | null;
  /** The name of the vector, such as `h` or `c`. */
  readonly state: string;
  /** The number of the unit, counted from 1. */
  readonly unit: number;
  /** The feature that the unit follows most closely; null if the unit never changes. */
  readonly feature: Feature | null;
  readonly correlation: number;
  /** Whether no other unit follows this feature more closely. */
  readonly best: boolean;
  /** The largest absolute activation. */
  readonly scale: number;
}

/** The lengths, in characters, from which a run counts as quoted. */
export const quotedRuns = [20, 30] as const;

export interface Generated {
  /** The number of characters written. */
  readonly length: number;
  /**
   * The shares of what was written that occur in the training text in runs of each length of `quotedRuns`.
   */
  readonly quoted: readonly number[];
  readonly longestQuote: number;
  /** The number of characters of the training text that are kept and were compared. */
  readonly compared: number;
}

export interface Diagnosis {
  readonly engine: string;
  /** The build of the kernels: `relaxed`, `simd` or `single`; null if they do not run. */
  readonly build: string | null;
  /** The number of threads in a training, unless a setting says otherwise. */
  readonly threads: number;
  /** The network that is trained by default, such as `GRU 128, GRU 128`; its speed is `tokensPerSecond`. */
  readonly network: string;
  readonly tokensPerSecond: number;
}

export type InspectorRequest =
  | ({
      readonly kind: 'surprise';
      readonly passage: Passage;
      /** Whether the surprise is that of the ensemble, which completes text, or that of the network alone. */
      readonly ensemble: boolean;
    } & ModelReference)
  | ({ readonly kind: 'units'; readonly text: string } & ModelReference)
  | ({ readonly kind: 'activations'; readonly passage: Passage; readonly unit: number } & ModelReference)
  | ({
      readonly kind: 'generate';
      /** The text that is read first. */
      readonly prompt: string;
      /** The number of characters to generate. */
      readonly length: number;
      readonly temperature: number;
      readonly topK: number;
      readonly topP: number;
      readonly seed: number;
    } & ModelReference)
  /** Names the tags of a passage's tokens. */
  | ({ readonly kind: 'tags'; readonly passage: Passage } & ModelReference)
  | { readonly kind: 'diagnose' }
  | ForecastRequest
  | RowsRequest;

export interface Answers extends RowsAnswers {
  readonly surprise: SurpriseSpans;
  readonly units: readonly Unit[];
  readonly activations: ActivationSpans;
  readonly generate: Generated;
  readonly tags: TagSpans;
  readonly diagnose: Diagnosis;
  readonly forecast: Continuation;
}

export interface InspectorService {
  readonly request: InspectorRequest;
  readonly answer: Answers[InspectorRequest['kind']];
  readonly part: string;
  readonly notice: never;
  readonly event: never;
}
