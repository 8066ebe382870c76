// Reads a folder that was exported for PyTorch, and trained and perhaps edited there.
import { maximumCharacters } from '../../data/text/corpus.ts';
import { readCells } from '../../language/check.ts';
import { Problem } from '../../protocol/problem.ts';
import { reasonOf } from '../../store/fileProblem.ts';
import { type Files, isFileError } from '../../store/files.ts';
import { misfitOf } from '../../store/fit.ts';
import { mixtureName } from '../../store/modelFolder.ts';
import { mostHeaderBytes, readSafetensorsFile } from '../../store/safetensors.ts';
import { parameters } from '../../tape/parameters.ts';
import { architecture } from '../../training/configuration.ts';
import { countParameters } from '../../training/networkSize.ts';
import type { ExchangedModel, Trained } from '../exchangedModel.ts';
import { type Config, configName, parseConfig } from './config.ts';
import { cellsName, modelName, textName, weightsName } from './folder.ts';
import { modelFile } from './modelFile.ts';
import { parseTokenizer, vocabularyName } from './vocabulary.ts';

/** A model as it stands in a folder for PyTorch. */
export interface PytorchModel extends ExchangedModel {
  /** The first line of model.py that is not as the equations in cells.rnn have it; null where all are. */
  readonly changedLine: string | null;
}

/** The most bytes of a file that is read as text, other than the training text. */
const mostBytes = 16_000_000;

/** Reads and checks a folder. @throws Problem when it does not hold a whole model, or one that cannot be read here */
export function readPytorchFolder(files: Files, directory: string): PytorchModel {
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
  const tokenizer = parseTokenizer(decode(needed(vocabularyName)));
  const built = architecture(tokenizer.size, config.model, cells);
  const most = mostHeaderBytes + 4 * (countParameters(built) * 2 + 1_000_000);
  const { weights: found, metadata } = readSafetensorsFile(needed(weightsName, most));
  const weights = new Map(found);
  weights.delete(mixtureName);
  const misfit = misfitOf(parameters(built), weights);
  if (misfit)
    throw new Problem(
      `${weightsName} does not fit ${configName} and ${cellsName}: ${misfit}. Write there what was trained, or train again with --fresh.`,
    );
  const text = read(textName, 4 * maximumCharacters);
  const module = read(modelName);
  const run = trainedOf(metadata);
  return {
    program: run ? `PyTorch ${run.torch}` : `Unroll ${config.unroll}`,
    model: config.model,
    train: config.train,
    source: config.source,
    definition,
    cells,
    tokenizer,
    architecture: built,
    weights,
    trained: run,
    learnedHeldOut: run?.learnedHeldOut ?? config.learnedHeldOut,
    text: text && decode(text),
    changedLine:
      !module || files.digest([module]) === config.modelDigest
        ? null
        : firstChange(decode(module), modelFile(definition)),
  };
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
    model.layers.map(({ cell }) => {
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

function trainedOf(
  metadata: Readonly<Record<string, string>>,
): (Trained & { readonly torch: string; readonly learnedHeldOut: boolean }) | null {
  const { torch, update, seconds, bits_per_character: bits, learned_held_out, batch, k1, k2 } = metadata;
  if (torch === undefined) return null;
  const whole = (text: string, least: number) => {
    const value = Math.round(Number(text));
    return Number.isSafeInteger(value) && value >= least ? value : least;
  };
  const loss = Number(bits ?? Number.NaN);
  return {
    torch: torch.slice(0, 100),
    update: whole(update, 0),
    seconds: Number(seconds) >= 0 ? Number(seconds) : 0,
    bitsPerCharacter: Number.isFinite(loss) ? loss : null,
    learnedHeldOut: learned_held_out === 'true',
    batch: whole(batch, 1),
    k1: whole(k1, 1),
    k2: whole(k2, 1),
  };
}
