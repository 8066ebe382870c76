// Reads a model from an ONNX file: one that this program exported, or one with LSTM, GRU or RNN operators and
// a vocabulary.
import type { Weight } from '../../backend/engine.ts';
import { Problem } from '../../protocol/problem.ts';
import type { ImportedModel } from '../importedModel.ts';
import {
  arrangeBias,
  arrangeColumns,
  arrangeRows,
  type ImportedTokens,
  readTokens,
} from '../importedTokens.ts';
import { decodeModel, type Model } from './format.ts';
import { metadataKeys } from './onnxModel.ts';
import type { OperatorCell } from './operatorCell.ts';
import { readExported } from './readExported.ts';
import { type ReadNetwork, readGraph } from './readGraph.ts';

/**
 * @param vocabulary the text of the vocabulary beside the file; null where there is none, so that the file
 * must hold one (metadata `vocabulary`)
 * @throws Problem with a sentence for whatever does not fit
 */
export function readOnnx(bytes: Uint8Array, vocabulary: string | null): ImportedModel {
  const model = decoded(bytes);
  const metadata = new Map(model.metadata.map(({ key, value }) => [key, value]));
  const own = metadata.get(metadataKeys.vocabulary);
  if (own !== undefined && metadata.has(metadataKeys.cells))
    return readExported(model.graph!, metadata, () => readTokens(own).tokenizer);
  const json = vocabulary ?? own;
  if (json === undefined)
    throw new Problem(
      'The ONNX file has no vocabulary: put a `vocabulary.json` beside it, a list of the tokens in the order of their numbers.',
    );
  return assemble(readGraph(model.graph!), readTokens(json));
}

function decoded(bytes: Uint8Array): Model {
  let model: Model;
  try {
    model = decodeModel(bytes);
  } catch {
    throw new Problem('This is not an ONNX file, or it is damaged.');
  }
  if (!model.graph || model.opsets.length === 0)
    throw new Problem('This is not an ONNX file, or it is damaged.');
  return model;
}

function assemble(network: ReadNetwork, { tokenizer, rows }: ImportedTokens): ImportedModel {
  const { embedding, cells, output } = network;
  const known = rows.filter((row) => row >= 0).length;
  const inputs = embedding ? embedding.shape[0] : cells[0].input;
  for (const [what, count] of [
    ['reads', inputs],
    ['writes', output.W.shape[0]],
  ] as const)
    if (count !== known)
      throw new Problem(
        `The network ${what} ${count} tokens, and its vocabulary has ${known}: the two belong to different models.`,
      );
  const directions = new Set(cells.map(({ direction }) => direction));
  if (directions.size > 1)
    throw new Problem(
      'Some layers of the ONNX file read forward and some backward: such a network cannot write a text.',
    );
  const named = namedCells(cells);
  const weights = new Map<string, Weight>();
  if (embedding) weights.set('embedding', arrangeRows(embedding, rows));
  for (const [index, cell] of cells.entries())
    for (const [name, weight] of cell.weights) {
      const isOneHot = index === 0 && !embedding && cell.inputMatrices.includes(name);
      weights.set(`layers.${index}.${name}`, isOneHot ? arrangeColumns(weight, rows) : weight);
    }
  const tied = embedding !== null && isSame(embedding, output.W);
  if (!tied) weights.set('output.W', arrangeRows(output.W, rows));
  weights.set('output.b', arrangeBias(output.b, rows));
  return {
    tokenizer,
    architecture: {
      embedding: embedding ? embedding.shape[1] : 0,
      layers: cells.map(({ hidden }, index) => ({ cell: named.names[index], hidden })),
      tied,
    },
    cells: named.cells,
    weights,
    direction: cells[0].direction,
  };
}

/** Gives cells of one name and different texts different names. */
function namedCells(cells: readonly OperatorCell[]): { names: string[]; cells: Record<string, string> } {
  const texts = new Map<string, string>();
  const names = cells.map(({ name, text }) => {
    for (let number = 1; ; number++) {
      const own = number === 1 ? name : `${name}${number}`;
      const written = number === 1 ? text : text.replace(`cell ${name}\n`, `cell ${own}\n`);
      const known = texts.get(own);
      if (known !== undefined && known !== written) continue;
      texts.set(own, written);
      return own;
    }
  });
  return { names, cells: Object.fromEntries(texts) };
}

const isSame = (a: Weight, b: Weight): boolean =>
  `${a.shape}` === `${b.shape}` && a.data.every((value, index) => value === b.data[index]);
