// Reads a model back from an ONNX file that this program exported: the file holds the text of its cells, and
// the parameters under their names or in the arrays of ONNX's operators.
import * as v from 'valibot';
import type { Architecture, Weight } from '../../backend/engine.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { Problem } from '../../protocol/problem.ts';
import { taskNames } from '../../protocol/task.ts';
import { cellsOf } from '../../tape/architecture.ts';
import { parameters } from '../../tape/parameters.ts';
import { architecture } from '../../training/configuration.ts';
import type { ImportedModel } from '../importedModel.ts';
import { type Constant, readTensor } from './constants.ts';
import type { Graph } from './format.ts';
import { metadataKeys } from './onnxModel.ts';
import { unpackGates } from './packedGates.ts';
import { recurrentCell } from './recurrentCell.ts';

const otherTasks = taskNames.filter((name) => name !== 'language model');

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const shapes = {
  [metadataKeys.architecture]: v.object({
    embedding: count,
    layers: v.pipe(
      v.array(
        v.object({
          cell: v.string(),
          hidden: v.pipe(count, v.minValue(1)),
          bidirectional: v.exactOptional(v.boolean()),
        }),
      ),
      v.minLength(1),
    ),
    tied: v.boolean(),
  }),
  [metadataKeys.cells]: v.record(v.string(), v.string()),
  [metadataKeys.vocabulary]: v.union([
    v.object({ task: v.picklist(otherTasks) }),
    v.object({
      /** Files of earlier versions lack this and hold language models. */
      task: v.optional(v.literal('language model'), 'language model'),
      direction: v.picklist(['forward', 'backward']),
      states: v.array(v.object({ input: v.string(), initial: v.array(v.number()) })),
    }),
  ]),
};

/**
 * @param readTokenizer reads the tokenizer from the file's vocabulary
 * @throws Problem with a sentence for whatever does not fit
 */
export function readExported(
  graph: Graph,
  metadata: ReadonlyMap<string, string>,
  readTokenizer: () => Tokenizer,
): ImportedModel {
  const vocabulary = read(metadata, metadataKeys.vocabulary);
  if (vocabulary.task !== 'language model')
    throw new Problem(
      `The ONNX file holds a model whose task is ${vocabulary.task}. Only language models are imported: train this one again on its table.`,
    );
  const { direction, states } = vocabulary;
  const tokenizer = readTokenizer();
  const described = read(metadata, metadataKeys.architecture);
  const cells = read(metadata, metadataKeys.cells);
  const built = architecture(tokenizer.size, described, cells);
  const stored = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const found = (name: string): Constant | null => {
    const tensor = stored.get(name);
    return tensor ? readTensor(tensor) : null;
  };
  const initial = new Map(states.map(({ input, initial }) => [input, initial]));
  const own = new Map<string, Weight>(operatorWeights(built, found));
  for (const { name, shape } of parameters(built)) {
    if (own.has(name)) continue;
    // A learned state is stored as the value that the state has before the first token.
    const state = name.replace(/\[0\]$/, '-1');
    const begin = (initial.get(state) ?? found(state)?.data)?.slice(0, shape[0]);
    const data = name.endsWith('[0]') ? begin : found(name)?.data;
    const size = shape.reduce((product, each) => product * each, 1);
    if (data?.length !== size)
      throw new Problem(
        `The ONNX file is damaged: ${JSON.stringify(name)} should hold ${size} numbers${data ? ` and holds ${data.length}` : ' and is missing'}. Export the model again.`,
      );
    own.set(name, { shape, data: Float32Array.from(data) });
  }
  return { tokenizer, architecture: described, cells, weights: own, direction };
}

/** Returns the parameters of the layers that an operator of ONNX computes. */
function* operatorWeights(
  built: Architecture,
  found: (name: string) => Constant | null,
): Iterable<[string, Weight]> {
  if (built.layers.some(({ cell }) => cell.outputLag > 0)) return;
  const cells = [...built.layers.keys()].flatMap((index) => cellsOf(built, index));
  for (const { cell, prefix, widths } of cells) {
    const operator = recurrentCell(cell);
    if (!operator) continue;
    const stored = (letter: string): Weight | null => {
      const constant = found(prefix + letter);
      return constant && { shape: constant.shape, data: Float32Array.from(constant.data) };
    };
    const [W, R] = [stored('W'), stored('R')];
    if (!W || !R) throw new Problem('The ONNX file is damaged: weights are missing. Export the model again.');
    const weights = unpackGates(operator, { W, R, B: stored('B'), P: stored('P') }, widths);
    for (const [name, weight] of weights) yield [prefix + name, weight];
  }
}

function read<K extends keyof typeof shapes>(
  metadata: ReadonlyMap<string, string>,
  key: K,
): v.InferOutput<(typeof shapes)[K]> {
  try {
    return v.parse(shapes[key] as v.GenericSchema, JSON.parse(metadata.get(key)!)) as v.InferOutput<
      (typeof shapes)[K]
    >;
  } catch {
    throw new Problem(
      `The ONNX file is damaged: its metadata \`${key}\` cannot be read. Export the model again.`,
    );
  }
}
