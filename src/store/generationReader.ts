// Reads the files of a generation, also while a writer replaces it by the next one.
import { Problem } from '../protocol/problem.ts';
import { reasonOf } from './fileProblem.ts';
import { type Files, isFileError } from './files.ts';
import { type Manifest, mostManifestBytes, parseManifest } from './manifest.ts';
import { holdsWhatItSays, manifestName, saysWhatItHolds } from './names.ts';

/** The number of attempts to read a generation while other ones may replace it. */
const mostReadings = 5;

/**
 * Reads what a manifest names, and does so again if a writer has replaced it and removed its files in the
 * meantime.
 */
export function consistently<T>(
  files: Files,
  directory: string,
  read: (manifest: Manifest, bytes: Uint8Array) => T,
): T {
  for (let reading = 1; ; reading++) {
    const bytes = readManifestFile(files, directory);
    try {
      return read(parseManifest(decode(bytes)), bytes);
    } catch (error) {
      const now = error instanceof Missing && reading < mostReadings && readManifestFile(files, directory);
      if (!now || decode(now) === decode(bytes)) throw error;
    }
  }
}

/** Returns the bytes of the manifest in a folder. @throws Problem when there is none */
export const readManifestFile = (files: Files, directory: string): Uint8Array =>
  read(files, directory, manifestName, mostManifestBytes);

/** The problem that a file that a manifest names is missing. */
class Missing extends Problem {}

/** Reads a file that a manifest names. @param most the most bytes that it may have. @throws Problem also when its contents do not match its name */
export function readPart(files: Files, directory: string, name: string, most: number): Uint8Array {
  const bytes = read(files, directory, name, most);
  if (saysWhatItHolds(name) && !holdsWhatItSays(name, files.digest([bytes])))
    throw new Problem(
      `The model in ${directory} is damaged: ${name} is not what was written. Train the model again.`,
    );
  return bytes;
}

function read(files: Files, directory: string, name: string, most: number): Uint8Array {
  try {
    return files.read(`${directory}/${name}`, most);
  } catch (error) {
    if (!isFileError(error)) throw error;
    switch (error.code) {
      case 'ENOENT':
      case 'ENOTDIR':
        throw new Missing(
          name === manifestName
            ? `There is no whole Unroll model in ${directory}: it has no ${name}. A training that has just begun has kept nothing yet; else name another folder, or train the model again.`
            : `There is no whole Unroll model in ${directory}: ${name} is missing. Train the model again.`,
        );
      case 'ELOOP':
        throw new Problem(
          `The file ${name} in ${directory} is a link, which is not followed. Put the file itself there, or train the model again.`,
        );
      case 'EISDIR':
      case 'EINVAL':
        throw new Problem(
          `The file ${name} in ${directory} is none: a folder or something else stands in its place. Move it away, and train the model again.`,
        );
      case 'EFBIG':
        throw new Problem(
          `The model in ${directory} is damaged: ${name} is larger than it can be. Train the model again.`,
        );
      default:
        throw new Problem(`The file ${name} in ${directory} cannot be read: ${reasonOf(error)}.`);
    }
  }
}

export const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
