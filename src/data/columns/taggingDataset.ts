// Tagged text as the data of a run: the words of a sentence are read, and the tag of each is its step's target.
import type { Baseline } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import type { RowCounts } from '../../protocol/run.ts';
import type { TaggedFormat } from '../../protocol/task.ts';
import type { BatchOptions, Cost, Dataset, ProbedRow, Rows } from '../dataset.ts';
import { ofHeldOutFile, readHeldOut, remarkOnShared } from '../sharedRows.ts';
import { hash } from '../table/hash.ts';
import {
  blocksOf,
  layOutRows,
  longestOf,
  paddedLength,
  RowBatches,
  type RowLayout,
  type SequenceRow,
} from '../table/rowBatches.ts';
import { type RowNames, remarksOn } from '../table/tableDataset.ts';
import type { WantedTagColumns } from './columnFile.ts';
import { commonestTags } from './commonestTags.ts';
import { readTagged } from './readTagged.ts';
import { type Sentence, type TaggedText, textOf } from './taggedText.ts';
import { featureCount, unknownWord, WordFeatures } from './wordFeatures.ts';

/** The least number of sentences with tags: fewer teach a network nothing. */
export const minimumSentences = 20;

/** The largest number of tags. A column of more different values is no column of tags. */
export const mostTags = 1024;

/** Longer sentences are read in pieces of so many tokens. Gradients go back over whole pieces, so that it bounds memory. */
export const longestPiece = 200;

/** One sentence of so many is held out. */
const heldOutEvery = 10;

/**
 * A word that occurs n times is read as an unknown one with the probability of this over the sum of this and n, so
 * that the network learns to do without it (Kiperwasser & Goldberg 2016).
 */
const wordDropout = 0.25;

/** The share of the other features of a word that are left out in training (Iyyer et al. 2015 do so with words). */
const featureDropout = 0.2;

/** The tagged text that is trained on, and what is learned of it. */
export interface TaggingOptions {
  readonly source: string;
  readonly format: TaggedFormat;
  readonly columns: WantedTagColumns;
  /** A tagged text whose sentences are held out, in place of some of this one; null where there is none. */
  readonly heldOut: { readonly source: string; readonly format: TaggedFormat } | null;
  /** The number of steps at the end of a sentence that are learned. */
  readonly taught?: number;
}

/** A tagged text as the data of a run. Losses are in bits per token. */
export class TaggingDataset implements Dataset {
  readonly features: WordFeatures;
  /** The tags, in the order of their code units; the index of a tag is its output. */
  readonly classes: readonly string[];
  /** The numbers of sentences: those without a tag are empty, and those that do not fit are skipped. */
  readonly counts: RowCounts;
  readonly charactersPerToken: number;
  readonly baselines: readonly Baseline[];
  readonly remarks: readonly string[];
  readonly #train: readonly SequenceRow[];
  readonly #heldOut: readonly SequenceRow[];
  readonly #layout: RowLayout;
  /** The number of times that each word is in the training part, by its token. */
  readonly #wordCounts: ReadonlyMap<number, number>;

  /** @throws Problem when the text cannot be trained on */
  constructor({
    source,
    format,
    columns,
    heldOut: apart,
    taught = Number.POSITIVE_INFINITY,
  }: TaggingOptions) {
    const own = partsOf(readTagged(source, format, columns));
    const other = apart && readHeldOut(() => partsOf(readTagged(apart.source, apart.format, columns)));
    const remarks = remarksOn(own.missing, own.misfits, names);
    if (own.tagged.length < minimumSentences)
      throw new Problem(
        [
          `There are too few sentences to learn from: ${minimumSentences} with tags are needed, and this text has ${own.tagged.length}.`,
          ...remarks,
        ].join(' '),
      );
    if (other?.tagged.length === 0)
      throw new Problem('No sentence of the held-out file has tags: nothing can be measured on it.');
    const train = other ? own.tagged : own.tagged.filter((each) => !isSentenceHeldOut(each));
    const heldOut = other ? other.tagged : own.tagged.filter(isSentenceHeldOut);
    // A tag that is in the held-out part alone is never learned, and each of its tokens counts as wrong.
    this.classes = [...new Set([...train, ...heldOut].flatMap(tagsOf))].sort();
    if (this.classes.length < 2)
      throw new Problem(
        `All tokens have the same tag, \`${this.classes[0]}\`: two different tags are needed.`,
      );
    if (this.classes.length > mostTags)
      throw new Problem(
        `There are ${this.classes.length} different tags, and at most ${mostTags} are possible: name a column of few values.`,
      );
    const forms = train.flatMap((sentence) => sentence.map(({ form }) => form));
    this.features = WordFeatures.learn(forms);
    const counts = new Map<number, number>();
    for (const form of forms) {
      const [token] = this.features.encode(form);
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    this.#wordCounts = counts;
    const classOf = new Map(this.classes.map((tag, index) => [tag, index]));
    const encode = (sentence: Sentence): SequenceRow => ({
      tokens: encodeWords(this.features, sentence),
      target: Int32Array.from(sentence, ({ tag }) => (tag === null ? -1 : classOf.get(tag)!)),
    });
    this.#train = train.flatMap(piecesOf).map(encode);
    this.#heldOut = heldOut.flatMap(piecesOf).map(encode);
    this.#layout = { tokensPerStep: featureCount, taught };
    this.counts = {
      train: train.length,
      heldOut: heldOut.length,
      skipped: own.skipped + (other?.skipped ?? 0),
      empty: own.missing + (other?.missing ?? 0),
    };
    this.charactersPerToken = forms.reduce((sum, { length }) => sum + length + 1, 0) / forms.length;
    this.baselines = [
      { name: 'commonest tag by word', value: commonestTags(train, heldOut.length > 0 ? heldOut : train) },
    ];
    this.remarks = [
      ...remarks,
      ...(other
        ? [
            ...remarksOn(other.missing, other.misfits, names).map(ofHeldOutFile),
            ...remarkOnShared(train.map(textOf), heldOut.map(textOf), ['sentence', 'sentences']),
          ]
        : []),
    ];
  }

  /** The bits of guessing one of the tags. */
  get uniform(): number {
    return Math.log2(this.classes.length);
  }

  batches({ batch, seed }: BatchOptions): RowBatches {
    // A held-out sentence may be longer than all others, and is learned in the end.
    const steps = paddedLength(longestOf([...this.#train, ...this.#heldOut]) / featureCount);
    const shape = { batch: Math.min(batch, this.#train.length), steps, seed };
    return new RowBatches(this.#train, shape, this.#layout, this.#dropFeatures);
  }

  training(rows: number): Rows[] {
    return blocksOf(this.#train, rows).map((block) => layOutRows(block, rows, everyTag));
  }

  heldOut(rows: number): Rows[] {
    return blocksOf(this.#heldOut, rows).map((block) => layOutRows(block, rows, everyTag));
  }

  heldOutBatches(shape: { readonly batch: number; readonly steps: number }): RowBatches | null {
    if (this.#heldOut.length === 0) return null;
    const before = this.#train.slice(-this.#heldOut.length);
    return new RowBatches([...before, ...this.#heldOut], { ...shape, seed: 0 }, this.#layout);
  }

  probed(steps: number): ProbedRow | null {
    const fits = ({ tokens }: SequenceRow) => tokens.length <= steps * featureCount;
    const row = this.#train
      .filter(fits)
      .reduce<SequenceRow | null>(
        (longest, each) => (each.tokens.length > (longest?.tokens.length ?? 0) ? each : longest),
        null,
      );
    if (!row) return null;
    const targets = row.target as Int32Array;
    const at = Math.floor(targets.length / 2);
    return { tokens: row.tokens, target: targets.at(-1)!, middle: { at, target: targets[at] } };
  }

  /** The loss is a mean over tokens. */
  cost(nats: number, targets: Int32Array): Cost {
    const units = targets.reduce((counted, target) => counted + (target >= 0 ? 1 : 0), 0);
    return { bits: (units * nats) / Math.LN2, units };
  }

  readonly #dropFeatures = ({ tokens, target }: SequenceRow, seed: number): SequenceRow => {
    const kept = tokens.slice();
    const share = (at: number) => hash(`${seed} ${at}`) / 2 ** 32;
    for (let at = 0; at < kept.length; at += featureCount) {
      const count = this.#wordCounts.get(kept[at]) ?? 0;
      if (share(at) < wordDropout / (wordDropout + count)) {
        kept[at] = unknownWord;
        // The word without capitals would say what it is.
        kept[at + 1] = -1;
      }
      for (let index = 1; index < featureCount; index++)
        if (share(at + index) < featureDropout) kept[at + index] = -1;
    }
    return { tokens: kept, target };
  };
}

/** The layout of sentences all of whose tags are measured. */
export const everyTag: RowLayout = { tokensPerStep: featureCount, taught: Number.POSITIVE_INFINITY };

/** Returns the tokens of the words of a sentence, [n × featureCount]. */
export function encodeWords(features: WordFeatures, sentence: Sentence): Int32Array {
  const tokens = new Int32Array(sentence.length * featureCount);
  for (const [index, { form }] of sentence.entries()) tokens.set(features.encode(form), index * featureCount);
  return tokens;
}

/** Cuts a sentence into pieces that are not too long. */
export function piecesOf(sentence: Sentence): Sentence[] {
  const pieces: Sentence[] = [];
  for (let from = 0; from < sentence.length; from += longestPiece)
    pieces.push(sentence.slice(from, from + longestPiece));
  return pieces;
}

/** The names of the sentences in remarks. */
const names: RowNames = { rows: ['sentence', 'sentences'], misfits: ['line', 'lines'], label: 'a tag' };

const tagsOf = (sentence: Sentence): string[] => sentence.flatMap(({ tag }) => (tag === null ? [] : [tag]));

function partsOf({ sentences, misfits, skipped }: TaggedText) {
  const tagged = sentences.filter((each) => tagsOf(each).length > 0);
  return { tagged, missing: sentences.length - tagged.length, misfits, skipped };
}

/**
 * Returns whether a sentence is held out. That depends on its words alone: it stays so when other sentences are
 * added, and equal sentences are on the same side.
 */
export const isSentenceHeldOut = (sentence: Sentence): boolean => hash(textOf(sentence)) % heldOutEvery === 0;
