import { describe, expect, test } from 'vitest';
import { Ensemble, type EnsemblePosition } from '../../../src/completion/ensemble/ensemble.ts';
import { NgramModel } from '../../../src/completion/ensemble/ngramModel.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';
import { hashing, inCompany } from '../knowing.ts';

const words = ['red', 'green', 'blue', 'of', 'x1'];
const next = random(1);
const text = Array.from({ length: 600 }, () => `${words[Math.floor(next() ** 2 * 5)]} `).join('');
const vocabulary = Vocabulary.of(text);
const tokens = vocabulary.encode(text);

function start(known = '') {
  const ngrams = new NgramModel(vocabulary);
  ngrams.read(vocabulary.encode(known));
  return inCompany(hashing(vocabulary), vocabulary, ngrams);
}

/** Reads and learns the tokens, and calls `at` before each. */
function type(
  model: Ensemble,
  of: Int32Array,
  at: (position: EnsemblePosition, token: number) => void,
): EnsemblePosition {
  let position = model.begin();
  for (const token of of) {
    at(position, token);
    const after = model.read(position, token);
    model.learn(position, after);
    position = after;
  }
  return position;
}

const sum = (p: Float64Array) => p.reduce((a, b) => a + b, 0);

test('is one distribution wherever it stands and whatever it has learned', () => {
  const model = start();
  type(model, tokens, (position) => {
    const p = model.predict(position);
    expect(sum(p)).toBeCloseTo(1, 10);
    expect(Math.min(...p)).toBeGreaterThan(0);
  });
});

test('to look ahead changes nothing', () => {
  const [looking, blind] = [start(), start()];
  const said: Float64Array[] = [];
  type(blind, tokens.subarray(0, 400), (position) => void said.push(blind.predict(position)));
  let at = 0;
  type(looking, tokens.subarray(0, 400), (position) => {
    let ahead = position;
    for (const token of tokens.subarray(100, 105)) {
      ahead = looking.read(ahead, token);
      looking.predict(ahead);
    }
    expect(looking.predict(position)).toEqual(said[at++]);
  });
});

test('says what it has said it would: learning returns the probability before it', () => {
  const model = start();
  let position = model.begin();
  for (const token of tokens.subarray(0, 300)) {
    const p = model.predict(position)[token];
    const after = model.read(position, token);
    expect(model.learn(position, after)).toBeCloseTo(p, 12);
    position = after;
  }
});

test('leaves out what is less likely than asked for, and changes nothing of the rest', () => {
  const model = start(text);
  type(model, tokens.subarray(0, 100), (position) => {
    const [all, some] = [model.predict(position), model.predict(position, 0.1)];
    for (const [token, p] of some.entries())
      expect(p === 0 ? all[token] < 0.1 : all[token]).toBe(p === 0 || p);
  });
});

test('learns the same with or without its probability', () => {
  const [learning, updating] = [start(), start()];
  let position = learning.begin();
  for (const token of tokens.subarray(0, 300)) {
    const after = learning.read(position, token);
    learning.learn(position, after);
    updating.update(position, after);
    position = after;
  }
  expect(updating.predict(position)).toEqual(learning.predict(position));
  expect(updating.mixture).toEqual(learning.mixture);
});

test('of a vocabulary that is empty nothing is known', () => {
  const empty = Vocabulary.of('');
  const model = new Ensemble(null, empty, new NgramModel(empty), null);
  expect([...model.predict(model.begin())]).toEqual([1]);
});

test('a text that it recalls surprises it less than one that it does not', () => {
  const bits = (model: Ensemble) => {
    let sum = 0;
    type(model, tokens, (position, token) => {
      sum -= Math.log2(model.predict(position)[token]);
    });
    return sum / tokens.length;
  };
  expect(bits(start(text))).toBeLessThan(0.6 * bits(start()));
});

describe('the weights of the mixture', () => {
  test('are taken up where they were left', () => {
    const ngrams = new NgramModel(vocabulary, tokens);
    const learned = inCompany(hashing(vocabulary), vocabulary, ngrams);
    const position = type(learned, tokens, () => {});
    const again = inCompany(hashing(vocabulary), vocabulary, ngrams, learned.mixture);
    const p = again.predict(position);
    for (const [token, each] of learned.predict(position).entries()) expect(p[token]).toBeCloseTo(each, 6);
  });

  test('of another shape are not', () => {
    const ngrams = new NgramModel(vocabulary);
    const model = inCompany(hashing(vocabulary), vocabulary, ngrams, new Float32Array(3));
    expect(model.mixture).toEqual(start().mixture);
  });
});
