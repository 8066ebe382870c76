// Messages between the host and the exporter, a worker that exports or imports one model and then ends. Its
// `workerData` is the request; it sends one ExporterToHost.

export const exportFormatNames = ['tfjs', 'pytorch'] as const;

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

export type ExporterToHost =
  | { readonly type: 'exported' }
  /** A sentence says what was imported. */
  | { readonly type: 'imported'; readonly message: string }
  | { readonly type: 'failed'; readonly message: string };
