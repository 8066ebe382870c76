// Reads the files of a folder that was exported for PyTorch, whatever the network is for.
import type { Weights } from '../../backend/engine.ts';
import { wholeCharacters } from '../../data/text/corpus.ts';
import { readCells } from '../../language/check.ts';
import { Problem } from '../../protocol/problem.ts';
import { reasonOf } from '../../store/fileProblem.ts';
import { type Files, isFileError } from '../../store/files.ts';
import { mixtureName } from '../../store/modelFolder.ts';
import { readSafetensorsFile } from '../../store/safetensors.ts';
import { type Config, configName, parseConfig } from './config.ts';
import { cellsName, modelName, textName, weightsName } from './folder.ts';
import { modelFile, type NetworkEnds } from './modelFile.ts';
import { vocabularyName } from './vocabulary.ts';

/** The most bytes of a file that is read as text, other than the training text. */
const mostBytes = 16_000_000;

export interface OpenFolder {
  readonly config: Config;
  /** The text of cells.rnn, and of each cell that a layer names. */
  readonly definition: string;
  readonly cells: Readonly<Record<string, string>>;
  /** The contents of vocabulary.json. */
  readonly vocabulary: string;
  /** The text that the model was trained on; null where it is missing. */
  readonly text: string | null;
  /** The first line of model.py that is not as the equations in cells.rnn have it; null where all are. */
  readonly changedLine: string | null;
  /** Reads the weights. @param most the most bytes of their file */
  weights(most: number): { weights: Weights; metadata: Readonly<Record<string, string>> };
}

/** Opens a folder. @throws Problem when something of it is missing, or has a mistake */
export function openFolder(files: Files, directory: string): OpenFolder {
  const read = (name: string, most = mostBytes) => readIn(files, directory, name, most);
  const decode = (bytes: Uint8Array) => new TextDecoder('utf-8').decode(bytes);
  const needed = (name: string, most = mostBytes) => {
    const found = read(name, most);
    if (found) return found;
    throw new Problem(`${name} is missing in ${directory}. Copy it from the export again.`);
  };
  const config = parseConfig(decode(needed(configName)));
  const definition = decode(needed(cellsName));
  const cells = cellsOf(definition, config);
  const text = read(textName, 4 * wholeCharacters);
  const module = read(modelName);
  return {
    config,
    definition,
    cells,
    vocabulary: decode(needed(vocabularyName)),
    text: text && decode(text),
    changedLine:
      !module || files.digest([module]) === config.modelDigest
        ? null
        : firstChange(decode(module), moduleOf(definition, config)),
    weights(most) {
      const { weights: found, metadata } = readSafetensorsFile(needed(weightsName, most));
      const weights = new Map(found);
      weights.delete(mixtureName);
      return { weights, metadata };
    },
  };
}

/** Writes model.py as it would be exported now. */
function moduleOf(definition: string, { task, model }: Config): string {
  const ends = endsOf(task);
  const bidirectional = model.layers.some((layer) => layer.bidirectional);
  return modelFile(definition, ends, bidirectional);
}

function endsOf(task: Config['task']): NetworkEnds {
  if (task?.kind === 'acceptor') return { kind: task.kind, pool: task.pool };
  if (task?.kind === 'regressor') return { kind: task.kind, pool: task.pool, sequence: task.sequence };
  if (task?.kind === 'encoder-decoder') return { kind: task.kind, source: task.source };
  return { kind: task?.kind ?? 'language model' };
}

function readIn(files: Files, directory: string, name: string, most: number): Uint8Array | null {
  try {
    return files.read(`${directory}/${name}`, most);
  } catch (error) {
    if (!isFileError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    if (error.code === 'EFBIG')
      throw new Problem(
        `${name} in ${directory} is larger than ${configName} says. Write there what was trained.`,
      );
    throw new Problem(`${name} in ${directory} cannot be read: ${reasonOf(error)}.`);
  }
}

/** Returns the text of each cell that a layer names. */
function cellsOf(definition: string, { model }: Config): Record<string, string> {
  const { scopes, diagnostics, file } = readCells(definition);
  const mistake = diagnostics.find(({ severity }) => severity === 'error');
  if (mistake) {
    const line = definition.slice(0, mistake.range.from).split('\n').length;
    throw new Problem(`${cellsName} has a mistake in line ${line}: ${mistake.message}`);
  }
  return Object.fromEntries(
    [...(model.encoder ?? []), ...model.layers].map(({ cell }) => {
      const found = scopes.find(({ section }) => section.name.text === cell);
      if (!found)
        throw new Problem(
          `${configName} names the cell ${cell}, which is not in ${cellsName}. It has ${scopes.map(({ section }) => section.name.text).join(', ') || 'none'}.`,
        );
      return [cell, file.text.slice(found.section.range.from, found.section.range.to)];
    }),
  );
}

/** Returns the first line of code that is only in one of two Python files, comments and spaces aside. */
function firstChange(module: string, expected: string): string | null {
  const [found, wanted] = [module, expected].map((text) =>
    text
      .split(/\r\n|\n|\r/)
      .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
      .filter((line) => line !== ''),
  );
  const at = found.findIndex((line, index) => line !== wanted[index]);
  if (at >= 0) return found[at];
  return found.length === wanted.length ? null : wanted[found.length];
}
