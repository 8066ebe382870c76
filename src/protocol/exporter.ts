// The exporter is a worker that writes one model for other programs and is then ended.

export const exportFormatNames = ['tfjs', 'onnx'] as const;

export type ExportFormat = (typeof exportFormatNames)[number];

export interface ExportRequest {
  readonly format: ExportFormat;
  /** The folder of the model. */
  readonly directory: string;
  readonly to: string;
}

export interface ExporterService {
  readonly request: ExportRequest;
  readonly answer: null;
  readonly part: never;
  readonly notice: never;
  readonly event: never;
}
