// The exporter is a worker that writes one model for web pages and is then ended.

export interface ExportRequest {
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
