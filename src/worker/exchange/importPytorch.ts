// Imports a folder that was exported for PyTorch and trained there.
import { cellsName, modelName, textName } from '../../export/pytorch/folder.ts';
import { openFolder } from '../../export/pytorch/openFolder.ts';
import { type PytorchModel, readPytorchFolder } from '../../export/pytorch/readFolder.ts';
import { Problem } from '../../protocol/problem.ts';
import { type ImportTools, importExchanged, type NamedText } from './importExchanged.ts';
import { importTask } from './importTask.ts';

/** The difference of bits per character, here and in PyTorch, from which on the equations cannot be the same. */
const mostDifference = 0.02;

/**
 * Imports a model.
 * @param from the folder that was exported
 * @param directory the folder of the model to write
 * @param named the text to complete with; null for the one in the folder
 * @returns a sentence that says what was imported
 * @throws Problem when the folder does not hold a model that computes here what it computes there
 */
export async function importPytorch(
  tools: ImportTools,
  from: string,
  directory: string,
  named: NamedText | null,
): Promise<string> {
  if (openFolder(tools.files, from).config.task !== null) {
    if (named)
      throw new Problem(
        `The model in ${from} was trained on a table, which is in its folder: leave --text out, or train on the other table.`,
      );
    return importTask(tools, from, directory);
  }
  const model = readPytorchFolder(tools.files, from);
  if (model.text === null && !named)
    throw new Problem(
      `${from} has no ${textName}, from which suggestions are made too: put the text there, or name it: unroll import ${from} --text FILE.`,
    );
  return importExchanged(tools, model, from, directory, named, (loss) => {
    if (!named) checkEquations(model, loss);
  });
}

/** @throws Problem when model.py computes something else than the equations in cells.rnn */
function checkEquations({ trained, changedLine, text }: PytorchModel, loss: number | null): void {
  const there = trained?.bitsPerCharacter ?? null;
  const wayOut = `Write the equations of ${modelName} into ${cellsName} as well, or export the model again.`;
  if (text !== null && there !== null && loss !== null) {
    if (Math.abs(there - loss) <= mostDifference) return;
    throw new Problem(
      `${modelName} computes something else than ${cellsName} says: ${there.toFixed(3)} bits per character there, ${loss.toFixed(3)} here${changedLine === null ? '' : ` (\`${changedLine}\` was changed)`}. ${wayOut}`,
    );
  }
  if (changedLine !== null)
    throw new Problem(
      `${modelName} was changed at \`${changedLine}\`, which ${cellsName} does not have. ${wayOut}`,
    );
}
