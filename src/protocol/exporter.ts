// The exporter is a worker that writes one model for other programs, or reads one that was exported, and is
// then ended.

export const exportFormatNames = ['tfjs', 'onnx', 'pytorch'] as const;

export type ExportFormat = (typeof exportFormatNames)[number];

export interface ExportRequest {
  readonly type: 'export';
  readonly format: ExportFormat;
  /** The folder of the model. */
  readonly directory: string;
  readonly to: string;
}

export interface ImportRequest {
  readonly type: 'import';
  /** The folder that was exported. */
  readonly from: string;
  /** The folder of the model to write. */
  readonly directory: string;
  /** The settings of the engine. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ExporterService {
  readonly request: ExportRequest | ImportRequest;
  /** The imported model in a sentence; null where a model was exported. */
  readonly answer: string | null;
  readonly part: never;
  readonly notice: never;
  readonly event: never;
}
