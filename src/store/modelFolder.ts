// A model on disk: `model.json`, the weights and the text that it names, and, of the run, its history and the
// checkpoint that it goes on from. What counts is model.json: it is renamed into place last, so that a reader finds
// the whole old model or the whole new one.
import type { Weight, Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunSnapshot } from '../protocol/run.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { Tokenizer } from '../training/tokens/tokenizer.ts';
import { packCheckpoint, unpackCheckpoint } from './checkpoint.ts';
import type { Files } from './files.ts';
import { type Manifest, makeManifest, parseManifest } from './manifest.ts';
import { readSafetensors, readSafetensorsFile, writeSafetensors } from './safetensors.ts';
import { readTokenizer } from './tokens.ts';

/** What a network is kept with. */
export interface Company {
  /** What was trained on. */
  readonly text: string;
  /** Of network and recall, see src/completion/company.ts; null where it has not been learned. */
  readonly mixture: Weight | null;
}

/** What has become of a run that is to go on. */
export interface Earlier {
  readonly tokenizer: Tokenizer;
  readonly checkpoint: Checkpoint;
  readonly history: RunSnapshot;
  readonly mixture: Weight | null;
  readonly finished: boolean;
}

const checkpointName = 'checkpoint.safetensors';
const historyName = 'history.json';

/** Of the mixture's weights, in the file of the network's. */
const mixtureName = 'mixture';

export function writeModel(
  files: Files,
  directory: string,
  contents: Omit<Parameters<typeof makeManifest>[0], 'weights' | 'text'>,
  weights: Weights,
  { text, mixture }: Company,
): void {
  files.makeDirectory(directory);
  const file = nextWeightsFile(files.list(directory));
  const mixed = mixture ? [[mixtureName, mixture] as const] : [];
  writeAtomically(files, `${directory}/${file}`, writeSafetensors(new Map([...weights, ...mixed])));
  const bytes = encode(text);
  const textFile = `text-${files.digest([bytes]).slice(0, 16)}.txt`;
  // Its name says what it holds: what is there is whole.
  if (!files.stat(`${directory}/${textFile}`)) writeAtomically(files, `${directory}/${textFile}`, [bytes]);
  const manifest = makeManifest({ weights: file, text: textFile, ...contents });
  writeAtomically(files, `${directory}/model.json`, [encode(`${JSON.stringify(manifest, null, 2)}\n`)]);
  for (const name of files.list(directory))
    if ((isWeights(name) && name !== file) || (isText(name) && name !== textFile))
      files.remove(`${directory}/${name}`);
}

export function writeHistory(files: Files, directory: string, history: RunSnapshot): void {
  writeAtomically(files, `${directory}/${historyName}`, [encode(JSON.stringify(history))]);
}

export function writeCheckpoint(files: Files, directory: string, checkpoint: Checkpoint): void {
  const { weights, metadata } = packCheckpoint(checkpoint);
  writeAtomically(files, `${directory}/${checkpointName}`, writeSafetensors(weights, metadata));
}

/** What a run was asked for, and what has become of it. @throws Problem when it cannot go on from there. */
export function readRun(
  files: Files,
  directory: string,
): {
  request: TrainRequest;
  earlier: Earlier;
} {
  const { manifest, mixture } = readModel(files, directory);
  const { wishes, compared, finished, text } = manifest;
  const { source, uri, pattern, languageId, characters } = manifest.provenance;
  const history = readHistory(files, directory);
  if (!wishes || text === null || !history?.date)
    throw new Problem('This run was kept by an older version of Unroll and cannot go on. Train it again.');
  return {
    request: {
      ...wishes,
      documents: [readText(files, directory, manifest)],
      source,
      title: history.title,
      uri,
      pattern,
      // The run has said them when it began.
      remarks: history.start?.remarks ?? [],
      sourceCharacters: characters,
      languageId,
      directory,
      compared,
    },
    earlier: {
      tokenizer: readTokenizer(manifest),
      checkpoint: unpackCheckpoint(readSafetensorsFile(read(files, directory, checkpointName))),
      history,
      mixture,
      finished,
    },
  };
}

/** null where there is none that can be read. */
function readHistory(files: Files, directory: string): RunSnapshot | null {
  try {
    return JSON.parse(decode(read(files, directory, historyName)));
  } catch {
    return null;
  }
}

/** @throws Problem when there is no whole model in the directory. */
export function readModel(
  files: Files,
  directory: string,
): {
  manifest: Manifest;
  weights: Weights;
  mixture: Weight | null;
} {
  const manifest = parseManifest(decode(read(files, directory, 'model.json')));
  const weights = new Map(readSafetensors(read(files, directory, manifest.weights)));
  const mixture = weights.get(mixtureName) ?? null;
  weights.delete(mixtureName);
  return { manifest, weights, mixture };
}

/** The text that a model was trained on. @throws Problem when it is not there. */
export function readText(files: Files, directory: string, { text }: Manifest): string {
  return text === null ? '' : decode(read(files, directory, text));
}

function read(files: Files, directory: string, name: string): Uint8Array {
  try {
    return files.read(`${directory}/${name}`, Number.MAX_SAFE_INTEGER);
  } catch {
    throw new Problem(
      `There is no whole Unroll model in ${directory}: ${name} cannot be read. Train the model again.`,
    );
  }
}

function isWeights(name: string): boolean {
  return /^weights-\d+\.safetensors$/.test(name);
}

function isText(name: string): boolean {
  return /^text-[0-9a-f]{16}\.txt$/.test(name);
}

function nextWeightsFile(names: readonly string[]): string {
  const numbers = names.filter(isWeights).map((name) => Number(name.match(/\d+/)![0]));
  return `weights-${1 + Math.max(0, ...numbers)}.safetensors`;
}

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

function writeAtomically(files: Files, path: string, parts: readonly Uint8Array[]): void {
  const temporary = `${path}.${files.writer}.tmp`;
  try {
    files.write(temporary, parts);
    files.sync(temporary);
    files.rename(temporary, path);
  } catch (error) {
    files.remove(temporary);
    throw error;
  }
}
