// Messages between the host and the exporter, a worker that exports one model and then ends. Its
// `workerData` is the request; it sends one ExporterToHost.

export const exportFormatNames = ['tfjs', 'onnx'] as const;

export type ExportFormat = (typeof exportFormatNames)[number];

export interface ExportRequest {
  readonly format: ExportFormat;
  /** The folder of the model. */
  readonly directory: string;
  readonly to: string;
}

export type ExporterToHost =
  | { readonly type: 'exported' }
  | { readonly type: 'failed'; readonly message: string };
