// Lets a network write a sample for the panel.
import type { Predictor } from '../../backend/engine.ts';
import { promptTokens, sampleTokens } from '../../completion/decoding/sampling.ts';
import { readToken } from '../../completion/ensemble/readToken.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { type SamplePoint, surprisePerCharacter } from '../../protocol/run.ts';
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
  const state = predictor.initial();
  const logits = new Float32Array(tokenizer.size);
  for (const token of promptTokens(tokenizer, '', direction))
    readToken(predictor, state, token, state, logits);
  const written: { readonly text: string; readonly surprise: number }[] = [];
  let length = 0;
  for (const { token, surprise } of sampleTokens(predictor, state, logits, {
    temperature,
    random: random(seed),
  })) {
    const text = tokenizer.symbols[token];
    written.push({ text, surprise });
    length += text.length;
    if (length >= sampleLength) break;
  }
  if (direction === 'backward') written.reverse();
  return {
    step,
    temperature,
    text: written.map(({ text }) => text).join(''),
    surprise: written.flatMap(({ text, surprise }) => surprisePerCharacter(text, surprise).map(rounded)),
  };
}

/** Rounds to hundredths of a bit, because a run's history holds many of them. */
const rounded = (bits: number): number => Math.round(100 * bits) / 100;
