// Makes the files of a folder for PyTorch.
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import type { Manifest } from '../../store/manifest.ts';
import type { StoredNetwork } from '../../store/modelFolder.ts';
import { writeSafetensors } from '../../store/safetensors.ts';
import { configName, makeConfig } from './config.ts';
import { modelFile, type NetworkEnds } from './modelFile.ts';
import training from './python/training.py';
import weights from './python/weights.py';
import { readmeFile } from './readme.ts';
import { taskFiles } from './taskFiles.ts';

export const cellsName = 'cells.rnn';
export const modelName = 'model.py';
export const textName = 'text.txt';
export const weightsName = 'model.safetensors';

/** The parts of a stored model that go to PyTorch. */
export interface PytorchSource extends Pick<StoredNetwork, 'weights'> {
  readonly manifest: Manifest;
  /** The tokenizer; null where numbers are read, or pairs, which have vocabularies of their own. */
  readonly tokenizer: Tokenizer | null;
}

/** Returns what a network is for. */
export function endsOf({
  task,
  table,
  regression,
  pairs,
}: Pick<Manifest, 'task' | 'table' | 'regression' | 'pairs'>): NetworkEnds {
  if (table) return { kind: 'acceptor', pool: table.pool };
  if (regression) return { kind: 'regressor', pool: regression.pool, sequence: regression.kind };
  if (pairs)
    return { kind: 'encoder-decoder', source: pairs.source.kind === 'numbers' ? 'numbers' : 'tokens' };
  if (task === 'acceptor' || task === 'encoder-decoder' || task === 'regressor')
    throw new Error(`The manifest of this task, ${task}, has columns.`);
  return { kind: task };
}

/**
 * Makes the files of a model for PyTorch, by name.
 * @param of the text, or the table, that the model was trained on
 * @param digest returns the SHA-256 of parts
 * @throws Problem when PyTorch cannot say the network
 */
export function pytorchFiles(
  model: PytorchSource,
  of: string,
  digest: (parts: readonly Uint8Array[]) => string,
): Map<string, Uint8Array> {
  const { manifest, tokenizer } = model;
  const { layers } = manifest.architecture;
  const cells = cellsText(manifest.cells);
  const bidirectional = layers.some((layer) => layer.bidirectional);
  const module = encode(modelFile(cells, endsOf(manifest), bidirectional));
  const config = makeConfig(manifest, digest([module]));
  return new Map([
    ['README.md', encode(readmeFile(manifest))],
    [modelName, module],
    ['training.py', encode(training)],
    ...[...taskFiles(manifest, of, tokenizer)].map(([name, text]) => [name, encode(text)] as const),
    ['weights.py', encode(weights)],
    [cellsName, encode(cells)],
    [configName, encode(`${JSON.stringify(config, null, 2)}\n`)],
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
