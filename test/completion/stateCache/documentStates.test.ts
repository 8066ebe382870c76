import { describe, expect, test } from 'vitest';
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

test('where more counts as typed than is read, all of that is learned', async () => {
  const { documentStates } = start();
  await documentStates.read(3, 'abca', 6, pause);
  expect(documentStates.surprise.characters).toBe(4);
});

test('a character is read and learned whole, also where only a half of it counts as typed', async () => {
  const text = 'ab👍';
  const read = async (typed: number) => {
    const { documentStates } = start();
    const standsAt = standing(await documentStates.read(0, text, typed, pause));
    return { standsAt, last: documentStates.last(1), surprise: documentStates.surprise };
  };
  const half = await read(1);
  expect(half.standsAt).toEqual(await readAnew(text));
  expect(half.last).toBe('👍');
  expect(half.surprise.characters).toBe(1);
  expect(half.surprise).toEqual((await read(2)).surprise);
  expect((await read(3)).surprise.characters).toBe(2);
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

describe('a slow network', () => {
  /** Returns a network of which each step takes so many milliseconds. */
  function slow(milliseconds: number) {
    const vocabulary = Vocabulary.of('abc👍');
    let time = 0;
    const predictor = hashing(vocabulary);
    const next = predictor.next.bind(predictor);
    predictor.next = (...of) => {
      time += milliseconds;
      next(...of);
    };
    const model = inCompany(predictor, vocabulary, new NgramModel(vocabulary));
    const token = (character: string) => vocabulary.token(character);
    return { predictor, documentStates: new DocumentStates(model, token, () => time) };
  }
  const text = 'abcab👍cba'.repeat(30);
  const catchUp = (documentStates: DocumentStates<EnsemblePosition>) => {
    for (const _ of documentStates.catchUp());
  };

  test.each([
    [5, 4 + 3],
    [40, 4 + 2],
    [0.01, 270],
  ])('with steps of %d ms it reads %d characters at once, and the rest later', async (took, read) => {
    const { predictor, documentStates } = slow(took);
    const characters = [...text];
    const first = await documentStates.read(0, text, 0, pause);
    expect(predictor.steps).toBe(read);
    const whole = await readAnew(text);
    expect(first.context).toEqual(whole.context);
    expect(documentStates.isBehind).toBe(read < characters.length);
    if (read < characters.length) {
      const seen = characters.slice(4 - read).join('');
      expect(first.reading).toEqual((await readAnew(seen)).reading);
    }
    catchUp(documentStates);
    expect(documentStates.isBehind).toBe(false);
    expect(standing(await documentStates.read(0, text, 0, pause))).toEqual(whole);
  });

  test('typing goes on from what has been read so far, and what was left out is read meanwhile', async () => {
    const { predictor, documentStates } = slow(5);
    await documentStates.read(0, text, 0, pause);
    const catching = documentStates.catchUp();
    catching.next();
    predictor.steps = 0;
    await documentStates.read(0, `${text}ab`, 0, pause);
    expect(predictor.steps).toBe(2);
    for (const _ of catching);
    expect(standing(await documentStates.read(0, `${text}abc`, 0, pause))).toEqual(
      await readAnew(`${text}abc`),
    );
  });

  test('random edits while it catches up: in the end the same as reading the text anew', async () => {
    const next = random(2);
    const { documentStates } = slow(5);
    const characters = [...text];
    for (let edit = 0; edit < 200; edit++) {
      const at = Math.floor(next() * characters.length);
      const pasted = Array.from({ length: Math.floor(next() * 40) }, () => 'abcx'[Math.floor(next() * 4)]);
      characters.splice(at, Math.floor(next() * 40), ...pasted);
      await documentStates.read(0, characters.join(''), Math.floor(next() * 3), pause);
      const catching = documentStates.catchUp();
      for (let steps = Math.floor(next() * 60); steps > 0 && !catching.next().done; steps--);
    }
    catchUp(documentStates);
    const position = await documentStates.read(0, characters.join(''), 0, pause);
    expect(position.reading).toEqual((await readAnew(characters.join(''))).reading);
  });
});
