// Reads a folder that was exported for PyTorch, and trained and perhaps edited there.
import type { Weights } from '../../backend/engine.ts';
import { Problem } from '../../protocol/problem.ts';
import type { Files } from '../../store/files.ts';
import { misfitOf } from '../../store/fit.ts';
import { mostHeaderBytes } from '../../store/safetensors.ts';
import type { ParameterDescription } from '../../tape/parameterDescription.ts';
import { parameters } from '../../tape/parameters.ts';
import { architecture } from '../../training/configuration.ts';
import { countParameters } from '../../training/networkSize.ts';
import type { ExchangedModel, Trained } from '../exchangedModel.ts';
import { configName } from './config.ts';
import { cellsName, weightsName } from './folder.ts';
import { type OpenFolder, openFolder } from './openFolder.ts';
import { parseTokenizer } from './vocabulary.ts';

/** A model as it stands in a folder for PyTorch. */
export interface PytorchModel extends ExchangedModel {
  /** The first line of model.py that is not as the equations in cells.rnn have it; null where all are. */
  readonly changedLine: string | null;
}

/** The record of a training in PyTorch. */
export interface PytorchTraining extends Trained {
  readonly torch: string;
  readonly learnedHeldOut: boolean;
  /** The metric of a task; null where nothing is held out, and for a language model. */
  readonly metric: number | null;
}

/**
 * Reads and checks the folder of a language model.
 * @throws Problem when it does not hold a whole model, or one that cannot be read here
 */
export function readPytorchFolder(files: Files, directory: string): PytorchModel {
  const folder = openFolder(files, directory);
  const { config, definition, cells, text, changedLine } = folder;
  const tokenizer = parseTokenizer(folder.vocabulary);
  const built = architecture(tokenizer.size, config.model, cells);
  const { weights, trained } = readTrained(folder, parameters(built), countParameters(built));
  return {
    program: programOf(folder, trained),
    model: config.model,
    train: config.train,
    source: config.source,
    definition,
    cells,
    tokenizer,
    architecture: built,
    weights,
    trained,
    learnedHeldOut: trained?.learnedHeldOut ?? config.learnedHeldOut,
    text,
    changedLine,
  };
}

/**
 * Reads the weights, and what is known of their training, which is null where they are as they were exported.
 * @throws Problem when they are not those of the network
 */
export function readTrained(
  folder: OpenFolder,
  described: readonly ParameterDescription[],
  count: number,
): { weights: Weights; trained: PytorchTraining | null } {
  const { weights, metadata } = folder.weights(mostHeaderBytes + 4 * (count * 2 + 1_000_000));
  const misfit = misfitOf(described, weights);
  if (misfit)
    throw new Problem(
      `${weightsName} does not fit ${configName} and ${cellsName}: ${misfit}. Write there what was trained, or train again with --fresh.`,
    );
  return { weights, trained: trainedOf(metadata) };
}

/** Returns the program that made the weights. */
export const programOf = ({ config }: OpenFolder, trained: PytorchTraining | null): string =>
  trained ? `PyTorch ${trained.torch}` : `Unroll ${config.unroll}`;

function trainedOf(metadata: Readonly<Record<string, string>>): PytorchTraining | null {
  const { torch, update, seconds, bits_per_character: bits, learned_held_out, batch, k1, k2 } = metadata;
  if (torch === undefined) return null;
  const whole = (text: string, least: number) => {
    const value = Math.round(Number(text));
    return Number.isSafeInteger(value) && value >= least ? value : least;
  };
  const known = (value: string | undefined) => {
    const number = Number(value ?? Number.NaN);
    return Number.isFinite(number) ? number : null;
  };
  return {
    torch: torch.slice(0, 100),
    update: whole(update, 0),
    seconds: Number(seconds) >= 0 ? Number(seconds) : 0,
    bitsPerCharacter: known(bits),
    metric: known(metadata.metric),
    learnedHeldOut: learned_held_out === 'true',
    batch: whole(batch, 1),
    k1: whole(k1, 1),
    k2: whole(k2, 1),
  };
}
