import { expect, test } from 'vitest';
import { NetworkModel, type SequenceModel } from '../../src/completion/ensemble/networkModel.ts';
import { NgramModel } from '../../src/completion/ensemble/ngramModel.ts';
import { spell } from '../../src/data/text/tokens/tokenSpans.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { alternatives, likeliest, surpriseWalk } from '../../src/inspection/surprise.ts';
import { random } from '../../src/tape/random.ts';
import { characters, hashing, inCompany } from '../completion/knowing.ts';

const text = 'red green blue 👍\n'.repeat(20);
const vocabulary = Vocabulary.of(text);

test('the likeliest are those that sorting finds', () => {
  const next = random(1);
  for (let i = 0; i < 300; i++) {
    const p = Array.from({ length: Math.floor(next() * 30) }, next);
    const sorted = p
      .map((probability, token) => ({ token, probability }))
      .sort((a, b) => b.probability - a.probability);
    expect(likeliest(p, 5)).toEqual(sorted.slice(0, 5));
  }
});

/** Returns the bits of the whole text, and checks those of each token. */
function surprise<Position>(reading: SequenceModel<Position>): number {
  const walk = surpriseWalk(reading);
  let position = walk.begin();
  let bits = 0;
  for (const token of vocabulary.encode(text)) {
    const after = walk.read(position, token);
    const p = reading.predict(position);
    const seen = walk.see(position, token, after);
    expect(2 ** -seen.bits).toBeCloseTo(p[token], 10);
    expect(seen.expected.length).toBe(alternatives);
    expect(seen.expected[0].probability).toBe(Math.max(...p));
    bits += seen.bits;
    position = after;
  }
  return bits;
}

test('the network alone, and in company, which knows the text by heart', () => {
  const predictor = hashing(vocabulary);
  const ngrams = new NgramModel(vocabulary);
  ngrams.read(vocabulary.encode(text));
  const alone = surprise(new NetworkModel(predictor));
  const accompanied = surprise(inCompany(predictor, vocabulary, ngrams));
  expect(accompanied).toBeLessThan(alone / 2);
});

test.each([
  ['abc', 'cab', [0, 1, 2, 3]],
  ['a👍', '👍a👍', [0, 2, 3, 5]],
  ['ab', 'aXb', [0, 1, 2, 3]],
  ['ab', 'a🙂b', [0, 1, 3, 4]],
  ['ab', '', [0]],
])('a model of %j finds the tokens of %j at %j', (known, written, offsets) => {
  expect([...spell(characters(Vocabulary.of(known)), written).offsets]).toEqual(offsets);
});

test('a token may be longer than a character', () => {
  const longer = { symbols: ['', 'red', ' '], encode: () => Int32Array.of(1, 2, 1, 0) };
  expect([...spell(longer, 'red red🙂').offsets]).toEqual([0, 3, 4, 7, 9]);
});
