// Compares the marginalisation over tokenisations with the sum over all ways to split the text.
import { describe, expect, test } from 'vitest';
import type { Predictor } from '../../../src/backend/engine.ts';
import {
  type MarginalPosition,
  TokenMarginalizer,
} from '../../../src/completion/ensemble/tokenMarginalization.ts';
import type { TokenKind } from '../../../src/data/text/tokens/tokenization.ts';
import { Tokenizer } from '../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';
import { hashing } from '../knowing.ts';

const text = 'the theme of them all, then the thesis; so be it.\n'.repeat(30);
const alphabet = Vocabulary.of(text);
const kinds = ['characters', 'words', 'pieces'] as const satisfies readonly TokenKind[];
const longer: Readonly<Record<TokenKind, readonly string[]>> = {
  characters: [],
  words: ['the', 'them', 'theme', 'then', 'of', 'it'],
  pieces: ['th', 'the', ' th', 'em', ' the', 'es', 'them', ' them', 'is'],
};
const learned = (kind: TokenKind) => new Tokenizer(kind, alphabet, longer[kind]);

/** Returns a network that always predicts the same: all ways to a place then merge, and none is left out. */
function indifferent(size: number): Predictor {
  const next = random(7);
  const said = Float32Array.from({ length: size }, () => 3 * next());
  return {
    stateSize: 1,
    states: [],
    outputs: size,
    memoryBytes: 0,
    initial: () => Float32Array.of(0),
    next: (_state, _token, _nextState, logits) => logits.set(said),
    load() {},
    dispose() {},
  };
}

function read(marginalizer: TokenMarginalizer, of: string, from = marginalizer.begin()): MarginalPosition {
  return alphabet.encode(of).reduce((reading, character) => marginalizer.read(reading, character), from);
}

const sum = (reading: MarginalPosition) => reading.logs.reduce((all, log) => all + Math.exp(log), 0);

describe.each(kinds)('%s', (kind) => {
  test('is one distribution over the next character, wherever the text stands and whatever it is', () => {
    const tokenizer = learned(kind);
    const marginalizer = new TokenMarginalizer(hashing(tokenizer), tokenizer);
    const next = random(1);
    let reading = marginalizer.begin();
    for (const character of alphabet.encode(text.slice(0, 300))) {
      expect(sum(reading)).toBeCloseTo(1, 10);
      expect(Math.min(...reading.logs)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
      reading = marginalizer.read(reading, next() < 0.2 ? Math.floor(next() * alphabet.size) : character);
    }
  });

  test('costs one step a character at most, where the text is not against all expectation', () => {
    const tokenizer = learned(kind);
    const predictor = hashing(tokenizer);
    read(new TokenMarginalizer(predictor, tokenizer), text.slice(0, 200));
    expect(predictor.steps).toBeLessThanOrEqual(200);
  });
});

/** Returns the probability that a text begins with `beginning`, summed slowly over every way to split it. */
function probability(predictor: Predictor, tokenizer: Tokenizer, beginning: string): number {
  const logits = new Float32Array(tokenizer.size);
  const after = (tokens: readonly number[]) => {
    if (tokens.length === 0) return tokenizer.symbols.map(() => 1 / tokenizer.size);
    const state = predictor.initial();
    for (const token of tokens) predictor.next(state, token, state, logits);
    const all = logits.reduce((whole, logit) => whole + Math.exp(logit), 0);
    return Array.from(logits, (logit) => Math.exp(logit) / all);
  };
  const from = (left: string, tokens: readonly number[]): number => {
    if (left === '') return 1;
    const p = after(tokens);
    return tokenizer.symbols.reduce((all, symbol, token) => {
      if (symbol === '') return all;
      if (symbol.startsWith(left)) return all + p[token];
      return left.startsWith(symbol)
        ? all + p[token] * from(left.slice(symbol.length), [...tokens, token])
        : all;
    }, 0);
  };
  return from(beginning, []);
}

test.each(kinds)('%s: agrees with the sum over all ways to split the text', (kind) => {
  const tokenizer = learned(kind);
  const predictor = indifferent(tokenizer.size);
  const marginalizer = new TokenMarginalizer(predictor, tokenizer);
  for (const beginning of ['th', 'the', 'them', ' the t', 'esis; ']) {
    const whole = probability(predictor, tokenizer, beginning);
    const before = probability(predictor, tokenizer, beginning.slice(0, -1));
    const reading = read(marginalizer, beginning.slice(0, -1));
    expect(reading.logs[alphabet.token(beginning.at(-1)!)]).toBeCloseTo(Math.log(whole / before), 3);
  }
});
