import { expect, test } from 'vitest';
import type { EnsemblePosition } from '../../../src/completion/ensemble/ensemble.ts';
import { NgramModel } from '../../../src/completion/ensemble/ngramModel.ts';
import { DocumentStates } from '../../../src/completion/stateCache/documentStates.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';
import { hashing, inCompany } from '../knowing.ts';

const vocabulary = Vocabulary.of('abc👍');
const pause = async () => {};

function start() {
  const predictor = hashing(vocabulary);
  const model = inCompany(predictor, vocabulary, new NgramModel(vocabulary));
  return {
    predictor,
    model,
    documentStates: new DocumentStates(model, (character) => vocabulary.token(character)),
  };
}

/** Returns the part of a position that does not depend on what has been learned along the way. */
const standing = ({ reading, context }: EnsemblePosition) => ({ reading, context });
const other = start().model;
const readAnew = async (text: string) =>
  standing(
    await new DocumentStates(other, (character) => vocabulary.token(character)).read(0, text, 0, pause),
  );

test('typing costs one step a character', async () => {
  const { predictor, documentStates } = start();
  await documentStates.read(0, 'abcabc', 0, pause);
  expect(predictor.steps).toBe(6);
  await documentStates.read(0, 'abcabca', 0, pause);
  expect(predictor.steps).toBe(7);
});

test('after an edit only what follows it is read again', async () => {
  const { predictor, documentStates } = start();
  await documentStates.read(0, 'abcabcabc', 0, pause);
  predictor.steps = 0;
  await documentStates.read(0, 'abcabbabc', 0, pause);
  expect(predictor.steps).toBe(4);
});

test('a context that moves down the document goes on from what was read', async () => {
  const { predictor, documentStates } = start();
  await documentStates.read(0, 'abcabcabc', 0, pause);
  predictor.steps = 0;
  await documentStates.read(3, 'abcabca', 0, pause);
  expect(predictor.steps).toBe(1);
});

test('random edits: the same as reading the text anew', async () => {
  const next = random(1);
  const { documentStates } = start();
  let text: string[] = [];
  for (let i = 0; i < 1000; i++) {
    const at = Math.floor(next() * (text.length + 1));
    const insert = Array.from(
      { length: Math.floor(next() * 3) },
      () => ['a', 'b', 'c', '👍', 'x'][Math.floor(next() * 5)],
    );
    text = [...text.slice(0, at), ...insert, ...text.slice(at + Math.floor(next() * 3))].slice(0, 40);
    expect(standing(await documentStates.read(0, text.join(''), 0, pause))).toEqual(
      await readAnew(text.join('')),
    );
  }
});

test('a wait that ends in a cancellation keeps what was read', async () => {
  const { predictor, documentStates } = start();
  let left = 3;
  const cancelled = async () => {
    if (left-- === 0) throw new Error('cancelled');
  };
  await expect(documentStates.read(0, 'abcabc', 0, cancelled)).rejects.toThrow('cancelled');
  expect(predictor.steps).toBe(3);
  expect(standing(await documentStates.read(0, 'abcabc', 0, pause))).toEqual(await readAnew('abcabc'));
  expect(predictor.steps).toBe(6);
});

test('what is typed is learned, once; what was there before, or came in another way, is not', async () => {
  const { documentStates } = start();
  const learned = async (text: string, typed: number) => {
    const { characters } = documentStates.surprise;
    await documentStates.read(3, text, typed, pause);
    return documentStates.surprise.characters - characters;
  };
  const there = 'abc'.repeat(100);
  expect(await learned(there, 0)).toBe(0);
  expect(await learned(`${there}a`, 1)).toBe(1);
  expect(await learned(`${there}abca`, 3)).toBe(3);
  expect(await learned(`${there}abca`, 3)).toBe(0);
  expect(await learned(`${there}abca👍b`, 4)).toBe(2);
  expect(await learned(`${there}abca👍b${there}`, 0)).toBe(0);
});

test('a character is read whole, also where only a half of it counts as typed', async () => {
  const { documentStates } = start();
  const text = 'ab👍';
  expect(standing(await documentStates.read(0, text, 1, pause))).toEqual(await readAnew(text));
  expect(documentStates.last(1)).toBe('👍');
});

test('what was read when a cancellation came is not learned again', async () => {
  const { documentStates } = start();
  let left = 2;
  const cancelled = async () => {
    if (left-- === 0) throw new Error('cancelled');
  };
  await expect(documentStates.read(0, 'abc', 3, cancelled)).rejects.toThrow('cancelled');
  await documentStates.read(0, 'abc', 3, pause);
  expect(documentStates.surprise.characters).toBe(3);
});

test('what is typed again and again surprises less and less', async () => {
  const { documentStates } = start();
  let text = '';
  const bits: number[] = [];
  for (let i = 0; i < 6; i++) {
    const { bits: before } = { ...documentStates.surprise };
    text += 'abcbab';
    await documentStates.read(0, text, 6, pause);
    bits.push(documentStates.surprise.bits - before);
  }
  expect(bits.at(-1)).toBeLessThan(bits[0] / 3);
});
