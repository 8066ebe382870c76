import * as fc from 'fast-check';
import { normalise, readCorpus, type WholeCorpus } from '../../../../src/data/text/corpus.ts';
import { pieces } from '../../../../src/data/text/tokens/bytePairEncoding.ts';
import type { TokenKind } from '../../../../src/data/text/tokens/tokenization.ts';
import { Tokenizer } from '../../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../../src/data/text/vocabulary.ts';
import { Problem } from '../../../../src/protocol/problem.ts';
import * as slow from '../../../data/text/tokens/slowPieces.ts';
import { target } from '../../target.ts';
import { textFrom } from './texts.ts';

/**
 * The input: a short text that is split into all kinds of tokens, or a long one from a seed, which is timed.
 */
export type TokenizerInput =
  | { readonly text: string; readonly unseen: string }
  | { readonly seed: number; readonly length: number };

const kinds = ['characters', 'words', 'pieces'] as const satisfies readonly TokenKind[];

/**
 * The limit in milliseconds of processor time for learning the symbols of a million characters and tokenizing
 * them.
 */
const mark = 4000;

const short = fc
  .tuple(fc.integer(), fc.integer(), fc.constantFrom(100, 900, 900, 3000))
  .map(([seed, other, most]) => ({ text: textFrom(seed, most), unseen: textFrom(other, 200) }));

/** Generates similar texts, which fast-check can make smaller. */
const written = fc.record({
  text: fc.string({ unit: fc.constantFrom(...'ab \n\r\t_.0é𝔘\ud800\udc00\uFEFF\u0301\0'), maxLength: 700 }),
  unseen: fc.string({ unit: 'binary', maxLength: 20 }),
});

const long = fc.record({ seed: fc.integer(), length: fc.constantFrom(100_000, 100_000, 1_000_000) });

function claim(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

export const tokenizers = target<TokenizerInput>({
  name: 'tokenizers',
  claim:
    'The tokens of any text spell it, before and after it was stored in UTF-8 and JSON; places stay where they were; pieces are those of the obvious algorithm; a million characters take at most 4 s.',
  weight: 1,
  inputs: fc.oneof(
    { arbitrary: short, weight: 300 },
    { arbitrary: written, weight: 200 },
    { arbitrary: long, weight: 1 },
  ),
  async open() {
    const counted = { texts: 0, refused: 0, characters: 0, symbols: 0, longest: 0 };
    return {
      check(input) {
        if ('seed' in input) {
          const text = normalise(longText(input));
          counted.longest = Math.max(counted.longest, (1e6 * timeOf(text)) / text.length);
          return;
        }
        counted.texts++;
        counted.characters += input.text.length;
        tryNormalised(input.text);
        // This tries texts that a corpus refuses, too, because they are short or contain NULs.
        tryTokens(Vocabulary.of(input.text), input.text, input.unseen);
        const corpus = corpusOf(input.text);
        if (!corpus) {
          counted.refused++;
          return;
        }
        for (const direction of ['forward', 'backward'] as const)
          for (const kind of kinds)
            tryCorpus(readCorpus(input.text, { direction, tokens: kind }), input.text);
        counted.symbols += tryPieces(corpus);
      },
      figures: () => ({
        texts: counted.texts,
        'refused as too short or binary': counted.refused,
        characters: counted.characters,
        'symbols equal to those of the obvious algorithm': counted.symbols,
        'longest for a million characters, ms': Math.round(counted.longest),
      }),
      async close() {},
    };
  },
});

function corpusOf(text: string): WholeCorpus | null {
  try {
    return readCorpus(text);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

const stored = (text: string): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));

function tryNormalised(text: string): void {
  const once = normalise(text);
  claim(normalise(once) === once, 'A normalised text is normalised differently.');
  claim(stored(once) === once, 'A normalised text does not survive UTF-8.');
  const plain = text.replace(/^\uFEFF+/, '').replace(/\r\n?/g, '\n');
  claim(once.length === plain.length, 'Normalising moves places.');
  for (let at = 0; at < plain.length; at++)
    claim(
      once[at] === plain[at] || once[at] === '\uFFFD',
      'Normalising changes another character than half a pair.',
    );
}

/** Checks that the tokens spell the text, except for characters that have no token. */
function tryTokens(alphabet: Vocabulary, text: string, unseen: string): void {
  for (const kind of kinds) {
    const tokenizer = Tokenizer.learn(kind, alphabet, text);
    claim(
      tokenizer.longer.every((symbol) => [...symbol].length > 1),
      'A symbol is no longer than a character.',
    );
    for (const each of [text, unseen, text + unseen]) {
      const tokens = tokenizer.encode(each);
      const known = Array.from(each, (character) =>
        alphabet.token(character) > 0 ? character : '\uFFFD',
      ).join('');
      const spelt = tokenizer.decode(tokens);
      // A longer symbol may hold a character that is too rare for one of its own.
      claim(
        spelt === known || spelt === each || isBetween(spelt, known, each),
        `The ${kind} do not spell the text.`,
      );
      const lengths = tokenizer.lengths();
      claim(
        tokens.reduce((sum, token) => sum + lengths[token], 0) === [...each].length,
        `The ${kind} are not as long as the text.`,
      );
    }
  }
}

/** Returns whether each character is that of one text or of the other. */
function isBetween(spelt: string, known: string, each: string): boolean {
  const [a, b, c] = [[...spelt], [...known], [...each]];
  return a.length === c.length && a.every((character, i) => character === b[i] || character === c[i]);
}

function tryCorpus(corpus: WholeCorpus, source: string): void {
  const { text, tokenizer, vocabulary, direction } = corpus;
  claim(text === normalise(source), 'The text of a corpus is not the normalised source.');
  claim(stored(text) === text, 'The text of a corpus does not survive UTF-8.');
  const parts =
    direction === 'backward'
      ? [corpus.heldOutText, corpus.trainText]
      : [corpus.trainText, corpus.heldOutText];
  claim(parts.join('') === text, 'What is trained on and what is held out are not the text.');
  // These are the characters and symbols as a model's files hold them.
  const manifest = JSON.parse(
    stored(
      JSON.stringify({
        characters: vocabulary.characters,
        rareKinds: vocabulary.rareKinds,
        longer: tokenizer.longer,
      }),
    ),
  );
  const again = new Vocabulary(manifest.characters, manifest.rareKinds);
  const read = readCorpus(stored(text), {
    direction,
    tokens: new Tokenizer(tokenizer.kind, again, manifest.longer),
  });
  claim(again.size === vocabulary.size, 'A stored vocabulary has another size.');
  for (const part of ['train', 'heldOut'] as const) {
    claim(
      read[part].length === corpus[part].length && read[part].every((token, i) => token === corpus[part][i]),
      'A stored corpus has other tokens.',
    );
    const inOrder = direction === 'backward' ? corpus[part].toReversed() : corpus[part];
    const spelt = tokenizer.decode(inOrder);
    if (vocabulary.rareKinds === 1 && vocabulary.size < 1024)
      claim(spelt === corpus[`${part}Text`], 'The tokens of a corpus do not spell its text.');
  }
}

/**
 * Compares the learned pieces with a slow reference.
 * @returns how many symbols were compared
 */
function tryPieces({ trainText, tokenizer }: WholeCorpus): number {
  const counts = new Map<string, number>();
  for (const [unit] of trainText.matchAll(pieces.units)) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  claim([...trainText.matchAll(pieces.units)].join('') === trainText, 'The units are not the whole text.');
  const most = 40;
  const fast = pieces.learn(counts, most);
  const obvious = slow.learn(counts, most);
  claim(fast.join('\n') === obvious.join('\n'), 'Other pieces are learned than by the obvious algorithm.');
  const rank = new Map([...fast, ...tokenizer.longer].map((symbol, i) => [symbol, i]));
  for (const unit of counts.keys())
    claim(
      pieces.parts(unit, rank).join('\n') === slow.parts(unit, rank).join('\n'),
      'A unit has other parts than by the obvious algorithm.',
    );
  return fast.length;
}

/** Returns a long text of long units, no two of which are alike, because these cost most. */
function longText({ seed, length }: { seed: number; length: number }): string {
  const parts: string[] = [];
  for (let i = 0, written = 0; written < length; i++) {
    parts.push(textFrom(seed + i, length / 20));
    written += parts[i].length;
  }
  return parts.join('').slice(0, length).padEnd(1000, 'text ').replaceAll('\0', '');
}

function timeOf(text: string): number {
  let fastest = Infinity;
  for (let again = 0; again < 3; again++) {
    const began = process.threadCpuUsage();
    for (const kind of kinds) Tokenizer.learn(kind, Vocabulary.of(text), text).encode(text);
    const { user, system } = process.threadCpuUsage(began);
    fastest = Math.min(fastest, (user + system) / 1000);
    if ((1e6 * fastest) / text.length <= mark) return fastest;
  }
  if (text.length >= 100_000)
    throw new Error(`Tokenizing takes too long.\n${fastest} ms for ${text.length} characters`);
  return 0;
}
