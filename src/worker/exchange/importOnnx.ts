// Imports an ONNX file: one that was exported, or one with LSTM, GRU or RNN operators and a vocabulary.
import type { ExchangedModel } from '../../export/exchangedModel.ts';
import { readOnnxFile } from '../../export/onnx/readOnnxFile.ts';
import { trainWithDefaults } from '../../language/options/optionDefaults.ts';
import type { Files } from '../../store/files.ts';
import { architecture } from '../../training/configuration.ts';
import { type ImportTools, importExchanged, type NamedText } from './importExchanged.ts';

/**
 * Imports a model.
 * @param path the path of the ONNX file, which may have a `vocabulary.json` beside it
 * @param directory the folder of the model to write
 * @param named the text to complete with, which no ONNX file holds
 * @returns a sentence that says what was imported
 * @throws Problem with a sentence for whatever of the file does not fit
 */
export async function importOnnx(
  tools: ImportTools,
  path: string,
  directory: string,
  named: NamedText | null,
): Promise<string> {
  return importExchanged(tools, readModel(tools.files, path), path, directory, named);
}

function readModel(files: Files, path: string): ExchangedModel {
  const { tokenizer, architecture: model, cells, weights, direction } = readOnnxFile(files, path);
  return {
    program: 'another program (ONNX)',
    model: { ...model, dropout: 0, direction },
    train: trainWithDefaults(),
    source: { source: path, uri: null, pattern: null, languageId: 'plaintext' },
    definition: Object.values(cells).join('\n'),
    cells,
    tokenizer,
    architecture: architecture(tokenizer.size, model, cells),
    weights,
    trained: null,
    learnedHeldOut: false,
    text: null,
  };
}
