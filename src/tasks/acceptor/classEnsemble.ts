// The ensemble of a network and the n-grams of the classes: learned on held-out rows at a run's end, and opened again
// with a model (docs/decisions/class-ngrams.md).
import type { TrainableNetwork, Weight, Weights } from '../../backend/engine.ts';
import { hash, isInShare } from '../../data/table/hash.ts';
import { labelledRows } from '../../data/table/labelledRows.ts';
import { readTable } from '../../data/table/readTable.ts';
import { blocksOf, layOutRows } from '../../data/table/rowBatches.ts';
import { type HeldOutRow, isRowHeldOut, longestRow } from '../../data/table/tableDataset.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { Problem } from '../../protocol/problem.ts';
import type { StoredTable } from '../../protocol/task.ts';
import { learnWeights, type MixtureWeights, mix, networkAlone, type WeighedRow } from './classMixture.ts';
import { ClassNgrams, type RowOfClass } from './classNgrams.ts';

/** The characters of a table beyond which a network stays alone: reading the table again would take too long. */
const mostCharacters = 20_000_000;

/** The number of held-out rows from which weights are learned, and the most of these times the classes. */
const leastHeldOut = 10;
const mostOpinions = 1_000_000;

/** The most rows from which weights are learned. */
const mostWeighed = 2000;

/** The parts of the held-out rows: each part is measured with weights that were learned on the others. */
const folds = 20;

/** The share of the held-out rows that are shorter than whole rows count as, and the fewest characters that are weighed. */
const shortShare = 0.1;
const fewestCharacters = 4;

/** The number of rows that are read before a cancellation is heard of. */
const block = 128;

export interface ClassEnsemble {
  /** Returns the probability of each class of a text, [classes]. @param logits what the network says of it, [classes] */
  mix(text: string, logits: Float32Array): Float64Array;
}

/**
 * Counts the rows of a table whose class is known.
 * @param table what was read and written, and whether the held-out rows are in another file
 * @param counted `withHeldOut` says whether the rows that a run holds out are counted, too, and `share` which share of the
 * rows are counted; by default all
 */
export function countTable(
  source: string,
  table: Pick<StoredTable, 'format' | 'reads' | 'writes' | 'classes' | 'heldOutApart'>,
  { withHeldOut, share = 1 }: { readonly withHeldOut: boolean; readonly share?: number },
): ClassNgrams {
  const classOf = new Map(table.classes.map((label, index) => [label, index]));
  const { rows } = labelledRows(readTable(source, table.format), table);
  const counted = rows.flatMap((row): RowOfClass[] => {
    const target = classOf.get(row.label);
    const isCounted = table.heldOutApart || withHeldOut || !isRowHeldOut(row);
    return target !== undefined && isCounted && isInShare(row.text, share)
      ? [{ text: row.text, target }]
      : [];
  });
  return new ClassNgrams(table.classes.length, counted);
}

/** The weights for texts that have so many characters, and fewer than the set before has. */
interface WeightSet {
  readonly least: number;
  readonly weights: MixtureWeights;
}

/** Returns the weights for a text. @param sets the longest texts first; the last set is for all that are shorter, too */
const weightsFor = (sets: readonly WeightSet[], text: string): MixtureWeights =>
  (sets.find(({ least }) => text.length >= least) ?? sets[sets.length - 1]).weights;

/**
 * Opens the ensemble of a stored model.
 * @param mixture the sets of weights, see `learnClassEnsemble`
 * @param source reads the table that the model was trained on
 * @returns null where the network is alone
 * @throws Problem when the weights are damaged
 */
export function openClassEnsemble(
  mixture: Weight | null,
  table: StoredTable,
  hasLearnedHeldOut: boolean,
  source: () => string,
): ClassEnsemble | null {
  if (!mixture) return null;
  if (mixture.data.length === 0 || mixture.data.length % numbersOfSet !== 0)
    throw new Problem(
      'The weights of this model are damaged: its mixture has another size. Train the model again.',
    );
  const sets = Array.from({ length: mixture.data.length / numbersOfSet }, (_, set): WeightSet => {
    const [least, ...weights] = mixture.data.slice(set * numbersOfSet, (set + 1) * numbersOfSet);
    return { least, weights: [weights[0], weights[1], weights[2]] };
  });
  const counts = countTable(source(), table, { withHeldOut: hasLearnedHeldOut });
  const classes = counts.priors();
  return {
    mix: (text, logits) => mix([logits, counts.likelihoods(text), classes], weightsFor(sets, text)),
  };
}

/** The numbers that are kept of a set: the least number of characters, and the weights. */
const numbersOfSet = 4;

/** Returns the sets as they are kept, [sets, numbersOfSet]. */
const packed = (sets: readonly WeightSet[]): Weight => ({
  shape: [sets.length, numbersOfSet],
  data: Float32Array.from(sets.flatMap(({ least, weights }) => [least, ...weights])),
});

/** A held-out row, with the probability that is given to each class, [classes]. */
export interface JudgedRow {
  readonly row: HeldOutRow;
  readonly p: Float64Array;
}

/** The ensemble that the held-out rows have taught, and its judgements of them. */
export interface LearnedEnsemble {
  /** The sets of weights, [sets, 4]; null where the network stays alone. */
  readonly mixture: Weight | null;
  /** The ensemble's judgement of each held-out row, with weights that were learned on others. */
  readonly ensemble: readonly JudgedRow[];
  readonly network: readonly JudgedRow[];
  readonly ngrams: readonly JudgedRow[];
}

interface Learned {
  readonly source: string;
  readonly table: StoredTable;
  /** The share of the training rows that are counted. */
  readonly share: number;
  readonly heldOut: readonly HeldOutRow[];
  readonly tokenizer: Tokenizer;
  readonly network: TrainableNetwork;
  /** The weights of the best state, which has not learned the held-out rows. */
  readonly weights: Weights;
  /** Whether the classes count the same, however many rows they have. */
  readonly isBalanced: boolean;
  /** Returns a number that is the larger the better these judgements are. */
  readonly quality: (judged: readonly JudgedRow[]) => number;
  readonly breathe: () => Promise<void>;
}

/**
 * Learns the weights of the ensemble on the held-out rows, and for texts shorter than those, on their beginnings: a
 * network that has seen whole rows knows little of a few characters, and is too sure of it. The ensemble is measured by
 * cross-validation: a row is judged with weights that were learned on the other folds (Stone 1974). Where it is no
 * better than the network, that stays alone with rows of such a length.
 * @returns null where there are too few held-out rows, or too many characters
 */
export async function learnClassEnsemble(learned: Learned): Promise<LearnedEnsemble | null> {
  const { source, table, heldOut, isBalanced, quality, breathe } = learned;
  if (heldOut.length < leastHeldOut || heldOut.length * table.classes.length > mostOpinions) return null;
  if (source.length > mostCharacters) return null;
  const counts = countTable(source, table, { withHeldOut: false, share: learned.share });
  const shares = isBalanced ? new Float64Array(table.classes.length) : counts.priors();
  /** Returns what is said of the first characters of rows. */
  async function read(rows: readonly HeldOutRow[], length: number): Promise<WeighedRow[]> {
    const beginnings = rows.map((row) => beginningOf(row, length, learned.tokenizer));
    const logits = logitsOf(beginnings, learned);
    const weighed: WeighedRow[] = [];
    for (const [index, row] of beginnings.entries()) {
      if (index % block === 0) await breathe();
      const opinions = [logits.get(row)!, counts.likelihoods(row.text), shares] as const;
      weighed.push({ opinions, target: row.target });
    }
    return weighed;
  }
  const whole = await read(heldOut, Number.POSITIVE_INFINITY);
  const ofFolds: MixtureWeights[] = [];
  for (let fold = 0; fold < folds; fold++) {
    await breathe();
    ofFolds.push(weigh(whole.filter((_, index) => foldOf(heldOut[index]) !== fold)));
  }
  const judge = (weightsOf: (row: HeldOutRow) => MixtureWeights): JudgedRow[] =>
    whole.map(({ opinions }, index) => ({
      row: heldOut[index],
      p: mix(opinions, weightsOf(heldOut[index])),
    }));
  const network = judge(() => networkAlone);
  const together = judge((row) => ofFolds[foldOf(row)]);
  const weights = weigh(whole);
  const isBetter = weights !== networkAlone && quality(together) >= quality(network);
  const lengths = heldOut.map(({ text }) => text.length).sort((a, b) => a - b);
  let least = Math.max(1, lengths[Math.floor(shortShare * lengths.length)]);
  const sets: WeightSet[] = [{ least, weights: isBetter ? weights : networkAlone }];
  while (least / 2 >= fewestCharacters) {
    const some = heldOut.slice(0, mostWeighed).filter(({ text }) => text.length >= least);
    // The middle of the lengths from half of that on.
    const beginnings = await read(some, Math.round(least / Math.SQRT2));
    least /= 2;
    sets.push({ least, weights: weigh(beginnings) });
  }
  return {
    mixture: sets.every((set) => set.weights === networkAlone) ? null : packed(sets),
    ensemble: isBetter ? together : network,
    network,
    ngrams: judge(() => [0, 1, 1]),
  };
}

/** Returns the part of a row's rows. The last digit of the hash says that a row is held out. */
const foldOf = ({ text }: HeldOutRow): number => Math.floor(hash(text) / 10) % folds;

function weigh(rows: readonly WeighedRow[]): MixtureWeights {
  const every = Math.ceil(rows.length / mostWeighed);
  return learnWeights(rows.filter((_, index) => index % every === 0));
}

function beginningOf(row: HeldOutRow, length: number, tokenizer: Tokenizer): HeldOutRow {
  if (row.text.length <= length) return row;
  const text = row.text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
  return { ...row, text, tokens: tokenizer.encode(text).slice(0, longestRow) };
}

/** Returns what the network says of each row, [classes]. */
function logitsOf(
  rows: readonly HeldOutRow[],
  { network, weights }: Pick<Learned, 'network' | 'weights'>,
): Map<HeldOutRow, Float32Array> {
  const found = new Map<HeldOutRow, Float32Array>();
  visitHeldOut(rows, network, weights, (row, logits) => found.set(row, logits.slice()));
  return found;
}

/** Has a network with these weights read held-out rows. Its state is the same afterwards. */
export function visitHeldOut(
  heldOut: readonly HeldOutRow[],
  network: TrainableNetwork,
  weights: Weights,
  visit: (row: HeldOutRow, logits: Float32Array) => void,
): void {
  const height = network.shape.batch;
  network.aside(() => {
    network.load(weights);
    for (const rows of blocksOf(heldOut, height)) {
      const { x, y } = layOutRows(rows, height);
      const steps = x.length / height;
      network.logits(x, y, height, (at, logits) => visit(rows[Math.floor(at / steps)], logits));
    }
  });
}
