// The words of the language, and the rule that a capital letter marks a matrix.

import { binaryOperations, unaryOperations } from '../operations/elementwise.ts';
import type { BinaryOperator, UnaryFunction } from './cell.ts';

export interface FunctionWord {
  /** The function's name in a checked cell, where `clip` becomes `min` and `max`. */
  readonly means: UnaryFunction | BinaryOperator | 'clip';
  readonly arguments: readonly string[];
  readonly description: string;
}

/** The functions that work unit by unit, under each of their spellings. */
const elementwiseWords = Object.entries({ ...unaryOperations, ...binaryOperations }).flatMap(
  ([name, { word }]): [string, FunctionWord][] => {
    if (!word) return [];
    const entry = { ...word, means: name as UnaryFunction | BinaryOperator };
    return (word.alias === undefined ? [name] : [name, word.alias]).map((spelling) => [spelling, entry]);
  },
);

// These are maps and not objects, because a name in a file may be `constructor`.
export const functions: ReadonlyMap<string, FunctionWord> = new Map<string, FunctionWord>([
  ...elementwiseWords,
  ['clip', { means: 'clip', arguments: ['v', 'low', 'high'], description: 'v, kept between low and high' }],
  [
    'sum',
    {
      means: 'rowSum',
      arguments: ['v'],
      description: 'the sum of all units of v: one unit, which spreads over what it is combined with',
    },
  ],
  [
    'softmax',
    { means: 'softmax', arguments: ['v'], description: 'exp(v), scaled to the sum 1 over the units' },
  ],
  [
    'norm',
    {
      means: 'layerNorm',
      arguments: ['v'],
      description: 'layer normalisation: mean 0, variance 1 over the units',
    },
  ],
]);

export interface InitialiserWord {
  readonly arguments: readonly string[];
  /** Whether the initialiser needs rows and columns. */
  readonly matrix: boolean;
  readonly description: string;
}

export const initialisers: ReadonlyMap<string, InitialiserWord> = new Map<string, InitialiserWord>([
  ['zeros', { arguments: [], matrix: false, description: 'all zero' }],
  [
    'identity',
    {
      arguments: [],
      matrix: true,
      description: 'ones on the diagonal, else zero; `radius r` makes them r (Le et al. 2015)',
    },
  ],
  [
    'orthogonal',
    {
      arguments: [],
      matrix: true,
      description: 'a random rotation (Saxe et al. 2014); `radius r` scales to that spectral radius',
    },
  ],
  [
    'glorot',
    {
      arguments: [],
      matrix: true,
      description: 'uniform within ±√(6 / (rows + columns)) (Glorot & Bengio 2010)',
    },
  ],
  ['uniform', { arguments: ['limit'], matrix: false, description: 'uniform within ±limit' }],
  ['normal', { arguments: ['deviation'], matrix: false, description: 'Gaussian around 0' }],
  [
    'sparse',
    {
      arguments: ['density'],
      matrix: true,
      description: 'zero but for a share of entries; `radius r` scales to that spectral radius (Jaeger 2001)',
    },
  ],
  [
    'connections',
    {
      arguments: ['count'],
      matrix: true,
      description:
        'zero but for so many Gaussian entries of each row (Martens 2010); `radius r` scales to that spectral radius (Sutskever et al. 2013)',
    },
  ],
]);

export const sectionWords: ReadonlyMap<string, string> = new Map([
  ['cell', '`cell NAME` begins a cell; its equations follow'],
  ['model', '`model` begins the description of a network: tokens, layers and their widths'],
  ['train', '`train` begins the description of its training'],
  [
    'task',
    '`task` begins the description of what the network is for: the columns of a table to read and write',
  ],
]);

export const statementWords: ReadonlyMap<string, string> = new Map([
  ['init', '`init W = orthogonal` says what a parameter is before training'],
  ['fixed', '`fixed W, U` names parameters that are not trained'],
  ['stochastic', '`stochastic T` makes the columns of matrices probabilities, which sum to 1'],
  [
    'output',
    '`output c[t]` names the vector that the next layer sees; `h[t]` if not said. `as distribution` says that it is the probability of each symbol, so that there is no output layer',
  ],
  ['width', '`width p, q = 16` gives vectors or trained vectors a number of units of their own'],
]);

/** The name of what a decoder starts from: the encoder's end, or what stands in its place. */
export const given = 'given';

/** The name of what the encoder wrote at a position of the source, `m[s]`; without an index it is free. */
export const encoded = 'm';

/** Words that continue a statement. */
const furtherWords: ReadonlySet<string> = new Set([
  'learned',
  'from',
  'first',
  'radius',
  'as',
  'distribution',
  'over',
]);

/**
 * Returns whether the language gives a word a meaning of its own in at least some place, so that it cannot be
 * a name.
 */
export const hasMeaning = (word: string): boolean =>
  ['t', 'x', 'y', given].includes(word) ||
  functions.has(word.toLowerCase()) ||
  [functions, initialisers, sectionWords, statementWords, furtherWords].some((words) => words.has(word));

/** Matches a letter of any alphabet, then letters, marks, digits and subscripts, with primes at the end. */
export const namePattern = /\p{L}[\p{L}\p{M}\p{Nd}_₀-₉]*['′]*/u;

const wholeName = new RegExp(`^${namePattern.source}$`, 'u');

export const isName = (text: string): boolean => wholeName.test(text);

/**
 * Returns whether a name begins with a capital letter and so is a weight matrix; others are vectors or
 * numbers.
 */
export const isMatrixName = (name: string): boolean => {
  const [first] = name;
  return first !== undefined && first !== first.toLowerCase();
};

/**
 * Returns the edit distance of two words, where exchanging two letters is one edit (Damerau 1964), or
 * Infinity if it is more than `limit`.
 */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  const far = limit + 1;
  let last: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = new Array<number>(b.length + 1).fill(far);
    next[0] = i;
    let least = i;
    // Cells further from the diagonal need more insertions or deletions than the limit allows.
    for (let j = Math.max(1, i - limit); j <= Math.min(b.length, i + limit); j++) {
      const changed = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(changed, row[j] + 1, next[j - 1] + 1, exchanged ? last[j - 2] + 1 : far);
      least = Math.min(least, next[j]);
    }
    if (least > limit && row.every((edits) => edits > limit)) return Number.POSITIVE_INFINITY;
    last = row;
    row = next;
  }
  return row[b.length] <= limit ? row[b.length] : Number.POSITIVE_INFINITY;
}

/**
 * Returns the one of `names` that `name` was probably meant to be. Case is ignored; one edit is allowed, two
 * from seven letters on, none for one letter.
 */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  if (name.length > 40) return undefined; // A name that long is no slip, and the distance is quadratic.
  const limit = Math.min(2, Math.floor((name.length + 3) / 5));
  const plain = name.toLowerCase();
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of names) {
    const d = distance(plain, candidate.toLowerCase(), limit);
    if (d < least && candidate !== name) [best, least] = [candidate, d];
  }
  return best;
}
