// A model on disk: `model.json`, the weights and the text that it names, and, of the run, its history and the
// checkpoint that it goes on from. What counts is model.json: it is renamed into place last, so that a reader finds
// the whole old model or the whole new one.
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Weight, Weights } from '../backend/engine.ts';
import { type Manifest, makeManifest, parseManifest } from '../protocol/manifest.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunSnapshot } from '../protocol/run.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import { type Checkpoint, packCheckpoint, unpackCheckpoint } from '../training/checkpoint.ts';
import { readSafetensors, readSafetensorsFile, writeSafetensors } from '../training/safetensors.ts';
import type { Tokenizer } from '../training/tokens/tokenizer.ts';
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
  directory: string,
  contents: Omit<Parameters<typeof makeManifest>[0], 'weights' | 'text'>,
  weights: Weights,
  { text, mixture }: Company,
): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = nextWeightsFile(directory);
  const mixed = mixture ? [[mixtureName, mixture] as const] : [];
  writeAtomically(join(directory, file), writeSafetensors(new Map([...weights, ...mixed])));
  const textFile = `text-${digest(text)}.txt`;
  // Its name says what it holds: what is there is whole.
  if (!existsSync(join(directory, textFile))) writeAtomically(join(directory, textFile), text);
  writeAtomically(
    join(directory, 'model.json'),
    `${JSON.stringify(makeManifest({ weights: file, text: textFile, ...contents }), null, 2)}\n`,
  );
  for (const name of readdirSync(directory))
    if ((isWeights(name) && name !== file) || (isText(name) && name !== textFile))
      rmSync(join(directory, name), { force: true });
}

export function writeHistory(directory: string, history: RunSnapshot): void {
  writeAtomically(join(directory, historyName), JSON.stringify(history));
}

export function writeCheckpoint(directory: string, checkpoint: Checkpoint): void {
  const { weights, metadata } = packCheckpoint(checkpoint);
  writeAtomically(join(directory, checkpointName), writeSafetensors(weights, metadata));
}

/** What a run was asked for, and what has become of it. @throws Problem when it cannot go on from there. */
export function readRun(directory: string): {
  request: TrainRequest;
  earlier: Earlier;
} {
  const { manifest, mixture } = readModel(directory);
  const { wishes, compared, finished, text } = manifest;
  const { source, uri, pattern, languageId, characters } = manifest.provenance;
  const history = readHistory(directory);
  if (!wishes || text === null || !history?.date)
    throw new Problem('This run was kept by an older version of Unroll and cannot go on. Train it again.');
  return {
    request: {
      ...wishes,
      documents: [readText(directory, manifest)],
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
      checkpoint: unpackCheckpoint(readSafetensorsFile(read(directory, checkpointName))),
      history,
      mixture,
      finished,
    },
  };
}

/** null where there is none that can be read. */
function readHistory(directory: string): RunSnapshot | null {
  try {
    return JSON.parse(read(directory, historyName).toString('utf8'));
  } catch {
    return null;
  }
}

/** @throws Problem when there is no whole model in the directory. */
export function readModel(directory: string): {
  manifest: Manifest;
  weights: Weights;
  mixture: Weight | null;
} {
  const manifest = parseManifest(read(directory, 'model.json').toString('utf8'));
  const weights = new Map(readSafetensors(read(directory, manifest.weights)));
  const mixture = weights.get(mixtureName) ?? null;
  weights.delete(mixtureName);
  return { manifest, weights, mixture };
}

/** The text that a model was trained on. @throws Problem when it is not there. */
export function readText(directory: string, { text }: Manifest): string {
  return text === null ? '' : read(directory, text).toString('utf8');
}

function read(directory: string, name: string): Buffer {
  try {
    return readFileSync(join(directory, name));
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

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function nextWeightsFile(directory: string): string {
  const numbers = readdirSync(directory)
    .filter(isWeights)
    .map((name) => Number(name.match(/\d+/)![0]));
  return `weights-${1 + Math.max(0, ...numbers)}.safetensors`;
}

function writeAtomically(path: string, contents: string | readonly Uint8Array[]): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    // The user's alone: a text, or what has learned it.
    const file = openSync(temporary, 'w', 0o600);
    try {
      for (const part of typeof contents === 'string' ? [Buffer.from(contents)] : contents)
        for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
