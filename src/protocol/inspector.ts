// Host ↔ inspector: a worker that reads a text with a model, so that people see what it has learned, and lets it
// write. What it writes comes in parts.

/** A model on disk. */
export interface ModelReference {
  /** Its folder. */
  readonly model: string;
  /** Changes whenever the model on disk does. */
  readonly revision: string;
}

/** A part of a document, with what is read before it. */
export interface Passage {
  /** Which text this is, and where in it: what was read there before is not read again. */
  readonly place: string;
  /** Line ends as \n. */
  readonly text: string;
  /** What is asked for: tokens that begin at `from` or behind it, and before `to`. In UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/** By token of a passage. */
export interface Spans {
  /** Where each token begins in the passage's text, and where the last one ends: [n + 1]. */
  readonly places: Int32Array;
}

export interface SurpriseSpans extends Spans {
  /** -log₂ of each token's probability, [n]. */
  readonly bits: Float32Array;
  /** What was expected instead, likeliest first: indices of `texts`, [n × alternatives]; -1 where there is none. */
  readonly expected: Int32Array;
  readonly probabilities: Float32Array;
  /** Text of each token that is named; '' is any character that the model does not know. */
  readonly texts: readonly string[];
}

export interface ActivationSpans extends Spans {
  /** After each token, [n]. */
  readonly activations: Float32Array;
}

/** What a unit may follow. */
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

export interface Unit {
  /** In the state. */
  readonly place: number;
  /** From 1; null for the network's output, where a cell reads it. */
  readonly layer: number | null;
  /** The vector, `h` or `c`. */
  readonly state: string;
  /** From 1. */
  readonly unit: number;
  /** What it follows most closely; null where it never changes. */
  readonly feature: Feature | null;
  readonly correlation: number;
  /** No other unit follows this feature more closely. */
  readonly best: boolean;
  /** Of its activations, the largest without its sign. */
  readonly scale: number;
}

/** Runs at least so long count as quoted, in characters. */
export const quotedRuns = [20, 30] as const;

export interface Generated {
  /** Characters. */
  readonly length: number;
  /** Shares of what was written that stand in the text that the model was trained on: by `quotedRuns`. */
  readonly quoted: readonly number[];
  readonly longestQuote: number;
  /** Characters of that text that are kept, and were compared. */
  readonly compared: number;
}

export interface Diagnosis {
  readonly engine: string;
  /** Of the kernels: `relaxed`, `simd` or `single`; null where they do not run. */
  readonly build: string | null;
  /** In a training, unless a setting says otherwise. */
  readonly threads: number;
  /** That is trained where nothing is said, `LSTM 128, LSTM 128`, and how fast it reads. */
  readonly network: string;
  readonly tokensPerSecond: number;
}

export type InspectorRequest =
  | ({
      readonly kind: 'surprise';
      readonly passage: Passage;
      /** Of the network in company, which is what completes; else of the network alone. */
      readonly company: boolean;
    } & ModelReference)
  | ({ readonly kind: 'units'; readonly text: string } & ModelReference)
  | ({ readonly kind: 'activations'; readonly passage: Passage; readonly unit: number } & ModelReference)
  | ({
      readonly kind: 'generate';
      /** Is read first. */
      readonly prompt: string;
      /** Characters. */
      readonly length: number;
      readonly temperature: number;
      readonly topK: number;
      readonly topP: number;
      readonly seed: number;
    } & ModelReference)
  | { readonly kind: 'diagnose' };

export interface Answers {
  readonly surprise: SurpriseSpans;
  readonly units: readonly Unit[];
  readonly activations: ActivationSpans;
  readonly generate: Generated;
  readonly diagnose: Diagnosis;
}
