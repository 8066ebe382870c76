// Reads all files of a model, to copy it.
import { Problem } from '../protocol/problem.ts';
import type { Files } from './files.ts';
import { consistently, decode, readManifestFile, readPart } from './generationReader.ts';
import type { Manifest } from './manifest.ts';
import { readNetwork } from './modelFolder.ts';
import { manifestName } from './names.ts';

/** The most bytes of a file that is copied. */
const mostBytes = 8_000_000_000;

export interface WholeModel {
  readonly manifest: Manifest;
  /** The bytes of its files by name; the manifest, without which there is no model, is the last. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads the files of one generation of a model, also while a run replaces it by the next one. A checkpoint and a history
 * that cannot be read are left out, as a model works without them.
 * @throws Problem when there is no whole model in the folder
 */
export function readWholeModel(files: Files, directory: string): WholeModel {
  return consistently(files, directory, (manifest, bytes) => {
    const { weights, text, checkpoint, history } = manifest;
    readNetwork(files, directory, manifest);
    const contents = new Map<string, Uint8Array>();
    const take = (name: string) => contents.set(name, readPart(files, directory, name, mostBytes));
    take(weights);
    for (const name of [text, checkpoint, history])
      try {
        if (name !== null) take(name);
      } catch (error) {
        // A run may have replaced the generation, and removed the file: then all is read again.
        const isReplaced = decode(readManifestFile(files, directory)) !== decode(bytes);
        if (!(error instanceof Problem) || name === text || isReplaced) throw error;
      }
    contents.set(manifestName, bytes);
    return { manifest, contents };
  });
}
