// Imports a model from what was exported: for PyTorch, as ONNX, or as it is.
import type { Engine } from '../../backend/engine.ts';
import { onnxName } from '../../export/onnx/readOnnxFile.ts';
import { configName } from '../../export/pytorch/config.ts';
import { textName } from '../../export/pytorch/folder.ts';
import { Problem } from '../../protocol/problem.ts';
import type { Files } from '../../store/files.ts';
import { manifestName } from '../../store/names.ts';
import { readWholeModel } from '../../store/wholeModel.ts';
import type { Platform } from '../platform.ts';
import { fillFolder } from './fillFolder.ts';
import type { NamedText } from './importExchanged.ts';
import { importOnnx } from './importOnnx.ts';
import { importPytorch } from './importPytorch.ts';

/**
 * Imports a model.
 * @param from the folder that was exported, or an ONNX file
 * @param directory the folder of the model to write, which is empty or new
 * @param named the text to complete with; null for the one in the folder
 * @returns a sentence that says what was imported
 * @throws Problem when there is no model in `from` that can be imported
 */
export async function importModel(
  { files, memoryBytes, breathe }: Pick<Platform, 'files' | 'memoryBytes' | 'breathe'>,
  startEngine: () => Promise<Engine>,
  from: string,
  directory: string,
  named: NamedText | null,
): Promise<string> {
  const tools = async () => ({ engine: await startEngine(), files, memoryBytes, breathe });
  if (has(files, from, configName)) return importPytorch(await tools(), from, directory, named);
  const onnx = onnxFileIn(files, from);
  if (onnx !== null) return importOnnx(await tools(), onnx, directory, named);
  if (!has(files, from, manifestName))
    throw new Problem(
      `${from} holds no model that can be imported: one exported for PyTorch has a ${configName}, one of Unroll a ${manifestName}. Name such a folder, or an ONNX file.`,
    );
  if (named)
    throw new Problem(
      `The model in ${from} is one of Unroll and has its text in its folder: leave --text out, or train on the other text.`,
    );
  return copyModel(files, from, directory);
}

/** Returns whether what would be imported has no text, which is then to be named. */
export function comesWithoutText(files: Files, from: string): boolean {
  if (has(files, from, configName)) return !has(files, from, textName);
  return onnxFileIn(files, from) !== null;
}

/** Returns the path of the ONNX file that is named, or that is in the folder; null where there is none. */
function onnxFileIn(files: Files, from: string): string | null {
  if (files.stat(from)?.kind === 'file') return from.endsWith('.onnx') ? from : null;
  return has(files, from, onnxName) ? `${from}/${onnxName}` : null;
}

const has = (files: Files, folder: string, name: string): boolean =>
  files.stat(folder)?.kind !== 'file' && files.stat(`${folder}/${name}`)?.kind === 'file';

/**
 * Copies a model of Unroll's own format, also while a run replaces it.
 * @param directory the folder to write, which may exist if it is empty
 * @returns the layers of its network in words
 * @throws Problem when there is no whole model in `from`, or the copy cannot be written
 */
export function copyModel(files: Files, from: string, directory: string): string {
  const { manifest, contents } = readWholeModel(files, from);
  fillFolder({ files, directory }, contents);
  return manifest.architecture.layers.map(({ cell, hidden }) => `${cell} ${hidden}`).join(', ');
}
