// Computes the validation loss in 64 bits and plain loops, from its definition and not from the code under
// test.

import type { Corpus } from '../../src/data/text/corpus.ts';
import { multiply, runCell, softmax, type Vector } from '../../src/language/values.ts';
import type { Architecture } from '../../src/tape/architecture.ts';
import type { Weights } from '../../src/tape/parameters.ts';

/** The number of tokens that are read, but not counted, before each row of the held-out part. */
const context = 64;

/**
 * @param batch the run's batch: the held-out part is cut into at most so many rows, none shorter than its
 * context
 * @returns bits per character. A cell that reads `y[t-1]` must be the only layer's.
 */
export function slowValidationLoss(
  { train, heldOut, tokenizer }: Corpus,
  architecture: Architecture,
  weights: Weights,
  batch: number,
): number {
  const rows = Math.max(1, Math.min(batch, Math.floor(heldOut.length / context)));
  const own = Math.floor(heldOut.length / rows);
  const before = train.subarray(Math.max(0, train.length - context));
  const text = [...before, ...heldOut];
  const lengths = tokenizer.lengths();
  let [bits, characters] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const tokens = text.slice(row * own, row * own + before.length + own);
    const bitsOf = read(architecture, weights, tokens.slice(0, -1));
    for (let t = before.length; t < tokens.length; t++) {
      bits += bitsOf[t - 1][tokens[t]];
      // Token 0 stands for each of several rare characters, which are guessed blindly.
      if (tokens[t] === 0) bits += Math.log2(tokenizer.alphabet.rareKinds);
      characters += lengths[tokens[t]];
    }
  }
  return bits / characters;
}

/** Returns the bits of each token after each of `tokens`, from h[0] on. */
function read(
  { inputs: kinds, outputs, embedding, layers, tied }: Architecture,
  weights: Weights,
  tokens: number[],
): Vector[] {
  const values = (name: string) => Float64Array.from(weights.get(name)!.data);
  const table = embedding > 0 ? values('embedding') : null;
  let inputs: Vector[] = tokens.map((token) =>
    table
      ? table.slice(token * embedding, (token + 1) * embedding)
      : new Float64Array(kinds).fill(1, token, token + 1),
  );
  const [matrix, bias] = [values(tied ? 'embedding' : 'output.W'), values('output.b')];
  const logits = (output: Vector) => multiply(matrix, output).map((score, unit) => score + bias[unit]);
  const readout = (output: Vector) => softmax(logits(output));
  for (const [index, { cell, hidden }] of layers.entries()) {
    const prefix = `layers.${index}.`;
    const names = [...weights.keys()].filter((name) => name.startsWith(prefix));
    const parameters = new Map(names.map((name) => [name.slice(prefix.length), values(name)]));
    const widths = { x: inputs[0].length, h: hidden, y: outputs };
    inputs = runCell({ cell, widths, parameters, inputs, readout }).get(cell.output)!.slice(1);
  }
  return inputs.map((output) => {
    const scores = logits(output);
    const highest = Math.max(...scores);
    const sum = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
    return scores.map((score) => (highest + Math.log(sum) - score) / Math.LN2);
  });
}
