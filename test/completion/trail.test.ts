import { expect, test } from 'vitest';
import type { Predictor } from '../../src/backend/engine.ts';
import { Trail } from '../../src/completion/trail.ts';
import { random } from '../../src/tape/random.ts';
import { Vocabulary } from '../../src/training/vocabulary.ts';

const vocabulary = Vocabulary.of('abc👍');

/** Its state is a hash of everything that it has read; it counts its steps. */
function hashing(): Predictor & { steps: number } {
  return {
    steps: 0,
    stateSize: 1,
    vocabulary: vocabulary.size,
    initial: () => Float32Array.of(1),
    next(state, token, nextState, logits) {
      this.steps++;
      nextState[0] = (state[0] * 31 + token + 1) % 9973;
      logits.fill(nextState[0]);
    },
    dispose() {},
  };
}

const pause = async () => {};
const readAnew = (text: string) => new Trail(hashing(), vocabulary).read(0, text, pause);

test('typing costs one step a character', async () => {
  const predictor = hashing();
  const trail = new Trail(predictor, vocabulary);
  await trail.read(0, 'abcabc', pause);
  expect(predictor.steps).toBe(6);
  await trail.read(0, 'abcabca', pause);
  expect(predictor.steps).toBe(7);
});

test('after an edit only what follows it is read again', async () => {
  const predictor = hashing();
  const trail = new Trail(predictor, vocabulary);
  await trail.read(0, 'abcabcabc', pause);
  predictor.steps = 0;
  await trail.read(0, 'abcabbabc', pause);
  expect(predictor.steps).toBe(4);
});

test('a context that moves down the document goes on from what was read', async () => {
  const predictor = hashing();
  const trail = new Trail(predictor, vocabulary);
  await trail.read(0, 'abcabcabc', pause);
  predictor.steps = 0;
  await trail.read(3, 'abcabca', pause);
  expect(predictor.steps).toBe(1);
});

test('random edits: the same as reading the text anew', async () => {
  const next = random(1);
  const trail = new Trail(hashing(), vocabulary);
  let text: string[] = [];
  for (let i = 0; i < 1000; i++) {
    const at = Math.floor(next() * (text.length + 1));
    const insert = Array.from(
      { length: Math.floor(next() * 3) },
      () => ['a', 'b', 'c', '👍', 'x'][Math.floor(next() * 5)],
    );
    text = [...text.slice(0, at), ...insert, ...text.slice(at + Math.floor(next() * 3))].slice(0, 40);
    expect(await trail.read(0, text.join(''), pause)).toEqual(await readAnew(text.join('')));
  }
});

test('a wait that ends in a cancellation keeps what was read', async () => {
  const predictor = hashing();
  const trail = new Trail(predictor, vocabulary);
  let left = 3;
  const cancelled = async () => {
    if (left-- === 0) throw new Error('cancelled');
  };
  await expect(trail.read(0, 'abcabc', cancelled)).rejects.toThrow('cancelled');
  expect(predictor.steps).toBe(3);
  expect(await trail.read(0, 'abcabc', pause)).toEqual(await readAnew('abcabc'));
  expect(predictor.steps).toBe(6);
});
