// Exports a trained network as a model in the ONNX format, over whole sequences. It holds the vocabulary and
// the text of the cells as metadata, so that the file alone is the whole model.
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import type { Manifest } from '../../store/manifest.ts';
import type { StoredNetwork } from '../../store/modelFolder.ts';
import { version } from '../../version.ts';
import { refuseComputedState } from '../refusals.ts';
import { vocabularyOf } from '../vocabulary.ts';
import { encodeModel, type Graph } from './format.ts';
import { writeNetwork } from './writeNetwork.ts';

/** The version of ONNX's operators, which ONNX Runtime has since its version 1.12. */
const operatorsVersion = 17;
/** The version of the format that belongs to it. */
const formatVersion = 8;

/** The keys of the metadata; their values are JSON. */
export const metadataKeys = {
  /** The contents of `vocabulary.json`. */
  vocabulary: 'vocabulary',
  /** The layers with the names of their cells, the embedding's width, and whether the output is tied to it. */
  architecture: 'architecture',
  /** The text of each cell by its name. */
  cells: 'cells',
  /** The options of the training run. */
  options: 'options',
} as const;

/** The parts of a model that are exported. */
export interface OnnxSource extends Pick<StoredNetwork, 'architecture' | 'weights'> {
  readonly manifest: Manifest;
  /** The tokenizer; null where numbers are read. */
  readonly tokenizer: Tokenizer | null;
}

/**
 * @param optionalStates see `writeNetwork`
 * @returns the file's bytes and the contents of `vocabulary.json`
 */
export function onnxModel(
  { manifest, tokenizer, architecture, weights }: OnnxSource,
  optionalStates = true,
): { bytes: Uint8Array; vocabulary: object } {
  for (const { cell } of architecture.layers)
    for (const { name, initial } of cell.equations)
      if (initial.kind === 'computed') refuseComputedState(name);
  const { graph, states } = writeNetwork(architecture, weights, optionalStates);
  const vocabulary = vocabularyOf(tokenizer, manifest, states);
  const metadata = {
    [metadataKeys.vocabulary]: {
      ...vocabulary,
      ...(tokenizer && { rareKinds: tokenizer.alphabet.rareKinds }),
    },
    [metadataKeys.architecture]: manifest.architecture,
    [metadataKeys.cells]: manifest.cells,
    [metadataKeys.options]: manifest.options,
  };
  return { bytes: encodeNetwork(graph, metadata), vocabulary };
}

/** @param metadata values that are stored as JSON, by their keys */
export function encodeNetwork(graph: Graph, metadata: Readonly<Record<string, unknown>>): Uint8Array {
  return encodeModel({
    irVersion: formatVersion,
    producerName: 'Unroll',
    producerVersion: version,
    graph,
    opsets: [{ domain: '', version: operatorsVersion }],
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value: JSON.stringify(value) })),
  });
}
