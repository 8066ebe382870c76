// Host ↔ exporter: a worker that writes one model for web pages and ends. Its `workerData` is the request.

export interface ExportRequest {
  /** Of the model. */
  readonly directory: string;
  readonly to: string;
}

/** A sentence about what went wrong, or null. */
export type ExporterToHost = string | null;
