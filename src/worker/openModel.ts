// Opens a model on disk for completion.
import type { Engine, Predictor } from '../backend/engine.ts';
import { Completer } from '../completion/completer.ts';
import { DynamicEvaluation } from '../completion/ensemble/dynamicEvaluation.ts';
import { Ensemble, type RecalledTail, tailBytes } from '../completion/ensemble/ensemble.ts';
import { type NgramModel, reservedBytes } from '../completion/ensemble/ngramModel.ts';
import { OtherDocuments } from '../completion/ensemble/otherDocuments.ts';
import { TokenMarginalizer } from '../completion/ensemble/tokenMarginalization.ts';
import {
  countedText,
  countNgrams,
  countText,
  recalledCharacters,
  runSteps,
} from '../completion/ensemble/trainEnsemble.ts';
import { lastCharacters } from '../data/text/corpus.ts';
import { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import type { Vocabulary } from '../data/text/vocabulary.ts';
import { readManifest, readText } from '../store/modelFolder.ts';
import { countParameters } from '../training/networkSize.ts';
import { openNetwork } from './openNetwork.ts';
import type { Platform } from './platform.ts';

/** The number of characters at the text's end that dynamic evaluation must not forget. */
const checked = 512;

/**
 * The most parameters of a network that goes on learning while one types. Suggestions wait for an update, which reads the
 * parameters some two hundred times: with two layers of 256 units 37 ms of a processor's time, with two of 512 155 ms.
 */
const mostTaught = 1_000_000;

/** A model that suggests, with all that it holds in memory. */
export interface OpenModel {
  readonly vocabulary: Vocabulary;
  readonly completer: Completer;
  readonly ensemble: Ensemble;
  /**
   * The network, which holds memory outside JavaScript's heap, what learns from typing, where that is fast enough, and what
   * reads characters with it; null where a text was counted and no network is there yet.
   */
  readonly network: {
    readonly predictor: Predictor;
    readonly dynamicEvaluation: DynamicEvaluation | null;
    readonly marginalizer: TokenMarginalizer;
    readonly tokenizer: Tokenizer;
  } | null;
  readonly ngrams: NgramModel;
  readonly otherDocuments: OtherDocuments;
  /** The text from which the n-grams are counted. */
  readonly text: string;
  /** The text of which that is the end, where not all of it has been counted; else null. */
  readonly uncounted: string | null;
  /** The text's end, at which a network is weighed; null where it was not recalled. */
  readonly tail: RecalledTail | null;
}

/** The options of opening a model. */
export interface OpenOptions {
  /** The number of characters of the text's end that are counted; those that are counted of any text by default. */
  readonly end?: number;
  /** Returns the time in milliseconds, which bounds the search for a suggestion. */
  readonly now?: () => number;
}

/**
 * Opens a model.
 * @param before the same model as it was: while a training run goes on, the weights change every few seconds,
 * but the text stays the same and need not be read again
 * @throws Problem when there is no whole model in the directory
 */
export async function openModel(
  engine: Engine,
  { files, breathe }: Pick<Platform, 'files' | 'breathe'>,
  directory: string,
  before: OpenModel | null = null,
  { end = Infinity, now = () => performance.now() }: OpenOptions = {},
): Promise<OpenModel> {
  const { manifest, tokenizer, architecture, weights, mixture, predictor } = openNetwork(
    engine,
    files,
    directory,
  );
  const vocabulary = tokenizer.alphabet;
  const whole = countedText(readText(files, directory, manifest));
  const same = before && before.text === whole && areSame(before.vocabulary, vocabulary) ? before : null;
  const text = same ? whole : lastCharacters(whole, end);
  const ngrams = same?.ngrams ?? (await runSteps(countNgrams(vocabulary, text), breathe));
  const marginalizer = new TokenMarginalizer(predictor, tokenizer);
  // A run that has not ended has no mixture on disk: the model as it was hands on the one that it has learned by now.
  const mixed = mixture?.data ?? same?.ensemble.mixture ?? null;
  const ensemble = new Ensemble(marginalizer, vocabulary, ngrams, mixed);
  const dynamicEvaluation =
    countParameters(architecture) > mostTaught
      ? null
      : new DynamicEvaluation(
          engine,
          architecture,
          weights,
          predictor,
          tokenizer.encode(text.slice(-checked)),
        );
  return {
    vocabulary,
    completer: new Completer(ensemble, dynamicEvaluation, tokenizer, now),
    ensemble,
    network: { predictor, dynamicEvaluation, marginalizer, tokenizer },
    ngrams,
    otherDocuments: same?.otherDocuments ?? new OtherDocuments(ngrams, vocabulary, text),
    text,
    uncounted: text.length < whole.length ? whole : null,
    tail: mixture ? null : (same?.tail ?? null),
  };
}

/**
 * Counts all of the text of a model of which only the end has been counted. The network goes on as it is. Yields in between.
 * @param model a model with a network and a text that has not been counted
 * @param now as `OpenOptions` have it
 */
export function* countWhole(
  model: OpenModel,
  now: () => number = () => performance.now(),
): Generator<void, OpenModel> {
  const { vocabulary, network } = model;
  const text = model.uncounted!;
  const ngrams = yield* countNgrams(vocabulary, text);
  const { dynamicEvaluation, marginalizer, tokenizer } = network!;
  const ensemble = new Ensemble(marginalizer, vocabulary, ngrams, model.ensemble.mixture);
  return {
    ...model,
    completer: new Completer(ensemble, dynamicEvaluation, tokenizer, now),
    ensemble,
    ngrams,
    otherDocuments: new OtherDocuments(ngrams, vocabulary, text),
    text,
    uncounted: null,
  };
}

/**
 * Returns the fewest bytes that a model will take, by the sizes of its files: what its text reserves may be twice what it
 * needs. @throws Problem when there is no whole model in the directory
 */
export function leastBytes({ files }: Pick<Platform, 'files'>, directory: string): number {
  const { weights, text } = readManifest(files, directory);
  const size = (name: string | null) => (name === null ? 0 : (files.stat(`${directory}/${name}`)?.size ?? 0));
  return size(weights) + reservedBytes(Math.min(recalledCharacters, size(text))) / 2;
}

/** The bytes that each character of a text takes while it is counted: as a token, in the match model and in its index. */
const bytesPerToken = 12;

/** Returns the bytes that counting a text takes, about, before its tables are fitted to what they hold. */
export function countingBytes(text: string): number {
  const tokens = Math.min(recalledCharacters, text.length);
  return reservedBytes(tokens) + bytesPerToken * tokens;
}

/**
 * Opens what a text tells without any training, in place of a model. Yields in between.
 * @param now as `OpenOptions` have it
 */
export function* openCounts(
  vocabulary: Vocabulary,
  text: string,
  now: () => number = () => performance.now(),
): Generator<void, OpenModel> {
  const { ensemble, ngrams, tail } = yield* countText(vocabulary, text);
  return {
    vocabulary,
    completer: new Completer(ensemble, null, new Tokenizer('characters', vocabulary, []), now),
    ensemble,
    network: null,
    ngrams,
    otherDocuments: new OtherDocuments(ngrams, vocabulary, text),
    text,
    uncounted: null,
    tail,
  };
}

const areSame = (a: Vocabulary, b: Vocabulary) =>
  a.size === b.size && a.characters.every((character, token) => character === b.characters[token]);

/** Returns the bytes that a model takes, about: weights, counts, states and text. */
export function memoryOf(model: OpenModel): number {
  const { completer, network, ngrams, otherDocuments, text, uncounted, tail } = model;
  return (
    ngrams.memoryBytes +
    completer.memoryBytes +
    otherDocuments.memoryBytes +
    2 * (uncounted ?? text).length +
    (tail ? tailBytes(tail) : 0) +
    (network ? network.predictor.memoryBytes + (network.dynamicEvaluation?.memoryBytes ?? 0) : 0)
  );
}

/** Frees the memory outside JavaScript's heap, also when the model is opened again. */
export function closeModel({ network }: OpenModel): void {
  network?.dynamicEvaluation?.dispose();
  network?.predictor.dispose();
}
