// A model on disk: `model.json`, the weights and the text that it names, and the history of the run. What counts is
// model.json: it is renamed into place last, so that a reader finds the whole old model or the whole new one.
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
import { readSafetensors, writeSafetensors } from '../training/safetensors.ts';

/** What a network is kept with for completion, see src/completion/company.ts. */
export interface Company {
  /** What is recalled exactly. */
  readonly text: string;
  /** The weights of the mixture; null where they have not been learned yet. */
  readonly mixture: Weight | null;
}

/** Of the mixture's weights, in the file of the network's. */
const mixtureName = 'mixture';

export function writeModel(
  directory: string,
  contents: Omit<Manifest, 'format' | 'version' | 'weights' | 'text'>,
  weights: Weights,
  company: Company | null,
): void {
  mkdirSync(directory, { recursive: true });
  const file = nextWeightsFile(directory);
  const mixture = company?.mixture ? [[mixtureName, company.mixture] as const] : [];
  writeAtomically(join(directory, file), writeSafetensors(new Map([...weights, ...mixture])));
  const textFile = company && `text-${digest(company.text)}.txt`;
  // Its name says what it holds: what is there is whole.
  if (textFile !== null && !existsSync(join(directory, textFile)))
    writeAtomically(join(directory, textFile), company!.text);
  writeAtomically(
    join(directory, 'model.json'),
    `${JSON.stringify(makeManifest({ weights: file, text: textFile, ...contents }), null, 2)}\n`,
  );
  for (const name of readdirSync(directory))
    if ((isWeights(name) && name !== file) || (isText(name) && name !== textFile))
      rmSync(join(directory, name), { force: true });
}

export function writeHistory(directory: string, history: RunSnapshot): void {
  writeAtomically(join(directory, 'history.json'), JSON.stringify(history));
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

/** The text that a model recalls. @throws Problem when it is not there. */
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

function writeAtomically(path: string, contents: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'w');
    try {
      const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
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
