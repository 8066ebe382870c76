// Opens a transducer, to name the tags of tokens.
import type { Architecture, Engine, Weights } from '../../backend/engine.ts';
import { readTagged, type TagToWrite } from '../../data/columns/readTagged.ts';
import type { Sentence, TaggedText } from '../../data/columns/taggedText.ts';
import { encodeWords, everyTag, longestPiece, piecesOf } from '../../data/columns/taggingDataset.ts';
import { featureCount, WordFeatures } from '../../data/columns/wordFeatures.ts';
import { blocksOf, layOutRows, paddedLength } from '../../data/table/rowBatches.ts';
import type { StoredTagging } from '../../protocol/task.ts';
import { type Classified, classify, ranked, softmaxOf } from '../classify.ts';

export interface Transducer {
  /** Names the tag of each token of each sentence, whether it has one or not. */
  tag(sentences: readonly Sentence[]): Classified[][];
  /** Names all tags of each token, the likeliest first. */
  rank(sentences: readonly Sentence[]): (readonly Classified[])[][];
  dispose(): void;
}

/** The parts of a stored model that are needed. */
export interface StoredTransducer {
  readonly architecture: Architecture;
  readonly weights: Weights;
  /** The features of words, by their tokens. */
  readonly features: readonly string[];
  /** The tags, by their output. */
  readonly classes: readonly string[];
}

/** The number of sentences that are read side by side. */
const height = 32;

/** A network of whole rows is needed, as a predictor reads step by step, and no cell that begins at the end can. */
export function openTransducer(
  engine: Engine,
  { architecture, weights, features, classes }: StoredTransducer,
): Transducer {
  const shape = {
    batch: height,
    steps: paddedLength(longestPiece),
    optimizer: { kind: 'sgd' },
    dropout: 0,
    seed: 1,
  } as const;
  const network = engine.train(architecture, shape, weights);
  const known = new WordFeatures(features);
  /** Reads sentences, and names what the logits of each token say. */
  function read<Named>(sentences: readonly Sentence[], name: (logits: Float32Array) => Named): Named[][] {
    const found = sentences.map((): Named[] => []);
    const rows = sentences.flatMap((sentence, index) =>
      piecesOf(sentence).map((piece, number) => ({
        tokens: encodeWords(known, piece),
        // The targets mark the steps to look at; which tags they are does not matter.
        target: 0,
        index,
        from: number * longestPiece,
      })),
    );
    for (const block of blocksOf(rows, height)) {
      const { x, y } = layOutRows(block, height, everyTag);
      const steps = x.length / height / featureCount;
      network.logits(x, y, height, (at, logits) => {
        const { index, from } = block[Math.floor(at / steps)];
        found[index][from + (at % steps)] = name(logits);
      });
    }
    return found;
  }
  return {
    tag: (sentences) => read(sentences, (logits) => classify(logits, classes)),
    rank: (sentences) => read(sentences, (logits) => ranked(softmaxOf(logits), classes)),
    dispose: () => network.dispose(),
  };
}

/** A tag for a token that has none. */
export interface MissingTag extends TagToWrite {
  readonly form: string;
  /** The probability that the network gives to it. */
  readonly probability: number;
}

/** The tags that a transducer gives to a document. */
export interface FilledTags {
  /** The tags for the tokens that have none, in the order of the document. */
  readonly missing: readonly MissingTag[];
  readonly read: TaggedText;
}

/**
 * Names the tags that are missing in a document.
 * @param columns the columns of tokens and tags, as in `TaskChoice`
 * @throws Problem when the document has not these columns
 */
export function fillMissingTags(
  transducer: Transducer,
  source: string,
  { format, reads, writes, width }: Omit<StoredTagging, 'features' | 'classes' | 'heldOutApart'>,
): FilledTags {
  const read = readTagged(source, format, { reads, writes, width });
  const lacking = read.sentences.filter((sentence) => sentence.some(({ tag }) => tag === null));
  const found = transducer.tag(lacking);
  const missing = lacking.flatMap((sentence, index) =>
    sentence.flatMap(({ form, tag, span }, token) => {
      const { label, probability } = found[index][token];
      return tag === null ? [{ form, span, tag: label, probability }] : [];
    }),
  );
  return { missing, read };
}
