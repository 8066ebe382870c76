// Exports a model folder as a folder for PyTorch: the network as Python, a script that trains it, and the weights.
import { join } from 'node:path';
import { pytorchFiles } from '../export/pytorch/folder.ts';
import type { Files } from '../store/files.ts';
import { readModel, readText } from '../store/modelFolder.ts';
import { fillFolder } from './fillFolder.ts';

/**
 * Exports a model.
 * @param to the folder to write, which may exist if it is empty
 * @throws Problem when there is no whole model, or when `to` is not empty
 */
export function exportPytorch(files: Files, directory: string, to: string): void {
  const model = readModel(files, directory);
  const made = pytorchFiles(model, readText(files, directory, model.manifest), files.digest);
  fillFolder(to, () => {
    for (const [name, parts] of made) files.write(join(to, name), parts);
  });
}
