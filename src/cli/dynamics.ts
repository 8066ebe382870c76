// `unroll dynamics`: the state of a cell or of a trained network as a dynamical system.
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Architecture, Weights } from '../backend/engine.ts';
import { promptTokens } from '../completion/decoding/sampling.ts';
import { nodePlatform } from '../platform/node/platform.ts';
import { Problem } from '../protocol/problem.ts';
import { demand } from '../store/capabilities.ts';
import { readModel, readText as readTrainingText } from '../store/modelFolder.ts';
import { initialWeights } from '../tape/parameters.ts';
import { Lyapunov } from '../tape/probing/lyapunov.ts';
import { recurrentRadii } from '../tape/probing/recurrentRadii.ts';
import { sayLyapunov, showDynamics } from '../tape/probing/show.ts';
import { checkEncoder } from '../training/checkEncoder.ts';
import { expectAtMost, readText, wholeArgument } from './arguments.ts';
import { cellArgument } from './cell.ts';
import { jsonLine } from './json.ts';

/** The share of the steps in which the directions of the exponents settle. */
const settlingShare = 0.1;

interface System {
  readonly title: string;
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly tokens: Int32Array;
}

export async function dynamicsCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      symbols: { type: 'string', default: 'a' },
      hidden: { type: 'string', default: '16' },
      steps: { type: 'string', default: '1000' },
      exponents: { type: 'string', default: '8' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  const steps = wholeArgument('steps', values.steps, 10, 1_000_000);
  const most = wholeArgument('exponents', values.exponents, 1, 1024);
  const [name, file] = positionals;
  expectAtMost(isFolder(name) ? 2 : 1, positionals);
  const { title, architecture, weights, tokens } = isFolder(name)
    ? ofModel(name, file, steps)
    : ofCell(name, { ...values, steps });
  const lyapunov = new Lyapunov(architecture, most);
  const settling = Math.floor(settlingShare * tokens.length);
  const exponents = lyapunov.spectrum(weights, tokens, settling);
  const radii = Object.fromEntries(recurrentRadii(architecture, weights));
  const found = { steps: tokens.length - settling, dimension: lyapunov.dimension, exponents, radii };
  process.stdout.write(
    values.json ? jsonLine({ ...found, sentence: sayLyapunov(exponents) }) : showDynamics(title, found),
  );
}

function isFolder(path: string | undefined): path is string {
  return path !== undefined && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/**
 * Returns a trained language model along a text, by default the one that it was trained on: along its beginning, or from its
 * end where the model reads backward.
 */
function ofModel(directory: string, file: string | undefined, steps: number): System {
  const { files } = nodePlatform(__dirname);
  const { manifest, architecture, weights, tokenizer } = readModel(files, directory);
  demand(manifest, 'sample');
  if (file === undefined && manifest.text === null)
    throw new Problem('This model has kept no text: name one, as in `unroll dynamics MODEL FILE`.');
  const text = file === undefined ? readTrainingText(files, directory, manifest) : readText(file);
  const tokens = promptTokens(tokenizer, text, manifest.direction).slice(0, steps);
  if (tokens.length < 10) throw new Problem('The text is too short: at least ten tokens are read.');
  return { title: `${directory} along ${file ?? 'its own text'}`, architecture, weights, tokens };
}

/** Returns a cell by itself, with its initial parameters, over symbols that are read again and again. */
function ofCell(
  name: string | undefined,
  { symbols, hidden, seed, steps }: { symbols: string; hidden: string; seed: string; steps: number },
): System {
  const cell = cellArgument(name);
  const alphabet = [...new Set(symbols)].sort();
  const width = Math.max(2, alphabet.length);
  const units = wholeArgument('hidden', hidden, 1, 512);
  const architecture: Architecture = {
    inputs: width,
    outputs: width,
    embedding: 0,
    layers: [{ cell, hidden: units }],
    tied: false,
    head: { kind: 'every step' },
  };
  checkEncoder(architecture);
  const read = [...symbols].map((symbol) => alphabet.indexOf(symbol));
  if (read.length === 0) throw new Problem('--symbols takes at least one symbol.');
  return {
    title: `${cell.name} with ${units} units and initial weights, over ${JSON.stringify(symbols)} again and again`,
    architecture,
    weights: initialWeights(architecture, wholeArgument('seed', seed, 0, 4294967295)),
    tokens: Int32Array.from({ length: steps }, (_, t) => read[t % read.length]),
  };
}
