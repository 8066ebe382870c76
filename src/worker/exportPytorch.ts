// Exports a model folder as a folder for PyTorch: the network as Python, a script that trains it, and the weights.
import { pytorchFiles } from '../export/pytorch/folder.ts';
import { demand } from '../store/capabilities.ts';
import { readManifest, readModel, readText } from '../store/modelFolder.ts';
import { type Folder, fillFolder } from './fillFolder.ts';

/**
 * Exports a model.
 * @param to the folder to write, which may exist if it is empty
 * @throws Problem when there is no whole model, or when `to` is not empty
 */
export function exportPytorch({ files, directory }: Folder, to: Folder): void {
  demand(readManifest(files, directory), 'export');
  const model = readModel(files, directory);
  fillFolder(to, pytorchFiles(model, readText(files, directory, model.manifest), files.digest));
}
