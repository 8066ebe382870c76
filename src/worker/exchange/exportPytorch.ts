// Exports a model folder as a folder for PyTorch: the network as Python, a script that trains it, and the weights.
import { pytorchFiles } from '../../export/pytorch/folder.ts';
import { Problem } from '../../protocol/problem.ts';
import { demand } from '../../store/capabilities.ts';
import {
  readEncoderDecoder,
  readForecaster,
  readManifest,
  readModel,
  readRegressor,
  readText,
} from '../../store/modelFolder.ts';
import { type Folder, fillFolder } from './fillFolder.ts';

/**
 * Exports a model.
 * @param to the folder to write, which may exist if it is empty
 * @throws Problem when there is no whole model, when PyTorch cannot say it, or when `to` is not empty
 */
export function exportPytorch({ files, directory }: Folder, to: Folder): void {
  const manifest = readManifest(files, directory);
  demand(manifest, 'export for PyTorch');
  const { table, regression, tagging, pairs } = manifest;
  if ([table, regression, tagging, pairs].some((each) => each?.heldOutApart))
    throw new Problem(
      'This model was measured on a file of its own, which is not kept with it, so that a training elsewhere could not be measured. Train it without that file, or export it as ONNX.',
    );
  const model = manifest.series
    ? { ...readForecaster(files, directory), tokenizer: null }
    : pairs
      ? { ...readEncoderDecoder(files, directory), tokenizer: null }
      : regression
        ? readRegressor(files, directory)
        : readModel(files, directory);
  fillFolder(to, pytorchFiles(model, readText(files, directory, model.manifest), files.digest));
}
