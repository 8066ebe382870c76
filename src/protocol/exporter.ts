// Host ↔ exporter: a worker that writes one model for web pages and ends. Its `workerData` is the request; it says one
// ExporterToHost.

export interface ExportRequest {
  /** Of the model. */
  readonly directory: string;
  readonly to: string;
}

export type ExporterToHost =
  | { readonly type: 'exported' }
  | { readonly type: 'failed'; readonly message: string };
