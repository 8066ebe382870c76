// Reads a model's folder. `model.json` names the files of its own generation: the weights and the text, and
// of the run, the checkpoint and the history. Other files in the folder do not count. What is read is checked
// against the digest in its name, and against the network that the manifest describes, before it is used.
import type { Architecture, Weight, Weights } from '../backend/engine.ts';
import { featureCount } from '../data/columns/wordFeatures.ts';
import { type PairVocabularies, readVocabularies, sourceInputs, targetSize } from '../data/pairs/pairs.ts';
import { wholeCharacters } from '../data/text/corpus.ts';
import type { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunSnapshot } from '../protocol/run.ts';
import type { StoredPairs, StoredRegression, StoredSeries } from '../protocol/task.ts';
import type { TrainingDocument, TrainRequest } from '../protocol/trainer.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import {
  architecture,
  type Signature,
  type SourceReader,
  signatureOfNumber,
  signatureOfNumbers,
  signatureOfRows,
  signatureOfSteps,
} from '../training/configuration.ts';
import { countParameters } from '../training/networkSize.ts';
import { demand } from './capabilities.ts';
import { unpackCheckpoint } from './checkpoint.ts';
import type { Files } from './files.ts';
import { checkWeights } from './fit.ts';
import { consistently, decode, readManifestFile, readPart } from './generationReader.ts';
import { mostHistoryBytes, parseHistory } from './history.ts';
import { type Manifest, type ManifestOfTokens, parseManifest } from './manifest.ts';
import { mostHeaderBytes, readSafetensors, readSafetensorsFile } from './safetensors.ts';
import { readsTokens, readTokenizer } from './tokens.ts';

/** A network that is ready to be computed with. */
export interface StoredNetwork {
  readonly architecture: Architecture;
  readonly weights: Weights;
}

/** A model that reads numbers. */
export interface StoredForecaster extends StoredNetwork {
  readonly manifest: Manifest;
  readonly series: StoredSeries;
}

/** A model that predicts the number of a row. */
export interface StoredRegressor extends StoredNetwork {
  readonly manifest: Manifest;
  readonly regression: StoredRegression;
  /** Null where numbers are read. */
  readonly tokenizer: Tokenizer | null;
}

/** A model that rewrites texts. */
export interface StoredEncoderDecoder extends StoredNetwork {
  readonly manifest: Manifest;
  readonly pairs: StoredPairs;
  readonly vocabularies: PairVocabularies;
}

/** A model that reads tokens. */
export interface StoredModel extends StoredNetwork {
  readonly manifest: ManifestOfTokens;
  readonly tokenizer: Tokenizer;
  /**
   * The weights of the mixture of network and n-grams, see src/completion/ensemble/trainEnsemble.ts; null
   * where none have been learned.
   */
  readonly mixture: Weight | null;
}

/** The stored state of a run that is to go on. */
export interface Earlier {
  /** The tokenizer of the text; null where numbers or pairs are read. */
  readonly tokenizer: Tokenizer | null;
  /** The vocabularies of pairs; null where there are none. */
  readonly vocabularies: PairVocabularies | null;
  readonly checkpoint: Checkpoint;
  readonly history: RunSnapshot;
  readonly mixture: Weight | null;
  readonly finished: boolean;
  /** The digest of the long text of the run; null where the text is kept whole. */
  readonly digest: string | null;
}

/** The name of the mixture's weights in the network's weights file. */
export const mixtureName = 'mixture';

/** The greatest number of weights of a mixture. */
const mostMixture = 1_000_000;

/** The most bytes of a text: UTF-8 takes at most three bytes for one UTF-16 unit. */
const mostTextBytes = 3 * wholeCharacters;

/**
 * The greatest number of copies of the parameters in a checkpoint: the current ones, the best ones, and an
 * optimiser's moments.
 */
const mostCopies = 4;

/** The most numbers of a checkpoint's states for each unit: those of 4096 streams, in a few vectors. */
const mostStates = 8 * 4096;

/** Reads a model of tokens. @throws Problem when there is no whole one in the folder */
export function readModel(files: Files, directory: string): StoredModel {
  return consistently(files, directory, (manifest) => {
    if (!readsTokens(manifest))
      throw new Problem(
        manifest.pairs
          ? 'This model is an encoder-decoder, which rewrites texts and continues none. Name another one.'
          : `This model is ${manifest.series ? 'a forecaster' : 'a regressor'}, which reads numbers and no text. Name another one.`,
      );
    return { manifest, tokenizer: readTokenizer(manifest), ...readNetwork(files, directory, manifest) };
  });
}

/** Reads a model of any task. @throws Problem when there is no whole one in the folder */
export function readModelOfAnyTask(
  files: Files,
  directory: string,
): StoredNetwork & { readonly manifest: Manifest } {
  return consistently(files, directory, (manifest) => ({
    manifest,
    ...readNetwork(files, directory, manifest),
  }));
}

/** Reads a forecaster. @throws Problem when there is no whole one in the folder */
export function readForecaster(files: Files, directory: string): StoredForecaster {
  return consistently(files, directory, (manifest) => {
    demand(manifest, 'forecast');
    return { manifest, series: manifest.series!, ...readNetwork(files, directory, manifest) };
  });
}

/** Reads a regressor. @throws Problem when there is no whole one in the folder */
export function readRegressor(files: Files, directory: string): StoredRegressor {
  return consistently(files, directory, (manifest) => {
    demand(manifest, 'predict a number');
    return {
      manifest,
      regression: manifest.regression!,
      tokenizer: readsTokens(manifest) ? readTokenizer(manifest) : null,
      ...readNetwork(files, directory, manifest),
    };
  });
}

/** Reads an encoder-decoder. @throws Problem when there is no whole one in the folder */
export function readEncoderDecoder(files: Files, directory: string): StoredEncoderDecoder {
  return consistently(files, directory, (manifest) => {
    demand(manifest, 'rewrite');
    const pairs = manifest.pairs!;
    const vocabularies = readVocabularies(pairs);
    return { manifest, pairs, vocabularies, ...readNetwork(files, directory, manifest) };
  });
}

interface Ends {
  readonly inputs: number;
  readonly signature: Signature | undefined;
  readonly source?: SourceReader;
}

/** Returns what the network of a model reads, and what it predicts where that is not the next token. */
function endsOf(manifest: Manifest): Ends {
  const { table, regression, tagging, series, pairs } = manifest;
  if (pairs) {
    const { source, target } = readVocabularies(pairs);
    const layers = manifest.architecture.encoder!;
    return {
      inputs: targetSize(target),
      signature: undefined,
      source: { ...sourceInputs(source), layers },
    };
  }
  if (series) return { inputs: series.reads.length, signature: signatureOfNumbers(series.writes.length) };
  if (tagging)
    return {
      inputs: tagging.features.length,
      signature: signatureOfSteps(tagging.classes.length, featureCount),
    };
  const inputs = readsTokens(manifest) ? readTokenizer(manifest).size : 0;
  if (regression) {
    const { kind, pool } = regression;
    return { inputs: kind === 'numbers' ? 1 : inputs, signature: signatureOfNumber(kind, pool) };
  }
  return {
    inputs,
    signature: table ? signatureOfRows(table.classes.length, table.pool) : undefined,
  };
}

export function readNetwork(
  files: Files,
  directory: string,
  manifest: Manifest,
): StoredNetwork & { readonly mixture: Weight | null } {
  const { inputs, signature, source } = endsOf(manifest);
  const built = architecture(inputs, manifest.architecture, manifest.cells, signature, source);
  const most = mostHeaderBytes + 4 * (countParameters(built) + mostMixture);
  const weights = new Map(readSafetensors(readPart(files, directory, manifest.weights, most)));
  const mixture = weights.get(mixtureName) ?? null;
  weights.delete(mixtureName);
  checkWeights(built, weights);
  if (mixture && !mixture.data.every(Number.isFinite))
    throw new Problem(
      'The weights of this model are damaged: mixture holds something that is no number. Train the model again.',
    );
  return { architecture: built, weights, mixture };
}

/** Reads the text that a model was trained on, or the end of a long one. @throws Problem when it is missing, or is another one */
export function readText(files: Files, directory: string, { text }: Manifest): string {
  if (text === null) return '';
  const bytes = readPart(files, directory, text, mostTextBytes);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/**
 * Reads a run's request and its stored state.
 * @param documents the documents of a long text, of which only the end is kept; null where they are not known
 * @throws Problem when the run cannot go on from there
 */
export function readRun(
  files: Files,
  directory: string,
  documents: readonly TrainingDocument[] | null = null,
): { request: TrainRequest; earlier: Earlier } {
  return consistently(files, directory, (manifest) => {
    const { wishes, compared, finished, checkpoint, text } = manifest;
    const { table, regression, tagging, pairs, series } = manifest;
    if (!wishes || text === null)
      throw new Problem('This run was kept by an older version of Unroll and cannot go on. Train it again.');
    if (checkpoint === null)
      throw new Problem('Nothing has been kept that this run could go on from. Train the model again.');
    if (table?.heldOutApart || regression?.heldOutApart || tagging?.heldOutApart || pairs?.heldOutApart)
      throw new Problem(
        'This run was measured on a file of its own, which is not kept with it: it cannot go on. Train it again.',
      );
    const history = readHistory(files, directory, manifest);
    if (!history)
      throw new Problem('The history of this run is missing or damaged: it cannot go on. Train it again.');
    const { source, uri, pattern, languageId, digest } = manifest.provenance;
    if (digest !== null && !documents)
      throw new Problem(
        `Only the end of the text of this run is kept, and ${source} cannot be read again: the run cannot go on. Train again.`,
      );
    const { architecture, mixture } = readNetwork(files, directory, manifest);
    const most = mostCheckpointBytes(architecture);
    return {
      request: {
        ...wishes,
        documents: digest === null || !documents ? [readText(files, directory, manifest)] : documents,
        source,
        title: history.title,
        uri,
        pattern,
        // These remarks were made when the run began.
        remarks: history.start?.remarks ?? [],
        languageId,
        directory,
        compared,
        ...(table && {
          task: { kind: 'acceptor', reads: table.reads, writes: table.writes, heldOut: null },
        }),
        ...(regression && {
          task: { kind: 'regressor', reads: regression.reads, writes: regression.writes, heldOut: null },
        }),
        ...(pairs && {
          task: { kind: 'encoder-decoder', reads: pairs.reads, writes: pairs.writes, heldOut: null },
        }),
        ...(series && { task: { kind: 'forecaster', reads: series.reads, writes: series.writes } }),
        ...(tagging && {
          task: { kind: 'transducer', reads: tagging.reads, writes: tagging.writes, heldOut: null },
        }),
      },
      earlier: {
        tokenizer: readsTokens(manifest) ? readTokenizer(manifest) : null,
        vocabularies: pairs && readVocabularies(pairs),
        checkpoint: unpackCheckpoint(readSafetensorsFile(readPart(files, directory, checkpoint, most))),
        history,
        mixture,
        finished,
        digest,
      },
    };
  });
}

/**
 * Reads the best state of a run as it was before it learned the held-out part.
 * @throws Problem when nothing has been kept of it
 */
export function readBestState(
  files: Files,
  directory: string,
): StoredNetwork & { readonly manifest: Manifest; readonly tokenizer: Tokenizer | null } {
  return consistently(files, directory, (manifest) => {
    if (manifest.checkpoint === null) throw new Problem('Nothing has been kept that a run could begin with.');
    const { architecture } = readNetwork(files, directory, manifest);
    const packed = readPart(files, directory, manifest.checkpoint, mostCheckpointBytes(architecture));
    return {
      manifest,
      architecture,
      tokenizer: readsTokens(manifest) ? readTokenizer(manifest) : null,
      weights: unpackCheckpoint(readSafetensorsFile(packed)).best.weights,
    };
  });
}

function mostCheckpointBytes(architecture: Architecture): number {
  const layers = [...architecture.layers, ...(architecture.encoder?.layers ?? [])];
  const units = layers.reduce((sum, { hidden }) => sum + hidden, 0);
  return mostHeaderBytes + 4 * (mostCopies * countParameters(architecture) + mostStates * units);
}

/** Reads the run's history. @returns null where there is none that can be read */
function readHistory(files: Files, directory: string, { history }: Manifest): RunSnapshot | null {
  if (history === null) return null;
  try {
    return parseHistory(decode(readPart(files, directory, history, mostHistoryBytes)));
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** Reads the manifest of a folder. @throws Problem when there is none that this version reads */
export function readManifest(files: Files, directory: string): Manifest {
  return parseManifest(decode(readManifestFile(files, directory)));
}
