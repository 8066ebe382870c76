import { expect, test } from 'vitest';
import { NetworkModel } from '../../../src/completion/ensemble/networkModel.ts';
import { PassageStates } from '../../../src/completion/stateCache/passageStates.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { type Surprise, surpriseWalk } from '../../../src/inspection/surprise.ts';
import { random } from '../../../src/tape/random.ts';
import { hashing } from '../knowing.ts';

const vocabulary = Vocabulary.of('abc👍');
const pause = async () => {};

function start() {
  const predictor = hashing(vocabulary);
  return { predictor, passageStates: new PassageStates(surpriseWalk(new NetworkModel(predictor))) };
}

/** Reads from the beginning, token by token, as a slow reference. */
function readAnew(tokens: ArrayLike<number>): Surprise[] {
  const walk = surpriseWalk(new NetworkModel(hashing(vocabulary)));
  let position = walk.begin();
  return Array.from(tokens, (token) => {
    const after = walk.read(position, token);
    const seen = walk.see(position, token, after);
    position = after;
    return seen;
  });
}

const text = (length: number, seed: number) => {
  const next = random(seed);
  return Array.from({ length }, () => Math.floor(next() * vocabulary.size));
};

test('random edits: the same as reading anew', async () => {
  const next = random(1);
  const { passageStates } = start();
  let tokens = text(150, 2);
  for (let i = 0; i < 300; i++) {
    const at = Math.floor(next() * (tokens.length + 1));
    const insert = text(Math.floor(next() * 40), i);
    tokens = [...tokens.slice(0, at), ...insert, ...tokens.slice(at + Math.floor(next() * 40))].slice(0, 200);
    expect(await passageStates.read(tokens, pause)).toEqual(readAnew(tokens));
  }
});

test('after an edit only what follows it is read again', async () => {
  const { predictor, passageStates } = start();
  const tokens = text(1000, 1);
  await passageStates.read(tokens, pause);
  predictor.steps = 0;
  await passageStates.read([...tokens.slice(0, 900), 1, ...tokens.slice(900)], pause);
  // Reading goes on from the last cached position, at most 32 tokens before the edit.
  expect(predictor.steps).toBeGreaterThanOrEqual(101);
  expect(predictor.steps).toBeLessThan(101 + 32);
  predictor.steps = 0;
  await passageStates.read(tokens.slice(0, 500), pause);
  expect(predictor.steps).toBeLessThan(32);
});

test('a wait that ends in a cancellation keeps what was read', async () => {
  const { passageStates } = start();
  const tokens = text(300, 1);
  let left = 100;
  const cancelled = async () => {
    if (left-- === 0) throw new Error('cancelled');
  };
  await expect(passageStates.read(tokens, cancelled)).rejects.toThrow('cancelled');
  expect(await passageStates.read(tokens, pause)).toEqual(readAnew(tokens));
});
