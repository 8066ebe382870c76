// Exports a model folder as a folder with an ONNX file, or two, and the texts of its tokens.
import { encoderDecoderFiles } from '../../export/onnx/encoderDecoderFolder.ts';
import { onnxModel } from '../../export/onnx/onnxModel.ts';
import { onnxName } from '../../export/onnx/readOnnxFile.ts';
import { demand } from '../../store/capabilities.ts';
import {
  readEncoderDecoder,
  readForecaster,
  readManifest,
  readModel,
  readRegressor,
} from '../../store/modelFolder.ts';
import { type Folder, fillFolder, jsonFile } from './fillFolder.ts';

/**
 * Exports a model.
 * @param to the folder to write, which may exist if it is empty
 * @param options `optionalStates` says whether a caller may leave the states out, see `writeNetwork`; by default it may
 * @throws Problem when there is no whole model, or when `to` is not empty
 */
export function exportOnnx(
  from: Folder,
  to: Folder,
  { optionalStates = true }: { readonly optionalStates?: boolean } = {},
): void {
  const manifest = readManifest(from.files, from.directory);
  demand(manifest, 'export as ONNX');
  if (manifest.pairs)
    return fillFolder(to, encoderDecoderFiles(readEncoderDecoder(from.files, from.directory)));
  const model = manifest.series
    ? { ...readForecaster(from.files, from.directory), tokenizer: null }
    : manifest.regression
      ? readRegressor(from.files, from.directory)
      : readModel(from.files, from.directory);
  const { bytes, vocabulary } = onnxModel(model, optionalStates);
  const contents = new Map([
    [onnxName, bytes],
    // The ONNX file holds the vocabulary too, but some runtimes give no access to a file's metadata.
    ['vocabulary.json', jsonFile(vocabulary)],
  ]);
  fillFolder(to, contents);
}
