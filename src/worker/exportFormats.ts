// The formats in which a model is exported for other programs.

import type { ExportFormat } from '../protocol/exporter.ts';
import type { Files } from '../store/files.ts';
import { exportPytorch } from './exportPytorch.ts';
import { exportTfjs } from './exportTfjs.ts';

/**
 * Writes a model's folder in one format.
 * @param to the folder to write, which may exist if it is empty
 * @param assets the folder with the built files of this program
 * @throws Problem when there is no whole model, or when `to` is not empty
 */
type Export = (files: Files, directory: string, to: string, assets: string) => void;

export const exportFormats: Readonly<Record<ExportFormat, Export>> = {
  tfjs: (files, directory, to, assets) => exportTfjs(files, directory, to, `${assets}/web`),
  pytorch: exportPytorch,
};
