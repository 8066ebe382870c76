// Host ↔ sampler: a worker that has one model write something, and ends. Its `workerData` is the request; it says one
// SamplerToHost.
import type { SamplePoint } from './run.ts';

export interface SampleRequest {
  /** Folder of the model. */
  readonly model: string;
  readonly temperature: number;
  readonly seed: number;
}

export type SamplerToHost =
  | { readonly type: 'written'; readonly sample: SamplePoint }
  | { readonly type: 'failed'; readonly message: string };
