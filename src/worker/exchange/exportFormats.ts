// The formats in which a model is exported for other programs.
import type { ExportFormat } from '../../protocol/exporter.ts';
import { exportOnnx } from './exportOnnx.ts';
import { exportPytorch } from './exportPytorch.ts';
import { exportTfjs, type Page } from './exportTfjs.ts';
import type { Folder } from './fillFolder.ts';

/**
 * Writes a model in one format.
 * @param to the folder to write, which may exist if it is empty
 * @throws Problem when there is no whole model, or when `to` is not empty
 */
type Export = (from: Folder, to: Folder, readPage: () => Page) => void;

export const exportFormats: Readonly<Record<ExportFormat, Export>> = {
  tfjs: (from, to, readPage) => exportTfjs(from, to, readPage()),
  onnx: (from, to) => exportOnnx(from, to),
  pytorch: (from, to) => exportPytorch(from, to),
};
