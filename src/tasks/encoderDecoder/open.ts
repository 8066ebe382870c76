// Opens an encoder-decoder, to write the targets of sources.
import type { Architecture, Engine, Weights } from '../../backend/engine.ts';
import { beamSearch, type DecodedSequence } from '../../completion/decoding/beamSearch.ts';
import { drawSequence } from '../../completion/decoding/drawSequence.ts';
import type { DrawOptions } from '../../completion/decoding/sampling.ts';
import { longestText, mostWritten } from '../../data/pairs/pairDataset.ts';
import {
  boundaryOf,
  decodeTarget,
  encodeSource,
  isOneToMany,
  type PairVocabularies,
} from '../../data/pairs/pairs.ts';
import type { Alignment } from '../../protocol/alignment.ts';
import { random } from '../../tape/random.ts';
import { alignmentOf, decoderOf } from './decode.ts';

/** The number of sequences that beam search follows. More find hardly a better one, and take their time. */
const beamWidth = 6;

/** The temperature at which new texts of a category are drawn, and how many there are to choose from. */
const drawnTemperature = 0.7;
const drawnTexts = 5;

/** The exponent of the length penalty (Wu et al. 2016). */
const lengthExponent = 0.6;

/** The parts of a stored model that are needed. */
export interface OpenableEncoderDecoder {
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly vocabularies: PairVocabularies;
  /** The number of characters of the longest target of the training. */
  readonly longest: number;
}

/** A target that may be written. */
export interface Rewriting {
  readonly text: string;
  /** The probability that the network gives to the whole text and its end. */
  readonly probability: number;
  /** The characters that were not given, with their probabilities; the last is the end, whose text is empty. */
  readonly characters: readonly { readonly text: string; readonly probability: number }[];
}

/** The targets that are written for a source. */
export interface Rewritten {
  /** The targets, the best first; none where there is nothing to read, or the source is too long. */
  readonly rewritings: readonly Rewriting[];
  /** The characters of the source that the training never saw, or the category; the cells that are no numbers. */
  readonly unseen: readonly string[];
}

export interface RewriteOptions {
  /** The beginning of the target, which is given; probabilities are those of what follows. */
  readonly begun?: string;
  /** Whether other targets than the best one are looked for; true where it is left out. */
  readonly alternatives?: boolean;
}

type DrawnOptions = DrawOptions & Pick<RewriteOptions, 'begun'>;

export interface EncoderDecoder {
  /** Writes the likeliest targets; where the source is a category or numbers, of whose many texts none is the right one, new ones. */
  rewrite(source: string, options?: RewriteOptions): Rewritten;
  /**
   * Draws a target, which is another one each time, as one-to-many asks for; null where there is nothing to read, or the
   * source is too long.
   */
  draw(source: string, options: DrawnOptions): Rewriting | null;
  /** Returns where the network looks while it writes a target; null where it has no attention, or reads one token or numbers. */
  align(text: string, written: string): Alignment | null;
  dispose(): void;
}

export function openEncoderDecoder(
  engine: Engine,
  { architecture, weights, vocabularies: { source, target }, longest }: OpenableEncoderDecoder,
): EncoderDecoder {
  const predictor = engine.predictTarget(architecture, weights);
  const options = { longest: mostWritten(longest), lengthExponent };
  const rewritingOf = (
    begun: string,
    { tokens, logProbabilities, logProbability }: Omit<DecodedSequence, 'score'>,
  ): Rewriting => ({
    text: begun + decodeTarget(target, tokens),
    probability: Math.exp(logProbability),
    characters: logProbabilities.map((each, index) => ({
      text: decodeTarget(target, tokens.slice(index, index + 1)),
      probability: Math.exp(each),
    })),
  });
  const decoderFor = (read: Int32Array | Float32Array, begun: string) =>
    decoderOf(predictor, predictor.encode(read), boundaryOf(target), [...target.encode(begun)]);
  const next = random(1);
  const drawnFrom = (read: Int32Array | Float32Array, { begun = '', ...drawing }: DrawnOptions) =>
    rewritingOf(begun, drawSequence(decoderFor(read, begun), { ...drawing, longest: options.longest }));
  return {
    rewrite(text, { begun = '', alternatives = true } = {}) {
      const { read, unseen } = encodeSource(source, text);
      if (read.length === 0 || read.length > longestText) return { rewritings: [], unseen };
      if (isOneToMany(source)) {
        const drawn = Array.from({ length: alternatives ? drawnTexts : 1 }, () =>
          drawnFrom(read, { temperature: drawnTemperature, random: next, begun }),
        );
        return { rewritings: [...new Map(drawn.map((each) => [each.text, each])).values()], unseen };
      }
      const decoder = decoderFor(read, begun);
      const search = (width: number) =>
        beamSearch(decoder, { ...options, width }).map((found) => rewritingOf(begun, found));
      const greedy = alternatives ? [] : search(1);
      // No other text can have more than half of the probability.
      const isBest = greedy.length > 0 && greedy[0].probability > 0.5;
      return { rewritings: isBest ? greedy : search(beamWidth), unseen };
    },
    draw(text, drawing) {
      const { read } = encodeSource(source, text);
      return read.length === 0 || read.length > longestText ? null : drawnFrom(read, drawing);
    },
    align(text, written) {
      const { read } = encodeSource(source, text);
      if (isOneToMany(source) || read.length === 0 || read.length > longestText) return null;
      const given = [...target.encode(written)];
      const weights = alignmentOf(predictor, predictor.encode(read), boundaryOf(target), given);
      return weights && { source: [...text], target: [...[...written], ''], weights };
    },
    dispose: () => predictor.dispose(),
  };
}
