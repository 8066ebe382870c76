// The exporter is a worker that writes one model for other programs, or reads one that was exported, and is
// then ended.

import type { Capability } from './capabilities.ts';
import type { TrainingDocument } from './trainer.ts';

export const exportFormatNames = ['tfjs', 'onnx', 'pytorch'] as const;

export type ExportFormat = (typeof exportFormatNames)[number];

export interface ExportRequest {
  readonly type: 'export';
  readonly format: ExportFormat;
  /** The folder of the model. */
  readonly directory: string;
  readonly to: string;
}

/** A copy of a model as it is. */
export interface CopyRequest {
  readonly type: 'copy';
  /** The folder of the model. */
  readonly directory: string;
  readonly to: string;
}

export interface ImportRequest {
  readonly type: 'import';
  /** The folder that was exported, or an ONNX file. */
  readonly from: string;
  /** The folder of the model to write. */
  readonly directory: string;
  /** The text to complete with; null for the one that came with the model. */
  readonly text: ImportedText | null;
  /** The settings of the engine. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A text that an imported model completes with, because it came without one. */
export interface ImportedText {
  readonly documents: readonly TrainingDocument[];
  readonly source: string;
  readonly uri: string | null;
  readonly languageId: string;
}

/** The outcome of an import: a model, or nothing yet, because a text has to be named. */
export type ImportAnswer =
  | {
      readonly kind: 'imported';
      /** The model in a sentence. */
      readonly model: string;
      readonly capabilities: readonly Capability[];
      /** The URI of the text that the model is for; null if it has none. */
      readonly uri: string | null;
      readonly languageId: string;
    }
  | { readonly kind: 'comes without its text' };

export interface ExporterService {
  readonly request: ExportRequest | CopyRequest | ImportRequest;
  /** Null where a model was exported or copied. */
  readonly answer: ImportAnswer | null;
  readonly part: never;
  readonly notice: never;
  readonly event: never;
}
