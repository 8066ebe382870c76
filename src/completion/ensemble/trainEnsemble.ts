// Builds the n-gram model and the mixture of the ensemble, when a training ends and when a model is opened.
import type { Predictor, Weight } from '../../backend/engine.ts';
import { type Corpus, lastCharacters } from '../../data/text/corpus.ts';
import type { Vocabulary } from '../../data/text/vocabulary.ts';
import { Ensemble, type Recalled, type RecalledTail } from './ensemble.ts';
import { mostCounted, NgramModel, type NgramPosition, type Reading } from './ngramModel.ts';
import { TokenMarginalizer } from './tokenMarginalization.ts';

/**
 * The length of the text's end that is recalled: it bounds the memory, and the time that it takes to open a
 * model. Matches are found in all of it; contexts are counted in its end alone.
 */
export const recalledCharacters = 1_000_000;

/** The number of characters that are read at a time: a suggestion waits for so many, some milliseconds. */
const slice = 256;

/** The number of characters that the network reads before its first prediction counts. */
const warmup = 256;

/** Returns the end of a text that is counted, in whole characters. It keeps no longer text in memory. */
export function countedText(text: string): string {
  if (text.length <= recalledCharacters) return text;
  const end = lastCharacters(text, recalledCharacters);
  // The end is encoded and decoded because in V8 a part of a string keeps the whole string in memory.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(end));
}

/** Returns a sentence about what suggestions recall, where that is not the whole text; null where it is. */
export function sayWhatIsRecalled({
  characters,
  digest,
}: Pick<Corpus, 'characters' | 'digest'>): string | null {
  if (characters <= recalledCharacters) return null;
  const all = recalledCharacters.toLocaleString('en');
  const said = `The network learns all of the text; beside it, suggestions recall the last ${all} characters word for word`;
  return digest === null ? `${said}.` : `${said}, and no more of it is kept with the model.`;
}

/** The number of characters at a text's end on which counts alone learn how far to trust them, and their largest share. */
const mostTail = 4000;
const tailShare = 0.1;

/** The number of tokens of that end at which a network is weighed later. */
const mostRecalled = 600;

/**
 * The part of a text's end on which it is learned how contexts are mixed, as a share of the text, and its least and
 * largest length. It takes three times as long as counting alone, and more of it hardly predicts better.
 */
const mixedShare = 0.25;
const leastMixed = 8_000;
const mostMixed = 100_000;

/** The number of tokens that a network reads before them. */
const lead = 64;

/** The counts and the match model of a text, which need no training. */
export interface CountedText {
  readonly vocabulary: Vocabulary;
  readonly text: string;
  readonly ngrams: NgramModel;
  /** The ensemble of the n-gram counts and the match model, with a mixture of their own. */
  readonly ensemble: Ensemble;
  readonly tail: RecalledTail;
}

/** Counts the n-grams of a text, and learns on its end, while that is counted, how the counts are mixed. Yields in between. */
export function* countText(vocabulary: Vocabulary, text: string): Generator<void, CountedText> {
  const tokens = vocabulary.encode(text);
  const ngrams = new NgramModel(vocabulary, tokens);
  const from = tokens.length - Math.min(mostTail, Math.floor(tailShare * tokens.length));
  yield* recallAll(ngrams, tokens.subarray(0, from));
  const ensemble = new Ensemble(null, vocabulary, ngrams, null);
  const recalled: Recalled[] = [];
  let position = ensemble.begin();
  for (const token of tokens.subarray(Math.max(0, from - warmup), from))
    position = ensemble.read(position, token);
  for (let at = from; at < tokens.length; at++) {
    if (at >= tokens.length - mostRecalled) recalled.push(ensemble.recall(position, tokens[at]));
    const after = ensemble.read(position, tokens[at]);
    ensemble.update(position, after);
    position = after;
    if (at % slice === 0) yield;
  }
  ngrams.fit();
  const began = tokens.length - recalled.length;
  const tail = { lead: tokens.slice(Math.max(0, began - lead), began), recalled };
  return { vocabulary, text, ngrams, ensemble, tail };
}

/** Counts the n-grams of a text. Yields in between. */
export function* countNgrams(vocabulary: Vocabulary, text: string): Generator<void, NgramModel> {
  const tokens = vocabulary.encode(text);
  const ngrams = new NgramModel(vocabulary, tokens);
  yield* recallAll(ngrams, tokens);
  ngrams.fit();
  return ngrams;
}

/**
 * Learns the weights of the mixture on the held-out part of the corpus: the network has not been trained on
 * it, and the n-gram model reads it as it will read what is typed.
 */
export async function learnMixture(
  predictor: Predictor,
  { vocabulary, tokenizer, trainText, heldOutText }: Corpus,
  breathe: () => Promise<void>,
): Promise<Weight> {
  const train = vocabulary.encode(countedText(trainText));
  const ngrams = new NgramModel(vocabulary, train);
  const tail = vocabulary.encode(heldOutText);
  await runSteps(recallAll(ngrams, train), breathe);
  const model = new Ensemble(new TokenMarginalizer(predictor, tokenizer), vocabulary, ngrams, null);
  let position = model.begin();
  for (const token of train.subarray(-warmup)) position = model.read(position, token);
  for (const [index, token] of tail.entries()) {
    const after = model.read(position, token);
    model.update(position, after);
    position = after;
    if (index % slice === 0) await breathe();
  }
  return { shape: [model.mixture.length], data: model.mixture };
}

/** Does all steps of a work. @param breathe lets other work be done in between */
export async function runSteps<Result>(
  steps: Generator<void, Result>,
  breathe: () => Promise<void>,
): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await breathe();
  }
}

function* recallAll(ngrams: NgramModel, tokens: Int32Array): Generator<void> {
  const mixed = Math.min(mostMixed, Math.max(leastMixed, Math.floor(mixedShare * tokens.length)));
  const parts: [to: number, reading: Reading][] = [
    [tokens.length - mostCounted, 'matched'],
    [tokens.length - mixed, 'counted'],
    [tokens.length, 'mixed'],
  ];
  let position: NgramPosition | undefined;
  let from = 0;
  for (const [end, reading] of parts)
    while (from < end) {
      const to = Math.min(end, from + slice);
      position = ngrams.read(tokens.subarray(from, to), position, reading);
      from = to;
      yield;
    }
}
