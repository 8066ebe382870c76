// Exports a model folder as a folder with an ONNX file and the texts of its tokens.
import { join } from 'node:path';
import { onnxModel } from '../export/onnx/onnxModel.ts';
import type { Files } from '../store/files.ts';
import { readModel } from '../store/modelFolder.ts';
import { fillFolder } from './fillFolder.ts';

/**
 * Exports a model.
 * @param to the folder to write, which may exist if it is empty
 * @param optionalStates whether a caller may leave the states out, see `writeNetwork`
 * @throws Problem when there is no whole model, or when `to` is not empty
 */
export function exportOnnx(files: Files, directory: string, to: string, optionalStates = true): void {
  const { bytes, vocabulary } = onnxModel(readModel(files, directory), optionalStates);
  fillFolder(to, () => {
    files.write(join(to, 'model.onnx'), [bytes]);
    // The file holds its vocabulary, which runtimes without access to the metadata read here.
    files.write(join(to, 'vocabulary.json'), [new TextEncoder().encode(`${JSON.stringify(vocabulary)}\n`)]);
  });
}
