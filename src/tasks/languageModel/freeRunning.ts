// Lets a network run freely, on its own output, and compares that with teacher forcing.
import type { Predictor } from '../../backend/engine.ts';
import { type Drawn, draw, sampleTokens, surpriseOf } from '../../completion/decoding/sampling.ts';
import { readToken } from '../../completion/ensemble/readToken.ts';
import type { FreeRunning } from '../../protocol/run.ts';
import { random } from '../../tape/random.ts';
import type { FreeRun, FreeRunOptions } from '../task.ts';

/** The number of passages over which the losses are means, and the tokens that are read before each. */
const passages = 8;
const context = 24;

/** The number of tokens after a passage whose losses are measured. */
const ahead = 32;

/**
 * Lets a network read a row and go on writing.
 * @param read the row, which is read from h[0]
 * @param text the tokens whose losses are compared, at best such as the network was not trained on
 * @throws Problem where the network's predictions are not numbers
 */
export function freeRun(
  predictor: Predictor,
  read: Int32Array,
  text: Int32Array,
  { temperature, seed, length }: FreeRunOptions,
): FreeRun {
  const state = predictor.initial();
  const logits = new Float32Array(predictor.outputs);
  for (const token of read) readToken(predictor, state, token, state, logits);
  const written: Drawn[] = [];
  for (const drawn of sampleTokens(predictor, state, logits, { temperature, random: random(seed) })) {
    written.push(drawn);
    if (written.length >= length) break;
  }
  return { written, losses: compareWithTeacherForcing(predictor, text, random(seed)) };
}

/**
 * Measures the loss k tokens after a passage, as means over passages at even distances: with teacher forcing, and
 * while the network reads what it has drawn itself, at temperature 1.
 * @returns null where the text is too short
 */
export function compareWithTeacherForcing(
  predictor: Predictor,
  text: Int32Array,
  random: () => number,
): FreeRunning | null {
  const last = text.length - context - ahead;
  if (last < 0) return null;
  const forced = new Array<number>(ahead).fill(0);
  const free = new Array<number>(ahead).fill(0);
  const logits = new Float32Array(predictor.outputs);
  for (let passage = 0; passage < passages; passage++) {
    const from = Math.floor((passage * last) / passages);
    const state = predictor.initial();
    for (const token of text.subarray(from, from + context))
      readToken(predictor, state, token, state, logits);
    const truth = text.subarray(from + context, from + context + ahead);
    const begun = { state: state.slice(), logits: logits.slice() };
    for (const [k, token] of truth.entries()) {
      forced[k] += surpriseOf(logits, token) / passages;
      readToken(predictor, state, token, state, logits);
    }
    for (const [k, token] of truth.entries()) {
      free[k] += surpriseOf(begun.logits, token) / passages;
      readToken(
        predictor,
        begun.state,
        draw(begun.logits, { temperature: 1, random }),
        begun.state,
        begun.logits,
      );
    }
  }
  return { forced: forced.map(rounded), free: free.map(rounded) };
}

const rounded = (bits: number): number => Math.round(1000 * bits) / 1000;
