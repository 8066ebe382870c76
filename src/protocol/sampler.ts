// The sampler is a worker that lets one model generate text and is then ended.
import type { SamplePoint } from './run.ts';

export interface SampleRequest {
  /** The folder of the model. */
  readonly model: string;
  readonly temperature: number;
  readonly seed: number;
}

export interface SamplerService {
  readonly request: SampleRequest;
  readonly answer: SamplePoint;
  readonly part: never;
  readonly notice: never;
  readonly event: never;
}
