// Makes the files of a folder for PyTorch.
import { Problem } from '../../protocol/problem.ts';
import type { StoredModel } from '../../store/modelFolder.ts';
import { writeSafetensors } from '../../store/safetensors.ts';
import { configName, makeConfig } from './config.ts';
import { modelFile } from './modelFile.ts';
import text from './python/text.py';
import tokenizer from './python/tokenizer.py';
import train from './python/train.py';
import weights from './python/weights.py';
import { readmeFile } from './readme.ts';
import { describeTokenizer, vocabularyName } from './vocabulary.ts';

export const cellsName = 'cells.rnn';
export const modelName = 'model.py';
export const textName = 'text.txt';
export const weightsName = 'model.safetensors';

/**
 * Makes the files of a model for PyTorch, by name.
 * @param of the text that the model was trained on
 * @param digest returns the SHA-256 of parts
 */
export function pytorchFiles(
  model: StoredModel,
  of: string,
  digest: (parts: readonly Uint8Array[]) => string,
): Map<string, Uint8Array> {
  const { manifest } = model;
  if (manifest.architecture.layers.some(({ bidirectional }) => bidirectional))
    throw new Problem('A network with layers that read both ways cannot be exported for PyTorch.');
  const cells = cellsText(manifest.cells);
  const module = encode(modelFile(cells));
  const config = makeConfig(manifest, digest([module]));
  return new Map([
    ['README.md', encode(readmeFile(manifest))],
    [modelName, module],
    ['train.py', encode(train)],
    ['text.py', encode(text)],
    ['tokenizer.py', encode(tokenizer)],
    ['weights.py', encode(weights)],
    [cellsName, encode(cells)],
    [configName, encode(`${JSON.stringify(config, null, 2)}\n`)],
    [vocabularyName, encode(`${JSON.stringify(describeTokenizer(model.tokenizer))}\n`)],
    [textName, encode(of)],
    [weightsName, joined(writeSafetensors(model.weights, { format: 'pt' }))],
  ]);
}

/** Joins the texts of cells into one `.rnn` file. */
export const cellsText = (cells: Readonly<Record<string, string>>): string =>
  `${Object.values(cells)
    .map((text) => text.trim())
    .join('\n\n')}\n`;

const encode = (text: string) => new TextEncoder().encode(text);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
