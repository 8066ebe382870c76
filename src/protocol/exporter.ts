// Messages between the host and the exporter, a worker that writes one model for web pages and then ends. Its
// `workerData` is the request; it sends one ExporterToHost.

export interface ExportRequest {
  /** The folder of the model. */
  readonly directory: string;
  readonly to: string;
}

export type ExporterToHost =
  | { readonly type: 'exported' }
  | { readonly type: 'failed'; readonly message: string };
