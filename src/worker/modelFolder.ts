// A model on disk: `model.json`, the weights that it names, and the history of the run. What counts is model.json:
// it is renamed into place last, so that a reader finds the whole old model or the whole new one.
import {
  closeSync,
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
import type { Weights } from '../backend/engine.ts';
import { type Manifest, makeManifest, parseManifest } from '../protocol/manifest.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunSnapshot } from '../protocol/run.ts';
import { readSafetensors, writeSafetensors } from '../training/safetensors.ts';

export function writeModel(
  directory: string,
  contents: Omit<Manifest, 'format' | 'version' | 'weights'>,
  weights: Weights,
): void {
  mkdirSync(directory, { recursive: true });
  const file = nextWeightsFile(directory);
  writeAtomically(join(directory, file), writeSafetensors(weights));
  writeAtomically(
    join(directory, 'model.json'),
    `${JSON.stringify(makeManifest({ weights: file, ...contents }), null, 2)}\n`,
  );
  for (const name of readdirSync(directory))
    if (isWeights(name) && name !== file) rmSync(join(directory, name), { force: true });
}

export function writeHistory(directory: string, history: RunSnapshot): void {
  writeAtomically(join(directory, 'history.json'), JSON.stringify(history));
}

/** @throws Problem when there is no whole model in the directory. */
export function readModel(directory: string): { manifest: Manifest; weights: Weights } {
  const manifest = parseManifest(read(directory, 'model.json').toString('utf8'));
  return { manifest, weights: readSafetensors(read(directory, manifest.weights)) };
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
