// Reads a vocabulary that another program wrote, and arranges its tokens as a tokenizer of this program does:
// first the token for unknown characters, then the single characters, then the longer symbols. The rows of
// the network's matrices move with them.
import type { Weight } from '../backend/engine.ts';
import type { TokenKind } from '../data/text/tokens/tokenization.ts';
import { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../data/text/vocabulary.ts';
import { Problem } from '../protocol/problem.ts';

export interface ImportedTokens {
  readonly tokenizer: Tokenizer;
  /** The row that each token had; -1 for one that is new. */
  readonly rows: readonly number[];
}

/** The names that programs give the token of all unknown ones, where they do not leave it empty. */
const unknownToken = /^(<(unk|unknown|oov)>|\[(unk|oov)\])$/i;

/** The distance of the logit of a token that the network never learned from the lowest of the others. */
const unlearned = 16;

/** The most tokens that a model of this program has. */
const mostTokens = 100_000;

/**
 * @param json the text of a JSON file: a list of tokens, an object from tokens to numbers or from numbers to
 * tokens, or an object with one of those, as `vocabulary.json` of an exported model
 * @throws Problem when it is none
 */
export function readTokens(json: string): ImportedTokens {
  let said: unknown;
  try {
    said = JSON.parse(json);
  } catch {
    throw new Problem(
      'The vocabulary is not JSON: it is a list of tokens, or an object from tokens to numbers.',
    );
  }
  const tokens = tokenList(said);
  if (!tokens)
    throw new Problem(
      'The vocabulary holds no tokens: it is a list of them, or an object from tokens to the numbers 0, 1, 2 and so on.',
    );
  const { kind, rareKinds } = (said ?? {}) as { kind?: unknown; rareKinds?: unknown };
  return arrange(tokens, {
    kind: kinds.find((each) => each === kind) ?? null,
    rareKinds: Number.isSafeInteger(rareKinds) && (rareKinds as number) > 0 ? (rareKinds as number) : 1,
  });
}

const kinds: readonly TokenKind[] = ['characters', 'words', 'pieces'];

function tokenList(said: unknown): readonly string[] | null {
  if (Array.isArray(said))
    return said.length > 1 && said.every((each) => typeof each === 'string') ? said : null;
  if (typeof said !== 'object' || said === null) return null;
  const entries = Object.entries(said);
  return (
    inOrder(entries) ??
    inOrder(entries.map(([number, token]) => [token, /^\d+$/.test(number) ? Number(number) : null])) ??
    entries.map(([, value]) => (typeof value === 'object' ? tokenList(value) : null)).find((list) => list) ??
    null
  );
}

/** Returns the tokens of pairs of a token and its number, in order; null where they are none. */
function inOrder(pairs: readonly (readonly [unknown, unknown])[]): readonly string[] | null {
  const list: string[] = [];
  for (const [token, number] of pairs) {
    if (typeof token !== 'string' || typeof number !== 'number') return null;
    if (!Number.isSafeInteger(number) || number < 0 || number >= pairs.length || list[number] !== undefined)
      return null;
    list[number] = token;
  }
  return list.length > 1 ? list : null;
}

function arrange(
  tokens: readonly string[],
  { kind, rareKinds }: { kind: TokenKind | null; rareKinds: number },
): ImportedTokens {
  if (tokens.length > mostTokens)
    throw new Problem(`The vocabulary has ${tokens.length} tokens, and at most ${mostTokens} are possible.`);
  const seen = new Set<string>();
  const twice = tokens.find((token) => seen.size === seen.add(token).size);
  if (twice !== undefined) throw new Problem(`The vocabulary has the token ${JSON.stringify(twice)} twice.`);
  const empty = tokens.indexOf('');
  const rare = empty >= 0 ? empty : tokens.findIndex((token) => unknownToken.test(token));
  const rest = [...tokens.keys()].filter((row) => row !== rare);
  const isCharacter = (row: number) => [...tokens[row]].length === 1;
  const characters = rest.filter(isCharacter);
  const longer = rest.filter((row) => !isCharacter(row));
  if (characters.length === 0)
    throw new Problem(
      'The vocabulary has no single characters, and words that it lacks are spelt in characters: train a model of characters, or of words and characters.',
    );
  const text = (row: number) => tokens[row];
  const vocabulary = new Vocabulary(['', ...characters.map(text)], rareKinds);
  const tokenizer = new Tokenizer(
    kind ?? (longer.length === 0 ? 'characters' : 'words'),
    vocabulary,
    longer.map(text),
  );
  return { tokenizer, rows: [rare, ...characters, ...longer] };
}

/** Arranges the rows of a matrix or a vector; a new row is zero, or `fill`. */
export function arrangeRows({ shape, data }: Weight, rows: readonly number[], fill = 0): Weight {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  const arranged = new Float32Array(rows.length * width).fill(fill);
  for (const [to, from] of rows.entries())
    if (from >= 0) arranged.set(data.subarray(from * width, (from + 1) * width), to * width);
  return { shape: [rows.length, ...shape.slice(1)], data: arranged };
}

/** Arranges the columns of a matrix; a new column is zero. */
export function arrangeColumns({ shape: [height, width], data }: Weight, columns: readonly number[]): Weight {
  const arranged = new Float32Array(height * columns.length);
  for (let row = 0; row < height; row++)
    for (const [to, from] of columns.entries())
      if (from >= 0) arranged[row * columns.length + to] = data[row * width + from];
  return { shape: [height, columns.length], data: arranged };
}

/** Arranges the output layer's bias; a new token becomes very unlikely, and stays possible. */
export function arrangeBias(bias: Weight, rows: readonly number[]): Weight {
  const lowest = bias.data.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  return arrangeRows(bias, rows, lowest - unlearned);
}
