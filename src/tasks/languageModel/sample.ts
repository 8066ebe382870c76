// Lets a network write a sample for the panel.
import type { Predictor } from '../../backend/engine.ts';
import { sample } from '../../completion/decoding/sampling.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import type { SamplePoint } from '../../protocol/run.ts';
import { random } from '../../tape/random.ts';
import type { SampleOptions } from '../task.ts';

/** The length of a sample in characters. */
const sampleLength = 240;

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
