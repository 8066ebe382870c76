import { Problem } from '../../protocol/problem.ts';
import { reasonOf } from '../../store/fileProblem.ts';
import { type Files, isFileError } from '../../store/files.ts';
import type { ImportedModel } from '../importedModel.ts';
import { readOnnx } from './readOnnx.ts';

/** The name of the file in the folder of an export. */
export const onnxName = 'model.onnx';

/** The most bytes of an ONNX file: the format's own limit. */
const mostBytes = 2 ** 31 - 1;
/** The most bytes of a vocabulary. */
const mostVocabularyBytes = 16_000_000;

/**
 * Reads a model from an ONNX file, with the `vocabulary.json` beside it where there is one.
 * @param path the path of the file, whose parts are separated by '/'
 * @throws Problem with a sentence for whatever does not fit
 */
export function readOnnxFile(files: Files, path: string): ImportedModel {
  const bytes = read(files, path, mostBytes);
  if (!bytes) throw new Problem(`${path} is not there.`);
  const beside = `${path.slice(0, path.lastIndexOf('/') + 1)}vocabulary.json`;
  const vocabulary = read(files, beside, mostVocabularyBytes);
  return readOnnx(bytes, vocabulary && new TextDecoder().decode(vocabulary));
}

/** @returns null where there is no file */
function read(files: Files, path: string, most: number): Uint8Array | null {
  try {
    return files.read(path, most);
  } catch (error) {
    if (!isFileError(error)) throw error;
    if (error.code === 'ENOENT') return null;
    throw new Problem(`${path} cannot be read: ${reasonOf(error)}.`);
  }
}
