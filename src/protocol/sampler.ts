// Messages between the host and the sampler, a worker that lets one model generate text and then ends. Its
// `workerData` is the request; it sends one SamplerToHost.
import type { SamplePoint } from './run.ts';

export interface SampleRequest {
  /** The folder of the model. */
  readonly model: string;
  readonly temperature: number;
  readonly seed: number;
}

export type SamplerToHost =
  | { readonly type: 'written'; readonly sample: SamplePoint }
  | { readonly type: 'failed'; readonly message: string };
