// What a network writes by itself, for the panel.
import type { Predictor } from '../backend/engine.ts';
import { sample } from '../completion/decoding/sampling.ts';
import type { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import type { SamplePoint } from '../protocol/run.ts';
import { random } from '../tape/random.ts';

/** In characters. */
const sampleLength = 240;

export interface SampleOptions {
  readonly step: number;
  readonly temperature: number;
  /** The same seed writes the same. */
  readonly seed: number;
}

export function writeSample(
  predictor: Predictor,
  tokenizer: Tokenizer,
  direction: 'forward' | 'backward',
  { step, temperature, seed }: SampleOptions,
): SamplePoint {
  const written = [
    ...sample(predictor, tokenizer, '', {
      length: sampleLength,
      temperature,
      random: random(seed),
      direction,
    }),
  ];
  return { step, temperature, text: (direction === 'forward' ? written : written.reverse()).join('') };
}
